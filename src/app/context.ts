import { randomBytes } from 'node:crypto'
import { createCloud } from '../cloud/session.ts'
import { createDispatcher } from '../delivery/index.ts'
import { systemClock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import type { Config } from './config.ts'
import type { AppContext } from './diagnose.ts'
import { ineffective } from './expected.ts'

/**
 * The real surroundings of a run, from a validated configuration. `abreast`: messages under way to one receiver at a
 * time. `close` ends keep-alive connections.
 */
export function createContext(
  config: Config,
  log: Log,
  { abreast = Number.POSITIVE_INFINITY }: { readonly abreast?: number } = {},
): AppContext & { readonly close: () => void } {
  const clock = systemClock
  const random = Math.random
  for (const detail of ineffective(config.expected)) log.warn('an entry has no effect', { detail })
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
    dispatcher: createDispatcher({
      receivers: config.receivers,
      proxies: config.proxies,
      clock,
      log,
      random,
      abreast,
    }),
    newId: () => `dx-${randomBytes(8).toString('hex')}`,
    close: () => cloud.close(),
  }
}
