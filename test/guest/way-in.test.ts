import { describe, expect, it } from 'vitest'
import { check, evaluated, folder, outcomeIn } from './recordings.ts'

// Rules before the one that looks up the machine's own addresses.

const PROBER = '100.64.0.5'
const rules = (...before: readonly string[]): string =>
  `$ ip rule\n${before.join('\n')}\n100:\tfrom all lookup local\n32766:\tfrom all lookup main\n--exit 0--\n`
const machine = (...before: readonly string[]) => ({
  ...folder('healthy').files,
  'ip-rule': rules(...before),
})
const under = (...before: readonly string[]) => evaluated(machine(...before), check(80), PROBER)

describe('a rule before the table of own addresses', () => {
  it.each([
    ['blackhole', 'timeout'],
    ['prohibit', 'rejected'],
    ['unreachable', 'rejected'],
  ])('with %s takes requests away: %s', (action, outcome) => {
    const evaluation = under(`10:\tfrom 100.64.0.0/10 iif eth0 ${action}`)
    expect(outcomeIn(evaluation, PROBER)).toBe(outcome)
    expect(evaluation.reasons).toMatchObject([
      { code: 'guest-kernel/no-route-back', certainty: 'likely', params: { way: 'in' } },
    ])
  })

  it('that leads to another table leaves the outcome unknown, and says so', () => {
    const evaluation = under('10:\tfrom 100.64.0.0/10 iif eth0 lookup main')
    expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
    expect(evaluation.notSeen).toContainEqual(
      expect.objectContaining({ layer: 'policies', why: 'not-understood' }),
    )
  })

  it.each([
    '10:\tfrom 192.0.2.0/24 iif eth0 prohibit',
    '10:\tfrom all iif cni0 prohibit',
    '10:\tfrom 100.64.0.0/10 lookup local',
  ])('%s does nothing to probes', (rule) => {
    expect(outcomeIn(under(rule), PROBER)).toBe('ok')
  })
})

it('a rule behind it is never asked about requests', () => {
  const files = machine()
  const later = files['ip-rule'].replace('--exit', '200:\tfrom 100.64.0.0/10 iif eth0 prohibit\n--exit')
  expect(outcomeIn(evaluated({ ...files, 'ip-rule': later }, check(80), PROBER), PROBER)).toBe('ok')
})
