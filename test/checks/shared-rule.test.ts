import { describe, expect, it } from 'vitest'
import { type Diagnosis, type Finding, isCause } from '../../src/model/diagnosis.ts'
import { check, type Shop, shop } from '../../src/simulator/base.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { diagnosisOfSnapshot, findingsOf } from '../support/snapshots.ts'

// One rule is in front of two pools. One pool is probed from the VIP, the other from 100.64.0.0/10. The documents leave
// open only whether the second pool is exempt from the rule.

function twoSources(exempts10064: boolean): Shop {
  const made = shop()
  const { world, front, pool, machines, machine } = made
  world.exempts10064 = exempts10064
  world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
  for (const own of machines) own.groups = ['sg-newempty']
  front.listeners.push({
    id: 'lbl-second01',
    name: 'second',
    protocol: 'TCP',
    port: 8443,
    stopped: false,
    rules: [
      {
        ...pool,
        id: 'loc-second01',
        domain: null,
        url: null,
        check: check({ type: 'TCP', source: 1, method: null, host: null, path: null }),
        backends: pool.backends.filter(({ ip }) => ip === machine(20).ip),
      },
    ],
  })
  pool.backends = pool.backends.filter(({ ip }) => ip !== machine(20).ip)
  return made
}

const causesOf = ({ findings }: Diagnosis): readonly Finding[] => findings.filter(isCause)

describe('a rule that denies the VIP and 100.64.0.0/10', () => {
  it('is a certain cause for the pool probed from the VIP if the other pool is healthy', async () => {
    const { diagnosis } = await diagnoseSimulated(twoSources(true).world)
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause certain → 16,17,18,19')
    expect(causesOf(diagnosis)[0]?.detail).not.toMatch(/not proven|likely, not certain/)
  })

  it('is a note for the healthy pool, which only an exemption can carry', async () => {
    const { diagnosis } = await diagnoseSimulated(twoSources(true).world)
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked note possible')
    const note = diagnosis.findings.find(
      ({ role, code }) => role === 'note' && code.endsWith('/probe-blocked'),
    )
    expect(note?.contradictedBy).toEqual(['lbl-second01/-/10.0.1.20:8080'])
  })

  it('is a certain cause for one pool and a possible one for the other if both are Dead', async () => {
    const { diagnosis } = await diagnoseSimulated(twoSources(false).world)
    expect(findingsOf(diagnosis).slice(0, 2)).toEqual([
      'security-group/probe-blocked cause certain → 16,17,18,19',
      'security-group/probe-blocked cause possible → 20',
    ])
    // Only the backend that has no likely cause is left open.
    const open = diagnosis.gaps.filter(({ byHand = [] }) => byHand.length > 0).map(({ what }) => what)
    expect(open).toHaveLength(1)
    expect(open[0]).toContain('10.0.1.20')
    expect(open[0]).not.toContain('10.0.1.16')
  })

  it('has one command for both findings', async () => {
    const { diagnosis } = await diagnoseSimulated(twoSources(false).world)
    const [first, second] = causesOf(diagnosis).map(({ fix }) => fix)
    const line = first?.commands?.[0]?.line ?? ''
    expect(line).toContain('"CidrBlock":"203.0.113.26/32"')
    expect(line).toContain('"CidrBlock":"100.64.0.0/10"')
    expect(first?.verified).toBe(true)
    expect(second?.commands).toBeUndefined()
    expect(second?.verified).toBe(true)
    expect(second?.notes?.join()).toContain('The command above for sg-newempty does this')
  })

  it('is expected for both pools by one entry', async () => {
    const expected = [
      {
        code: 'security-group/probe-blocked',
        resource: 'sg-newempty',
        reason: 'OPS-123',
        until: '2099-12-31',
        entry: 1,
      },
    ] as const
    const { snapshot } = await diagnoseSimulated(twoSources(false).world)
    if (!snapshot) throw new Error('no snapshot')
    const diagnosis = diagnosisOfSnapshot(snapshot, 'en', { expected })
    expect(causesOf(diagnosis)).toEqual([])
    const noted = diagnosis.findings.filter(({ code }) => code === 'security-group/probe-blocked')
    expect(noted.map(({ expected: by, certainty }) => [by?.reason, certainty])).toEqual([
      ['OPS-123', 'certain'],
      ['OPS-123', 'possible'],
    ])
  })
})
