import { type Fact, mapped } from '../model/fact.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { LoadBalancerLookupError } from './errors.ts'

/** The snapshot reduced to one listener. Throws `LoadBalancerLookupError` if the CLB has no such listener. */
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
    mapped(fact, (all) => all.filter((entry) => entry.listenerId === listenerId))
  return {
    ...snapshot,
    listeners: mapped(listeners, (all) => all.filter(({ id }) => id === listenerId)),
    registrations: only(snapshot.registrations),
    health: only(snapshot.health),
  }
}
