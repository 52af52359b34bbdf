import { randomBytes } from 'node:crypto'
import { type Cloud, createCloud } from '../cloud/index.ts'
import { createDispatcher, type Dispatcher } from '../delivery/index.ts'
import { type Clock, systemClock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import type { Config } from './config.ts'
import { ineffective } from './expected.ts'
import { createSightingMemory, type SightingMemory } from './sightings.ts'

/** The configuration, connections, clock and log of a run. Tests replace them. */
export interface AppContext {
  readonly config: Config
  readonly cloud: Cloud
  readonly dispatcher: Dispatcher
  readonly sightings: SightingMemory
  readonly clock: Clock
  readonly log: Log
  /** A new id for a diagnosis (`dx-…`) or a scan (`sc-…`). */
  readonly newId: (kind: 'dx' | 'sc') => string
}

/**
 * Creates the context of a real run. `abreast` limits how many messages are sent to one receiver at the same time.
 * `close` ends keep-alive connections.
 */
export function createContext(
  config: Config,
  log: Log,
  { abreast = Number.POSITIVE_INFINITY }: { readonly abreast?: number } = {},
): AppContext & { readonly close: () => void } {
  const clock = systemClock
  const random = Math.random
  for (const detail of ineffective(config.expected, config.language))
    log.warn('an entry has no effect', { detail })
  const cloud = createCloud({
    credentials: config.credentials,
    apiDomain: config.apiDomain,
    apiOrigin: config.apiOrigin,
    proxies: config.proxies,
    ratePerSecond: config.apiRate,
    clock,
    random,
    log,
  })
  return {
    config,
    cloud,
    clock,
    log,
    sightings: createSightingMemory(),
    dispatcher: createDispatcher({
      receivers: config.receivers,
      proxies: config.proxies,
      clock,
      log,
      random,
      abreast,
    }),
    newId: (kind) => `${kind}-${randomBytes(8).toString('hex')}`,
    close: () => cloud.close(),
  }
}
