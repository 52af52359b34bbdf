import { randomBytes } from 'node:crypto'
import { createCloud } from '../cloud/index.ts'
import { createLanes, type LaneOptions, type Lanes } from '../delivery/index.ts'
import { clusterReader } from '../kube/index.ts'
import { type Clock, systemClock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import { createMemoryStore, type Store } from '../store/index.ts'
import type { Config } from './config.ts'
import type { AppContext } from './context.ts'
import { compose } from './incidents/notice.ts'
import { tellRefusals } from './incidents/refusals.ts'
import { settleReports } from './incidents/settle.ts'
import { createInstances } from './instances.ts'
import { createNames } from './known-receivers/names.ts'
import { createLinks, whyNoLinks } from './links.ts'
import { regionWarning, routeWarnings } from './route-warnings.ts'

/** One attempt to send, in ms. A receiver that hangs is given up after it. */
const ATTEMPT_MS = 12_000

export interface ContextOptions {
  /** Default: the memory of this process. */
  readonly store?: Store
  /** True for a process that lives on, or whose store another process brings up to date. */
  readonly canWait?: boolean
  readonly clock?: Clock
}

/** Creates the context of a real run. `close` ends keep-alive connections and the store. */
export function createContext(
  config: Config,
  log: Log,
  { clock = systemClock, store = createMemoryStore({ clock }), canWait = false }: ContextOptions = {},
): AppContext & { readonly close: () => void } {
  const random = Math.random
  warnOfIneffective(config, log)
  const holder = randomBytes(8).toString('hex')
  const instances = createInstances({ store, holder, clock, log })
  const cloud = createCloud({
    credentials: config.credentials,
    apiDomain: config.apiDomain,
    apiOrigin: config.apiOrigin,
    proxies: config.proxies,
    ratePerSecond: config.apiRate,
    instances: instances.count,
    clock,
    random,
    log,
  })
  const links = createLinks(config)
  const whyNot = whyNoLinks(config, canWait)
  if (whyNot !== null) log.warn('CLB_DOCTOR_PUBLIC_URL is set, but messages have no links', { why: whyNot })
  const context = contextWith(
    {
      config,
      cloud,
      ...(config.kubeconfig === null ? {} : { cluster: clusterReader(config.kubeconfig, config.proxies) }),
      clock,
      log,
      store,
      holder,
      instances,
      canWait,
      // A process that shares nothing would not know the incident when its page is opened.
      pagesOf: (incident, language) => (canWait ? links.pagesOf(incident, language, clock.now()) : null),
      newId: (kind) => `${kind}-${randomBytes(8).toString('hex')}`,
    },
    (options) => createLanes({ ...options, receivers: config.receivers, proxies: config.proxies }),
  )
  return {
    ...context,
    close: () => {
      cloud.close()
      void store.close()
    },
  }
}

function warnOfIneffective(config: Config, log: Log): void {
  const { expected, routing, language, region } = config
  const detail = regionWarning(region, language)
  if (detail !== null) log.warn('the region may be wrong', { detail })
  for (const detail of routeWarnings(routing, language)) log.warn(ROUTE_WARNING, { detail })
  // The names of all findings are loaded only if somebody names one.
  if (expected.length > 0 || routing.routes.some(({ match }) => match.code !== undefined))
    void warnOfCodes(config, log)
}

const ROUTE_WARNING = 'a route may have no effect'

async function warnOfCodes({ expected, routing, language }: Config, log: Log): Promise<void> {
  const { ineffective, ineffectiveCodes } = await import('./ineffective.ts')
  for (const detail of ineffective(expected, language)) log.warn('an entry has no effect', { detail })
  for (const detail of ineffectiveCodes(routing, language)) log.warn(ROUTE_WARNING, { detail })
}

/** A context with the lanes that `lanesFrom` makes. The lanes need the context to make their messages. */
export function contextWith(
  parts: Omit<AppContext, 'lanes' | 'names'>,
  lanesFrom: (options: LaneOptions & { readonly holder: string }) => Lanes,
): AppContext {
  const { store, clock, log, holder, config } = parts
  const names = createNames({ store, clock, log, receivers: config.receivers })
  const lanes = lanesFrom({
    store,
    holder,
    clock,
    log,
    random: Math.random,
    attemptMs: ATTEMPT_MS,
    isOwn: names.isOwn,
    compose: (groups, receiver, occasion) => compose(groups, receiver, occasion, context),
    settle: async (change, reports, subject) => {
      await settleReports(change, reports, subject, context)
      await tellRefusals(reports, context)
    },
  })
  const context: AppContext = { ...parts, lanes, names }
  return context
}
