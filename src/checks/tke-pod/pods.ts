import { CLB_GATE, type ContainerProbe, type Pod } from '../../model/kubernetes.ts'

// Why a pod is not ready. TKE's readiness gate of a pod that is bound directly waits for the health check of the CLB, so it is
// never the reason why that check fails.

/** What holds a pod back. */
export type Holder = 'container' | 'scheduler' | 'gate' | 'node'

export type PodState =
  /** A container waits, has exited, or starts again and again, or something else holds the pod back. */
  | { readonly kind: 'not-running'; readonly why: string; readonly by: Holder }
  /** All run, and a readiness probe fails. */
  | { readonly kind: 'failing'; readonly probe: string }
  | { readonly kind: 'ready' }

const probeText = ({ kind, port, path }: ContainerProbe): string =>
  [kind.toUpperCase(), port === null ? '' : `:${port}`, path ?? ''].join('').replace(/^(\w+)(?=[:/])/, '$1 ')

export function stateOf(pod: Pod): PodState {
  const { unscheduled, phase } = pod
  if (unscheduled !== undefined) return { kind: 'not-running', why: unscheduled, by: 'scheduler' }
  const down = pod.containers.find(({ waiting, isReady }) => waiting !== null && isReady !== true)
  if (down) return { kind: 'not-running', why: down.waiting ?? '', by: 'container' }
  if (phase !== 'Running') return { kind: 'not-running', why: phase, by: 'container' }
  const failing = pod.containers.find(({ isReady }) => isReady === false)
  if (failing) {
    const { readiness, startup } = failing
    // Until its startup probe has passed, nobody asks the readiness probe.
    if (startup) return { kind: 'not-running', why: `startupProbe ${probeText(startup)}`, by: 'container' }
    // Without a probe of its own a running container is ready, so it has only just started or just gone.
    return readiness
      ? { kind: 'failing', probe: probeText(readiness) }
      : { kind: 'not-running', why: 'NotReady', by: 'container' }
  }
  const gates = pod.openGates.filter((gate) => !gate.startsWith(CLB_GATE.split('/')[0] ?? ''))
  if (!pod.isReady && gates.length > 0) return { kind: 'not-running', why: gates.join(', '), by: 'gate' }
  return { kind: 'ready' }
}
