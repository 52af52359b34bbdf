import { describe, expect, it } from 'vitest'
import { check, type Shop, shop } from '../../src/simulator/base.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// The egress entry opens the ports 1-1023. Read as source ports, it lets out the replies from such a port. Read as
// destination ports, it lets out no reply. A healthy backend proves which reading holds, and proves nothing more.

function twoPools(): Shop {
  const made = shop()
  const { world, front, acl, machine } = made
  acl.egress = [{ protocol: 'tcp', port: '1-1023', cidr: '0.0.0.0/0', action: 'Accept' }]
  world.aclEgressPort = 'source'
  front.listeners.push({
    id: 'lbl-second01',
    name: 'second',
    protocol: 'TCP',
    port: 8443,
    stopped: false,
    rules: [
      {
        id: 'loc-second01',
        domain: null,
        url: null,
        check: check({ type: 'TCP', method: null, host: null, path: null }),
        backends: [16, 17].map((host) => ({
          type: 'CVM',
          machineId: machine(host).id,
          ip: `10.0.1.${host}`,
          port: 443,
          weight: 10,
        })),
        targetGroupId: null,
      },
    ],
  })
  for (const host of [16, 17]) machine(host).guest.listens.push({ port: 443, protocol: 'tcp' })
  return made
}

describe('a healthy backend whose replies only one reading of an egress port lets out', () => {
  it('does not change the certain cause for backends whose replies are blocked under both readings', async () => {
    const { diagnosis } = await diagnoseSimulated(twoPools().world)
    expect(findingsOf(diagnosis)).toContain('network-acl/reply-blocked cause certain → 16,17,18,19,20')
  })

  it('rules the ACL out as the cause for a Dead backend on the same port', async () => {
    const made = twoPools()
    made.pool.backends = []
    made.machine(17).guest.listens = []
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
    expect(diagnosis.gaps.some(({ byHand = [] }) => byHand.length > 0)).toBe(true)
  })
})
