import { expect, it } from 'vitest'
import { refutedIn } from '../../src/model/refuted.ts'
import { poolSection } from '../../src/render/pools.ts'
import { allow, diagnosisOf, drop, group, healthCheck } from '../support/snapshots.ts'

// A ticket has no legend, so where probes stop is told in words where the sign is not plain.

it.each([
  ['100.64.0.0/10', 'en', '✗ security group'],
  ['100.64.0.0/11', 'en', '◐ security group (partly)'],
  ['100.64.0.0/11', 'zh-CN', '◐ 安全组（部分拦截）'],
] as const)('a group that drops %s is shown in %s as %s', (cidr, language, expected) => {
  const rules = [drop(cidr), allow('0.0.0.0/0')]
  const diagnosis = diagnosisOf(
    {
      machines: [{ host: 16, status: 'Dead', groups: ['sg-some'] }],
      groups: [group('sg-some', rules)],
      listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
    },
    language,
  )
  const rows = diagnosis.pools.flatMap((pool) =>
    poolSection(pool, refutedIn(diagnosis.findings), language).blocks.flatMap((block) =>
      block.kind === 'table' ? block.rows : [],
    ),
  )
  expect(rows.map(({ stops }) => stops)).toEqual([expected])
})
