import { type Fact, ok } from '../model/fact.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { LoadBalancerLookupError } from './errors.ts'

/** The snapshot of one listener alone. Throws `LoadBalancerLookupError` if the CLB has no such listener. */
export function narrow(snapshot: Snapshot, listenerId: string): Snapshot {
  const { listeners } = snapshot
  if (listeners.state === 'ok' && !listeners.value.some(({ id }) => id === listenerId))
    throw new LoadBalancerLookupError(
      'no-listener',
      listenerId,
      snapshot.region,
      listeners.value.map(({ id, protocol, port }) => `${id} (${protocol}:${port})`),
    )
  const only = <T extends { readonly listenerId: string }>(fact: Fact<readonly T[]>): Fact<readonly T[]> =>
    fact.state === 'ok' ? ok(fact.value.filter((entry) => entry.listenerId === listenerId)) : fact
  return {
    ...snapshot,
    listeners:
      listeners.state === 'ok' ? ok(listeners.value.filter(({ id }) => id === listenerId)) : listeners,
    registrations: only(snapshot.registrations),
    health: only(snapshot.health),
  }
}
