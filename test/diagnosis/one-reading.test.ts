import { describe, expect, it } from 'vitest'
import { check, type Shop, shop } from '../../src/simulator/base.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// An entry that opens ports below 1024 for replies: under one documented reading it lets out what comes from such a
// port, under the other nothing. What is healthy settles which of them holds, and no more.

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

describe('replies that one reading of an egress port lets out', () => {
  it('do not speak for those that neither reading lets out', async () => {
    const { diagnosis } = await diagnoseSimulated(twoPools().world)
    expect(findingsOf(diagnosis)).toContain('network-acl/reply-blocked cause certain → 16,17,18,19,20')
  })

  it('speak for their like: one that is Dead all the same has another reason', async () => {
    const made = twoPools()
    made.pool.backends = []
    made.machine(17).guest.listens = []
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
    expect(diagnosis.gaps.some(({ byHand = [] }) => byHand.length > 0)).toBe(true)
  })
})
