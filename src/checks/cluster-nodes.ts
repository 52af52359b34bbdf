import { known } from '../model/fact.ts'
import type { Kubernetes, KubernetesNode } from '../model/kubernetes.ts'
import type { EvaluatedTarget } from '../path/index.ts'

/**
 * The node that has the address of a backend. Null: none has it. Undefined: the nodes were not read, or the machine is a
 * node whose list of addresses lacks this one.
 */
export function nodeOf(
  { ip, instanceId }: Pick<EvaluatedTarget, 'ip' | 'instanceId'>,
  view: Kubernetes,
): KubernetesNode | null | undefined {
  const nodes = known(view.nodes)
  if (!nodes) return undefined
  // Another cluster may have a node with the same private address. Its machine has another id.
  const isOther = (node: KubernetesNode): boolean =>
    node.instanceId !== null && instanceId !== null && node.instanceId !== instanceId
  const there = nodes.find((node) => node.addresses.includes(ip) && !isOther(node))
  if (there) return there
  return nodes.some((node) => instanceId !== null && node.instanceId === instanceId) ? undefined : null
}

/** The node of this name. Undefined if it is not known. */
export const nodeNamed = (name: string | null, view: Kubernetes): KubernetesNode | undefined =>
  name === null ? undefined : known(view.nodes)?.find((node) => node.name === name)
