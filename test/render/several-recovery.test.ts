import { beforeAll, describe, expect, it } from 'vitest'
import { recoveryOf } from '../../src/app/incidents/repairs.ts'
import type { Change, Diagnosis } from '../../src/model/diagnosis.ts'
import type { NoticeRecovery, SharedCause } from '../../src/model/incident.ts'
import { recoveryLines } from '../../src/render/several-recovery.ts'
import { worldOf } from '../scan/support.ts'
import type { InBoth } from '../support/in-both.ts'
import { diagnosedAll, noticeOfAll } from '../support/incident-gallery.ts'

const changeOn = (id: string, at: string): Change => ({
  at,
  event: 'CreateSecurityGroupPolicies',
  actor: 'li.wei',
  resource: { type: 'security-group', id },
})
const REMOVAL = changeOn('sg-shop', '2026-11-19T23:50:00.000Z')
const OTHER = changeOn('sg-other', '2026-11-19T23:40:00.000Z')
const CAUSE: SharedCause = { code: 'security-group/probe-blocked', resource: 'sg-shop', rule: null }

let well: readonly InBoth[] = []
beforeAll(async () => {
  well = await diagnosedAll(worldOf(6))
})

const mendedBy = (diagnosis: Diagnosis, change: Change | null): Diagnosis =>
  change === null
    ? diagnosis
    : { ...diagnosis, changes: [change], mendedBy: { change: 0, backends: 3, certainty: 'likely' } }

/** What brought each of the first CLBs back. */
function recoveryFor(changes: readonly (Change | null)[], cause: SharedCause | null = CAUSE) {
  const diagnoses = changes.flatMap((change, i) => {
    const own = well[i]?.en
    return own ? [mendedBy(own, change)] : []
  })
  const parts = diagnoses.map(({ loadBalancer }) => ({ id: loadBalancer?.id ?? '', wellAt: 1 }))
  return { recovery: recoveryOf({ cause }, parts, diagnoses), parts, diagnoses }
}

const linesOf = (recovery: NoticeRecovery, cause: SharedCause | null = CAUSE) =>
  recoveryLines(noticeOfAll(well, 'en', { recovery, incident: { cause } }))

describe('what brought several CLBs back', () => {
  it('is the removal of the cause first, though more came back by another change', () => {
    const { recovery } = recoveryFor([OTHER, OTHER, REMOVAL, null])
    expect(recovery).toEqual({
      repairs: [
        { change: REMOVAL, removesCause: true, loadBalancers: ['lb-fleet002'] },
        { change: OTHER, removesCause: false, loadBalancers: ['lb-fleet000', 'lb-fleet001'] },
      ],
      unexplained: ['lb-fleet003'],
    })
    expect(recovery && linesOf(recovery)).toEqual([
      'The cause was removed: li.wei added security-group rules at 11-19 23:50 (sg-shop); without that, the probes of 1 load balancer would be blocked',
      'Another change than the removal of the cause brought back fleet-0, fleet-1: li.wei added security-group rules at 11-19 23:40 (sg-other)',
      'Back for another reason, which is not known: fleet-3',
    ])
  })

  it('without a named cause is the change alone', () => {
    const { recovery } = recoveryFor([OTHER, OTHER], null)
    expect(recovery && linesOf(recovery, null)).toEqual([
      'What brought back fleet-0, fleet-1: li.wei added security-group rules at 11-19 23:40 (sg-other)',
    ])
  })

  it('counts the changes that it does not name', () => {
    const five = [1, 2, 3, 4, 5].map((i) => changeOn(`sg-${i}`, OTHER.at))
    const { recovery } = recoveryFor(five)
    const lines = recovery ? linesOf(recovery) : []
    expect(lines).toHaveLength(4)
    expect(lines.at(-1)).toBe('2 more changes brought others back')
  })

  it('is said only of several CLBs that have all recovered', () => {
    const { parts, diagnoses } = recoveryFor([REMOVAL, REMOVAL])
    expect(recoveryOf({ cause: CAUSE }, parts.slice(0, 1), diagnoses)).toBeNull()
    const [first, ...others] = parts
    const sick = first ? [{ ...first, wellAt: null }, ...others] : []
    expect(recoveryOf({ cause: CAUSE }, sick, diagnoses)).toBeNull()
  })

  it('is not known of a CLB whose diagnosis is no longer kept', () => {
    const { parts, diagnoses } = recoveryFor([REMOVAL, REMOVAL])
    const recovery = recoveryOf({ cause: CAUSE }, parts, [diagnoses[0] ?? null, null])
    expect(recovery?.unexplained).toEqual(['lb-fleet001'])
  })
})
