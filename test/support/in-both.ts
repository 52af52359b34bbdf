import type { Alarm } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Language } from '../../src/model/language.ts'

/** A diagnosis in each language. */
export type InBoth = Readonly<Record<Language, Diagnosis>>

export const inBoth = (make: (language: Language) => Diagnosis): InBoth => ({
  'zh-CN': make('zh-CN'),
  en: make('en'),
})

/** An alarm of Cloud Monitor about one listener. */
export const ALARM: Alarm = {
  source: 'cloud-monitor',
  state: 'firing',
  kind: 'metric',
  clb: { loadBalancerId: 'lb-7dpmqwcu', vip: null, vpcId: null, numericVpcId: null },
  region: 'ap-guangzhou',
  unknownRegion: null,
  listener: { port: 443, protocol: 'tcp' },
  backend: null,
  policy: { id: null, name: null },
  subject: 'UnhealthRsCount',
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt: '2026-11-19T23:55:00.000Z',
  recoveredAt: null,
}
