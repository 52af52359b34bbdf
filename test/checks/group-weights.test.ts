import { describe, expect, it } from 'vitest'
import { known, ok } from '../../src/model/fact.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { readListeners } from '../../src/snapshot/listeners.ts'
import { sessionOf } from '../support/cloud.ts'
import { diagnosisOfSnapshot, listener, snapshotOf } from '../support/snapshots.ts'

// A v2 target group is bound with a weight of its own (SDK, AssociationItem): at 0, while others have some, its members
// get no requests, whatever their weights.

const IDS = ['lbtg-a', 'lbtg-b'] as const

/** Machine 16 in the first group, 17 in the second. */
function bound(
  statuses: readonly [string, string],
  groupWeights: Readonly<Record<string, number>>,
  type = 'v2',
): Snapshot {
  const base = snapshotOf({ machines: statuses.map((status, i) => ({ host: 16 + i, status })) })
  const direct = known(base.registrations) ?? []
  const members = IDS.map((id, i) => {
    const { listenerId: _, locationId: __, ...member } = direct[i] ?? { listenerId: '', locationId: null }
    return [id, ok([{ ...member, targetGroupId: id }])]
  })
  const group = (id: string) => ok({ id, name: id, vpcId: null, type, healthCheck: null })
  return {
    ...base,
    listeners: ok([listener({ targetGroupIds: IDS, groupWeights })]),
    registrations: ok([]),
    targetGroups: Object.fromEntries(IDS.map((id) => [id, group(id)])),
    targetGroupMembers: Object.fromEntries(members),
  }
}

const told = (snapshot: Snapshot) => {
  const { verdict, pools } = diagnosisOfSnapshot(snapshot)
  return [verdict, pools[0]?.targets.map(({ weight }) => weight)]
}

describe('the weight of a target group', () => {
  it('at 0 takes its members out: that they are well does not keep the pool up', () => {
    expect(told(bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 10 }))).toEqual(['down', [0, 10]])
    expect(told(bound(['Dead', 'Alive'], { 'lbtg-a': 0, 'lbtg-b': 10 }))).toEqual(['degraded', [0, 10]])
  })

  it('above 0 leaves the weights of its members as they are', () => {
    expect(told(bound(['Alive', 'Dead'], { 'lbtg-a': 5, 'lbtg-b': 10 }))).toEqual(['degraded', [10, 10]])
  })

  it('means nothing for groups of type v1', () => {
    expect(told(bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 10 }, 'v1'))).toEqual([
      'degraded',
      [10, 10],
    ])
  })

  it('at 0 for all counts as not set', () => {
    expect(told(bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 0 }))).toEqual(['degraded', [10, 10]])
    expect(told(bound(['Dead', 'Dead'], {}))).toEqual(['down', [10, 10]])
  })

  it('leaves a backend in that another group with weight has as well', () => {
    const snapshot = bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 10 })
    const [a, b] = IDS.map((id) => known(snapshot.targetGroupMembers[id] ?? ok([])) ?? [])
    const moved = (a ?? []).map((one) => ({ ...one, targetGroupId: 'lbtg-b' }))
    const both = { 'lbtg-a': ok(a ?? []), 'lbtg-b': ok([...(b ?? []), ...moved]) }
    expect(told({ ...snapshot, targetGroupMembers: both })).toEqual(['degraded', [10, 10]])
  })

  it('is read from the list of groups of a listener or rule, if it is said', async () => {
    const TargetGroupList = [
      { TargetGroupId: 'lbtg-a', Weight: 0 },
      { TargetGroupId: 'lbtg-b', Weight: 10 },
      { TargetGroupId: 'lbtg-c', Weight: null },
    ]
    const given = {
      TotalCount: 1,
      Listeners: [
        {
          ListenerId: 'lbl-1',
          Protocol: 'HTTP',
          TargetGroupList,
          Rules: [{ LocationId: 'loc-1', TargetGroupList }],
        },
      ],
    }
    const [found] = await readListeners(
      sessionOf(() => given),
      'lb-1',
      { region: 'ap-guangzhou', wave: 1 },
    )
    const said = { 'lbtg-a': 0, 'lbtg-b': 10 }
    expect([found?.groupWeights, found?.rules[0]?.groupWeights]).toEqual([said, said])
  })
})
