import { describe, expect, it } from 'vitest'
import { poolName } from '../../src/model/endpoint.ts'
import { shop } from '../../src/simulator/base.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { acl, allow, diagnosisOf, findingsOf, group, healthCheck, type World } from '../support/snapshots.ts'

// A listener for the ports 20000-20100. It is not documented which port of a backend is probed.

const ranged = (fields: Partial<World> = {}): World => ({
  machines: [{ host: 16, status: 'Dead', groups: ['sg-most'], registration: { port: 20_000 } }],
  listener: { port: 20_000, endPort: 20_100 },
  groups: [group('sg-most', [allow('0.0.0.0/0', '20001-20100')])],
  ...fields,
})

describe('a listener for a range of ports', () => {
  it('is shown with its range', () => {
    const [pool] = diagnosisOf(ranged()).pools
    expect(pool?.endPort).toBe(20_100)
    expect(pool && poolName(pool)).toBe('TCP:20000-20100')
  })

  it('has a likely cause at most, and the fix opens the range', () => {
    const diagnosis = diagnosisOf(ranged())
    expect(findingsOf(diagnosis)[0]).toBe('security-group/probe-blocked cause likely → 16')
    const { detail, fix } = findingOf(diagnosis, 'security-group/probe-blocked')
    expect(detail).toContain('Which port of the backend is probed is not documented')
    expect(fix?.verified).toBe(true)
    expect(fix?.commands?.[0]?.line).toContain('"Port":"20000-20100"')
  })

  it('has a certain cause if the check has a port of its own', () => {
    const diagnosis = diagnosisOf(
      ranged({ listener: { port: 20_000, endPort: 20_100, healthCheck: healthCheck({ port: 8080 }) } }),
    )
    expect(findingsOf(diagnosis)[0]).toBe('security-group/probe-blocked cause certain → 16')
  })

  it('keeps a block by an ACL likely, and its fix opens the range both ways', () => {
    const diagnosis = diagnosisOf(
      ranged({
        groups: [],
        machines: [{ host: 16, status: 'Dead', registration: { port: 20_000 } }],
        subnet: { networkAclId: 'acl-web' },
        acls: [acl({})],
      }),
    )
    expect(findingsOf(diagnosis).slice(0, 2)).toEqual([
      'network-acl/probe-blocked cause likely → 16',
      'network-acl/reply-blocked cause likely → 16',
    ])
    expect(findingOf(diagnosis, 'network-acl/probe-blocked').fix?.commands?.[0]?.line).toContain(
      '20000-20100',
    )
  })

  it('is read from the API', async () => {
    const made = shop()
    Object.assign(made.listener, { endPort: made.listener.port + 9 })
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(diagnosis.pools[0]?.endPort).toBe(made.listener.port + 9)
  })
})
