import type { World } from '../../../src/simulator/world.ts'
import { gatesOn } from '../gates.ts'
import { CLUSTER } from '../healthy.ts'
import { type Fault, isNodePort, isPod, type PoolOf, pickOr, poolId, poolsOf, type Target } from './fault.ts'
import { backendsIn, checkIn, machineIn } from './things.ts'

// Faults between a cluster and the CLB of its Service.

const clusterIn = (world: World) => world.clusters.find(({ id }) => id === CLUSTER)

const vipOnNode: Fault = {
  code: 'ipvs-loopback/vip-on-node',
  inject(random, site) {
    const { front, world } = site
    if (front.classic || !clusterIn(world)?.ipvs) return null
    const onNodes = poolsOf(site).filter(({ targets }) =>
      targets.some((one) => isNodePort(one) || isPod(one)),
    )
    const pool = pickOr(random, onNodes)
    if (!pool || checkIn(world, pool.rule) !== pool.rule.check) return null
    return {
      code: 'ipvs-loopback/vip-on-node',
      kind: 'machine',
      what: `${poolId(pool.listener, pool.rule)} is probed from the VIP, which the nodes have`,
      subject: pool.rule.id,
      resources: [CLUSTER],
      ceiling: 'possible',
      adds: (target) => target.rule.id === pool.rule.id,
      // A machine that left the cluster no longer has the VIP.
      explains: ({ home }, after) =>
        clusterIn(after.world)?.machineIds.includes(home?.machineId ?? '') === true,
      apply(changed) {
        checkIn(changed, pool.rule).source = 0
      },
    }
  },
}

/** The pools that have a NodePort of this machine. */
const poolsWith = (pools: readonly PoolOf[], id: string | null): readonly PoolOf[] =>
  pools.filter(({ targets }) => targets.some((one) => isNodePort(one) && one.backend.machineId === id))

const staleTarget: Fault = {
  code: 'target-drift/stale-target',
  inject(random, site) {
    if (!clusterIn(site.world)) return null
    const pools = poolsOf(site)
    // If it were the only backend of a pool, clb-doctor could not know that the pool belongs to the cluster.
    const left = site.targets.filter(
      (one) =>
        isNodePort(one) &&
        // A machine that has left the cluster has no pods.
        !site.targets.some((other) => isPod(other) && other.backend.machineId === one.backend.machineId) &&
        poolsWith(pools, one.backend.machineId).every(({ targets }) => targets.length > 1),
    )
    const id = pickOr(random, left)?.backend.machineId
    if (!id) return null
    return {
      code: 'target-drift/stale-target',
      kind: 'machine',
      what: `${id} has left the cluster`,
      subject: id,
      resources: [CLUSTER, id],
      ceiling: 'likely',
      explains: (target) => isNodePort(target) && target.backend.machineId === id,
      adds: (target) => target.backend.machineId === id,
      apply(world) {
        const cluster = clusterIn(world)
        if (cluster) cluster.machineIds = cluster.machineIds.filter((one) => one !== id)
        if (cluster?.inside)
          cluster.inside.pods = cluster.inside.pods.filter(({ machineId }) => machineId !== id)
        Object.assign(machineIn(world, id)?.guest ?? {}, { listens: [], ping: false })
      },
    }
  },
}

const OLD_PORT = 30_500

/** The cluster itself says which NodePort the Service of this listener has. */
const isOfService = (world: World, { listener }: Target): boolean =>
  !listener.protocol.startsWith('HTTP') &&
  clusterIn(world)?.inside?.services.some(({ port }) => port === listener.port) === true

const portMismatch: Fault = {
  code: 'target-drift/port-mismatch',
  inject(random, site) {
    const pool = pickOr(
      random,
      poolsOf(site).filter(
        ({ rule, targets }) =>
          targets.every(isNodePort) &&
          checkIn(site.world, rule).port === null &&
          checkIn(site.world, rule).type !== 'PING',
      ),
    )
    const target = pool && pickOr(random, pool.targets)
    if (!target || !clusterIn(site.world)) return null
    const { backend } = target
    return {
      code: 'target-drift/port-mismatch',
      kind: 'machine',
      what: `${backend.ip} is still bound with the old NodePort`,
      subject: pool.rule.id,
      resources: [CLUSTER, poolId(pool.listener, pool.rule)],
      ceiling: 'likely',
      // A rule that blocks the backend hides a wrong port. Without a healthy backend there is no port to compare with.
      explains: (one, after) =>
        one.backend.port === OLD_PORT &&
        one.rule.id === pool.rule.id &&
        clusterIn(after.world)?.machineIds.includes(backend.machineId ?? '') === true &&
        (isOfService(after.world, one) ||
          (gatesOn(after, one).every(({ extent }) => extent === 'part') &&
            after.targets.some((other) => other.rule.id === pool.rule.id && other.status() === 'Alive'))),
      apply(world) {
        backendsIn(world, pool.rule).push({ ...backend, port: OLD_PORT })
      },
    }
  },
}

export const clusterFaults: readonly Fault[] = [vipOnNode, staleTarget, portMismatch]
