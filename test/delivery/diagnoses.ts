import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { allow, diagnosisOf, group } from '../support/snapshots.ts'

/** Two of three backends are behind a security group that does not let the VIP in. */
export const blocked = (language: 'zh-CN' | 'en' = 'zh-CN'): Diagnosis =>
  diagnosisOf(
    {
      machines: [
        { host: 16, status: 'Dead', groups: ['sg-closed'] },
        { host: 17, status: 'Dead', groups: ['sg-closed'] },
        { host: 18, status: 'Alive' },
      ],
      groups: [group('sg-closed', [allow('10.0.0.0/8')])],
    },
    language,
  )
