import type { Evidence, Resource } from '../model/diagnosis.ts'
import {
  fullName,
  KUBERNETES_RULES,
  type Kubernetes,
  type KubernetesKind,
  kubernetesAction,
  type Named,
} from '../model/kubernetes.ts'
import type { PoolTarget } from './check.ts'

/** A thing of the cluster, as a resource of a finding. */
export const clusterResource = (type: 'service' | 'node' | 'pod', id: string): Resource => ({ type, id })

export const serviceResource = (service: Named): Resource => clusterResource('service', fullName(service))

/** Something that the cluster's own API said. */
export const clusterEvidence = (kind: KubernetesKind, fact: string, value: unknown): Evidence => ({
  source: kubernetesAction(KUBERNETES_RULES[kind]),
  fact,
  value,
})

const MOST_EVENTS = 2

/** The latest warnings about one of these things, in the cluster's own words. */
export function eventEvidence(kind: string, names: readonly string[], view: Kubernetes): readonly Evidence[] {
  const events = view.events?.state === 'ok' ? view.events.value : []
  return events
    .filter((event) => event.kind === kind && names.includes(kind === 'Node' ? event.name : fullName(event)))
    .toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1))
    .slice(0, MOST_EVENTS)
    .map(({ reason, name, message }) => clusterEvidence('events', `${reason} ${name}`, message))
}

/** Machines of Alive backends stand apart: a healthy one refutes a finding for its own machine only. */
export const isAlive = ({ target: { status } }: PoolTarget): boolean => status === 'Alive'
