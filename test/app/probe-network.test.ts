import { describe, expect, it } from 'vitest'
import { openAcl } from '../../src/simulator/base.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { askSimulated } from '../support/simulated.ts'

// `--probe-network`: packets from the SNAT IPs' subnet to Dead backends of a data centre.

function dataCentre(change: (world: World) => void = () => {}): World {
  const world = findScenario('idc-firewall')?.build()
  if (!world) throw new Error('no scenario')
  world.mayDetect = true
  // The firewall drops the probe's port only.
  for (const remote of world.remotes) Object.assign(remote.guest, { drops: [], listens: [] })
  change(world)
  return world
}

const looked = async (world: World, probesNetwork = true) => {
  const { diagnosis, calls, snapshot } = await askSimulated(world, { looks: { probesNetwork } })
  return { diagnosis, calls, snapshot, codes: diagnosis.findings.map(({ code }) => code) }
}
const firewall = async (world: World) => {
  const { diagnosis } = await looked(world)
  const found = diagnosis.findings.find(({ code }) => code === 'snat/confirm-idc-firewall')
  if (!found) throw new Error('not found')
  return found
}
const states = ({ evidence }: { evidence: readonly { source: string; value?: unknown }[] }) =>
  evidence.filter(({ source }) => source === 'vpc:CheckNetDetectState').map(({ value }) => value)

describe('the network probe', () => {
  it('sends nothing unless it is asked to', async () => {
    const { calls, snapshot } = await looked(dataCentre(), false)
    expect([calls.count('vpc:CheckNetDetectState'), snapshot?.detections]).toEqual([0, undefined])
  })

  it('sends nothing to machines of the account', async () => {
    const world = findScenario('service-down')?.build()
    if (!world) throw new Error('no scenario')
    world.mayDetect = true
    const { calls } = await looked(world)
    expect(calls.count('vpc:CheckNetDetectState')).toBe(0)
  })

  it('that gets through leaves the firewall for the port, or the service', async () => {
    const found = await firewall(dataCentre())
    expect(found.detail).toContain('got through in 12 ms and lost 0%')
    expect(states(found)).toEqual([
      { State: 0, Delay: 12, PacketLossRate: 0 },
      { State: 0, Delay: 12, PacketLossRate: 0 },
    ])
  })

  it('two addresses share a call, and the call names the subnet and the next hop', async () => {
    const { calls } = await looked(dataCentre())
    const bodies = calls
      .log()
      .filter(({ action }) => action === 'vpc:CheckNetDetectState')
      .map(({ body }) => JSON.parse(body))
    expect(bodies).toEqual([
      {
        DetectDestinationIp: ['172.20.5.11', '172.20.5.12'],
        VpcId: 'vpc-1ywqac83',
        SubnetId: 'subnet-clb00001',
        NetDetectName: 'clb-doctor',
        NextHopType: 'CCN',
        NextHopDestination: 'ccn-shop0001',
      },
    ])
  })

  it('that gets no answer may only be a far side that drops pings', async () => {
    const found = await firewall(
      dataCentre(({ remotes }) => {
        for (const { guest } of remotes) guest.ping = false
      }),
    )
    expect(found.detail).toContain('got no answer and lost 100%')
  })

  it.each([
    ['egress', 'dropped by an outbound rule'],
    ['ingress', 'dropped by an inbound rule'],
  ] as const)('whose packets the %s rules drop speaks of ICMP alone', async (direction, words) => {
    const found = await firewall(
      dataCentre((world) => {
        const acl = openAcl({ id: 'acl-snat0001' })
        acl[direction].unshift({ protocol: 'icmp', port: '', cidr: '0.0.0.0/0', action: 'Drop' })
        world.acls.push(acl)
        for (const one of world.subnets) if (one.id === 'subnet-clb00001') one.aclId = acl.id
      }),
    )
    expect(found.detail).toContain(words)
  })

  it('without a route is a finding of its own only if no table says so', async () => {
    const world = dataCentre(({ ccns }) => {
      for (const { routes } of ccns)
        for (const route of routes) if (route.type === 'DIRECTCONNECT') route.enabled = false
    })
    const { codes } = await looked(world)
    expect(codes).toContain('snat/ccn-route-missing')
    expect(codes).not.toContain('snat/detected-no-route')
    const unread = await askSimulated(world, {
      looks: { probesNetwork: true },
      faults: { 'vpc:DescribeCcnRoutes': { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } },
    })
    expect(unread.diagnosis.findings.map(({ code }) => code)).toContain('snat/detected-no-route')
  })

  it('without its permission is a gap that names the action', async () => {
    const world = dataCentre()
    delete world.mayDetect
    const { diagnosis } = await looked(world)
    expect(diagnosis.gaps).toContainEqual(
      expect.objectContaining({ action: 'vpc:CheckNetDetectState', grant: 'vpc:CheckNetDetectState' }),
    )
  })
})
