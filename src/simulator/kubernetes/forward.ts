import { groupsLetIn } from '../gates.ts'
import type { ClusterInside, ClusterPod, ClusterService, Guest, Machine, World } from '../world.ts'

// What a node does with packets to a NodePort: kube-proxy hands them on to a ready pod.

/** The guest of a machine with the NodePorts of its cluster: they answer as long as a pod behind them does. */
export function withNodePorts(world: World, machine: Machine): Guest {
  const { guest } = machine
  const own = world.clusters.filter(({ machineIds, inside }) => inside && machineIds.includes(machine.id))
  const ports = own.flatMap(({ inside }) =>
    (inside?.services ?? []).flatMap((service) =>
      inside && service.nodePort !== null
        ? [{ port: service.nodePort, isServed: isServed(world, machine, inside, service) }]
        : [],
    ),
  )
  if (ports.length === 0) return guest
  const others = guest.listens.filter(
    ({ port, protocol }) => protocol !== 'tcp' || !ports.some((one) => one.port === port),
  )
  const served = ports
    .filter(({ isServed: serves }) => serves)
    .map(({ port }) => ({ port, protocol: 'tcp' as const }))
  return { ...guest, listens: [...others, ...served] }
}

function isServed(world: World, machine: Machine, inside: ClusterInside, service: ClusterService): boolean {
  if (inside.notReady.includes(machine.id) || inside.withoutProxy.includes(machine.id)) return false
  const pods = readyPods(inside, service).filter((pod) => !service.local || pod.machineId === machine.id)
  return pods.some((pod) => {
    const port = targetPortOf(service, pod)
    return port === pod.listens && isReached(world, machine, pod, port)
  })
}

/** From one node to the pods of another: the security groups of that node apply. */
function isReached(world: World, from: Machine, pod: ClusterPod, port: number): boolean {
  if (pod.machineId === from.id) return true
  const there = world.machines.find(({ id }) => id === pod.machineId)
  const packet = { source: from.ip, sourcePort: 40_000, target: pod.ip, protocol: 'tcp' as const, port }
  return there !== undefined && groupsLetIn(world, there.groups, packet)
}

export const podsBehind = (
  { pods }: ClusterInside,
  { namespace, selector }: ClusterService,
): readonly ClusterPod[] =>
  pods.filter(
    (pod) =>
      pod.namespace === namespace &&
      Object.entries(selector).every(([key, value]) => pod.labels[key] === value),
  )

const readyPods = (inside: ClusterInside, service: ClusterService): readonly ClusterPod[] =>
  podsBehind(inside, service).filter(
    (pod) =>
      pod.state === 'ready' &&
      !inside.notReady.includes(pod.machineId) &&
      targetPortOf(service, pod) !== null,
  )

/** Null: the pod declares no port of this name. */
export function targetPortOf({ targetPort }: ClusterService, { ports }: ClusterPod): number | null {
  if (typeof targetPort === 'number') return targetPort
  return ports.find(({ name }) => name === targetPort)?.port ?? null
}
