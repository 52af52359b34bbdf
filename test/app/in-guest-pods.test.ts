import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { podPlaceOf } from '../../src/path/index.ts'
import { guest, machine, type Shop, shop } from '../../src/simulator/base.ts'
import type { Guest, Machine, World } from '../../src/simulator/world.ts'
import { askSimulated, type SimulatedRun } from '../support/simulated.ts'
import { fastClock, registered } from '../support/tat.ts'

// `--in-guest` and pods that CLB probes at their own address: the probe runs on the pod's node, which forwards to it (guide
// 3.1.3, 3.1.4.1–4.3).

const pod = (host: number): string => `172.16.${host}.5`

interface Node {
  /** Of the node. */
  readonly node?: Partial<Guest>
  /** Of the pod. */
  readonly inPod?: Partial<Guest>
}

/** Nodes 61, 62 … with a pod each, bound directly. */
function pods(
  nodes: readonly Node[],
  change: (made: Shop, machines: readonly Machine[]) => void = () => {},
): World {
  const made = shop()
  const { world, pool } = made
  const machines = nodes.map(({ node }, i) =>
    machine(61 + i, { groups: ['sg-shopweb1'], guest: guest(10_250, node ?? {}) }),
  )
  world.machines.push(...machines)
  world.pods = machines.map(({ id }, i) => ({
    ip: pod(i),
    machineId: id,
    guest: guest(8080, nodes[i]?.inPod ?? {}),
  }))
  pool.backends = world.pods.map(({ ip, machineId }) => ({
    type: 'GLOBALROUTE',
    machineId,
    ip,
    port: 8080,
    weight: 10,
  }))
  change(made, machines)
  return registered(world)
}

const look = (world: World): Promise<SimulatedRun> =>
  askSimulated(world, { clock: fastClock(), looks: { inGuest: 'registered' } })

const askedIn = ({ calls }: SimulatedRun): readonly string[] => [
  ...new Set<string>(
    calls
      .log()
      .filter(({ action }) => action === 'tat:InvokeCommand')
      .flatMap(({ body }) => JSON.parse(body).InstanceIds),
  ),
]

const causesIn = ({ diagnosis }: SimulatedRun) =>
  diagnosis.findings
    .filter(({ role }) => role === 'cause')
    .map(({ code, certainty, title }) => ({ code, certainty, title }))

describe('a pod that is bound directly', () => {
  it('is looked at from its node, whose switch of forwarding is the cause', async () => {
    const run = await look(pods([{ node: { forwardsNothing: true } }, {}]))
    expect(askedIn(run)).toEqual(['ins-web00061', 'ins-web00062'])
    expect(causesIn(run)).toEqual([
      {
        code: 'guest-forwarding/ip-forward-off',
        certainty: 'certain',
        title: expect.stringContaining('ins-web00061'),
      },
    ])
    expect(causesIn(run)[0]?.title).toContain(pod(0))
  })

  it('is asked from its node: the answer is the pod’s', async () => {
    const run = await look(pods([{ inPod: { http: 503 } }, {}]))
    const [cause, ...others] = causesIn(run)
    expect([cause?.code, others]).toEqual(['guest-http/status-mismatch', []])
    expect(cause?.title).toContain(`pod ${pod(0)}`)
  })

  it('with a shared interface is named with its node, which the API of the CLB does not name', async () => {
    const onInterfaces = (made: Shop, machines: readonly Machine[]): void => {
      const { world, pool } = made
      world.interfaces.push(
        ...machines.map(({ id, vpcId, subnetId, groups }, i) => ({
          id: `eni-pods000${i}`,
          machineId: id,
          vpcId,
          subnetId,
          groups,
          ips: [pod(i), `172.16.${i}.6`],
        })),
      )
      for (const backend of pool.backends) Object.assign(backend, { type: 'ENI', machineId: null })
    }
    const run = await look(pods([{ node: { forwardsNothing: true } }, {}], onInterfaces))
    expect(askedIn(run)).toEqual(['ins-web00061', 'ins-web00062'])
    expect(causesIn(run).map(({ title }) => title)).toEqual([
      expect.stringContaining(`node ins-web00061 of pod ${pod(0)}`),
    ])
    const [cause] = run.diagnosis.findings.filter(({ role }) => role === 'cause')
    expect(cause?.resources).toEqual([expect.objectContaining({ type: 'cvm', id: 'ins-web00061' })])
  })

  it('is not looked at if its node is not known, and says so', async () => {
    const run = await look(
      pods([{ inPod: { listens: [] } }, {}], ({ pool }) => {
        for (const backend of pool.backends) backend.machineId = null
      }),
    )
    expect(askedIn(run)).toEqual([])
    const fact = run.snapshot?.guests?.[`${pod(0)}:8080`]
    expect(fact?.state === 'failed' && fact.failure.code).toBe('InPod')
  })

  it('with an interface of its own, to which its node does not forward, is not judged by its node', async () => {
    const run = await look(
      pods([{ inPod: { listens: [] }, node: { forwardsNothing: true } }, {}], ({ world }) => {
        // The output is of a machine without a route to the pod.
        for (const one of world.pods) one.machineId = 'ins-web00062'
      }),
    )
    const fact = run.snapshot?.guests?.[`${pod(0)}:8080`]
    expect(fact?.state === 'failed' && fact.failure.code).toBe('InPod')
    expect(causesIn(run).filter(({ code }) => code.startsWith('guest-'))).toEqual([])
  })

  it('is at most three of those that look alike, and one healthy control', async () => {
    const down = { inPod: { listens: [] } }
    const run = await look(pods([down, down, down, down, {}, {}]))
    expect(askedIn(run).length).toBeLessThanOrEqual(5)
    const codes = Object.values(run.snapshot?.guests ?? {}).map((fact) =>
      fact.state === 'ok' ? 'ok' : fact.failure.code,
    )
    expect(codes.toSorted()).toEqual(['LeftOut', 'ok', 'ok', 'ok', 'ok'])
  })
})

describe('the node of a pod', () => {
  const nic = (ips: readonly string[]) =>
    ok({
      id: 'eni-pods0001',
      name: '',
      vpcId: null,
      subnetId: null,
      state: null,
      instanceId: 'ins-node0001',
      business: null,
      ips,
      securityGroupIds: [],
    })
  const node = (name: string, fields: object = {}) => ({
    name,
    addresses: [],
    instanceId: 'ins-node0001',
    isReady: true,
    reason: null,
    isVirtual: false,
    ...fields,
  })
  const view = (nodes: readonly object[], phase = 'Running') =>
    ok({
      by: 'api',
      pods: ok([{ namespace: 'shop', name: 'web-1', phase, ips: ['10.0.9.5'], node: 'node-1' }]),
      nodes: ok(nodes),
    })
  const placeOf = (snapshot: object, bound: object = {}) =>
    podPlaceOf({ ip: '10.0.9.5', instanceId: null, type: 'ENI', ...bound }, {
      interfaces: {},
      ...snapshot,
    } as Snapshot)

  it('is in the path if its interface is shared, not if the pod may have it alone', () => {
    expect(placeOf({ interfaces: { '10.0.9.5': nic(['10.0.9.5', '10.0.9.6']) } })).toEqual({
      pod: null,
      node: null,
      instanceId: 'ins-node0001',
      isForwarded: true,
    })
    expect(placeOf({ interfaces: { '10.0.9.5': nic(['10.0.9.5']) } }).isForwarded).toBe(false)
    expect(placeOf({}).isForwarded).toBe(false)
  })

  it('has the names that the cluster says', () => {
    const place = placeOf({ kubernetes: view([node('node-1')]) }, { type: 'GLOBALROUTE' })
    expect(place).toEqual({
      pod: { namespace: 'shop', name: 'web-1' },
      node: 'node-1',
      instanceId: 'ins-node0001',
      isForwarded: true,
    })
  })

  it('is no machine if it is a super node', () => {
    const place = placeOf(
      { kubernetes: view([node('node-1', { isVirtual: true })]) },
      { type: 'GLOBALROUTE' },
    )
    expect([place.instanceId, place.isForwarded]).toEqual([null, false])
  })

  it('is not that of another cluster, or of a pod that has ended', () => {
    const bound = { type: 'GLOBALROUTE', instanceId: 'ins-mine0001' }
    expect(placeOf({ kubernetes: view([node('node-1')]) }, bound)).toMatchObject({
      pod: null,
      instanceId: 'ins-mine0001',
    })
    expect(placeOf({ kubernetes: view([node('node-1')], 'Failed') }, bound).pod).toBe(null)
  })
})
