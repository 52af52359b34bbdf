import { known } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import { hasEnded, type KubernetesNode, type Named } from '../model/kubernetes.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { EvaluatedTarget } from './target.ts'

// Where a pod runs that CLB probes at its own address: on its node the probes are forwarded to it. Pure.

export interface PodPlace {
  /** Its name in the cluster. */
  readonly pod: Named | null
  /** The name of its node in the cluster. */
  readonly node: string | null
  /** The machine of its node (`ins-…`). */
  readonly instanceId: string | null
  /**
   * True if its probes pass the node: in a GlobalRouter network, and with an interface that several addresses share. An
   * interface with one address may be the pod's own, and the node then sees nothing of its probes. A super node is no machine.
   */
  readonly isForwarded: boolean
}

type Bound = Pick<EvaluatedTarget, 'ip' | 'instanceId' | 'type'>

/** What the cluster says, if it was read. Else the machine that the API names for the address. */
export function podPlaceOf({ ip, instanceId, type }: Bound, { kubernetes, interfaces }: Snapshot): PodPlace {
  const nic = known(interfaces[ip])
  const machine = [nic?.instanceId, instanceId].map(machineId).find((id) => id !== null) ?? null
  const isShared = type === 'GLOBALROUTE' || (nic?.ips.length ?? 0) > 1
  const view = known(kubernetes)
  const pod = known(view?.pods)?.find(({ ips, phase }) => ips.includes(ip) && !hasEnded({ phase }))
  const node = known(view?.nodes)?.find(({ name }) => name === pod?.node)
  // Another cluster may have a pod with the same address. Its node is another machine.
  const isOther = machine !== null && nodeMachine(node) !== null && nodeMachine(node) !== machine
  if (!pod || isOther) return { pod: null, node: null, instanceId: machine, isForwarded: isShared }
  const isVirtual = node?.isVirtual === true
  return {
    pod: { namespace: pod.namespace, name: pod.name },
    node: pod.node,
    instanceId: isVirtual ? null : (nodeMachine(node) ?? machine),
    isForwarded: isShared && !isVirtual,
  }
}

const machineId = (id: string | null | undefined): string | null =>
  hasPrefix(id ?? null, 'ins') ? (id ?? null) : null

const nodeMachine = (node: KubernetesNode | undefined): string | null => machineId(node?.instanceId)
