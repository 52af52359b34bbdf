import { describe, expect, it } from 'vitest'
import { known, ok } from '../../src/model/fact.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { readListeners } from '../../src/snapshot/listeners.ts'
import { sessionOf } from '../support/cloud.ts'
import { diagnosisOfSnapshot, listener, snapshotOf } from '../support/snapshots.ts'

// A v2 target group is bound with its own weight (SDK, AssociationItem). If it is 0 and another group has a weight, the
// members get no requests. Their own weights do not matter then.

const IDS = ['lbtg-a', 'lbtg-b'] as const

/** Machine 16 is in the first group, machine 17 in the second. */
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

const verdictAndWeights = (snapshot: Snapshot) => {
  const { verdict, pools } = diagnosisOfSnapshot(snapshot)
  return [verdict, pools[0]?.targets.map(({ weight }) => weight)]
}

describe('the weight of a target group', () => {
  it('at 0 takes its members out, so that the verdict ignores their health', () => {
    expect(verdictAndWeights(bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 10 }))).toEqual([
      'down',
      [0, 10],
    ])
    expect(verdictAndWeights(bound(['Dead', 'Alive'], { 'lbtg-a': 0, 'lbtg-b': 10 }))).toEqual([
      'degraded',
      [0, 10],
    ])
  })

  it('above 0 does not change the weights of its members', () => {
    expect(verdictAndWeights(bound(['Alive', 'Dead'], { 'lbtg-a': 5, 'lbtg-b': 10 }))).toEqual([
      'degraded',
      [10, 10],
    ])
  })

  it('has no effect on groups of type v1', () => {
    expect(verdictAndWeights(bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 10 }, 'v1'))).toEqual([
      'degraded',
      [10, 10],
    ])
  })

  it('has no effect if it is 0 for all groups or is not set', () => {
    expect(verdictAndWeights(bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 0 }))).toEqual([
      'degraded',
      [10, 10],
    ])
    expect(verdictAndWeights(bound(['Dead', 'Dead'], {}))).toEqual(['down', [10, 10]])
  })

  it('at 0 does not take out a backend that is also in a group with weight', () => {
    const snapshot = bound(['Alive', 'Dead'], { 'lbtg-a': 0, 'lbtg-b': 10 })
    const [a, b] = IDS.map((id) => known(snapshot.targetGroupMembers[id] ?? ok([])) ?? [])
    const moved = (a ?? []).map((one) => ({ ...one, targetGroupId: 'lbtg-b' }))
    const both = { 'lbtg-a': ok(a ?? []), 'lbtg-b': ok([...(b ?? []), ...moved]) }
    expect(verdictAndWeights({ ...snapshot, targetGroupMembers: both })).toEqual(['degraded', [10, 10]])
  })

  it('is read from the TargetGroupList of a listener or rule, if it has a value', async () => {
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
    const weights = { 'lbtg-a': 0, 'lbtg-b': 10 }
    expect([found?.groupWeights, found?.rules[0]?.groupWeights]).toEqual([weights, weights])
  })
})
