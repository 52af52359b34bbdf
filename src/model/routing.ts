import type { Attention, Verdict } from './diagnosis.ts'

/** Why a message is made: an alarm, or the scan of a timer. */
export const ROUTE_SOURCES = ['alarm', 'scan'] as const
export type RouteSource = (typeof ROUTE_SOURCES)[number]

/** What a route can ask for beside tags. */
export const ROUTE_KEYS = [
  'name',
  'policy',
  'region',
  'vpc',
  'loadBalancer',
  'verdict',
  'attention',
  'source',
  'code',
] as const
export type RouteKey = (typeof ROUTE_KEYS)[number]
/** What a route can ask for. */
export type RouteField = RouteKey | 'tag'

/**
 * What a route asks for. All of it must hold; of a list one entry is enough. `name`, `policy` and the values of `tag` are
 * patterns with `*` and `?`.
 */
export type RouteMatch = { readonly [Key in RouteKey]?: readonly string[] } & {
  readonly tag?: Readonly<Record<string, readonly string[]>>
}

export interface Route {
  readonly match: RouteMatch
  /** Names of receivers. Empty: nobody. */
  readonly to: readonly string[]
  /** The routes behind it are asked, too. */
  readonly continue: boolean
}

export interface Routing {
  readonly routes: readonly Route[]
  /** Who hears what no route takes. Null: every receiver. */
  readonly default: readonly string[] | null
}

/** Without routes every receiver hears everything. */
export const NO_ROUTES: Routing = { routes: [], default: null }

/** What a CLB, or a scan, has of what routes ask for. An empty list: it has nothing, or it could not be read. */
export type RouteSubject = { readonly [Key in RouteKey]: readonly string[] } & {
  readonly tag: Readonly<Record<string, string>>
  /** What could not be read. A route that asks for it may match. */
  readonly unread: readonly RouteField[]
}

/** What only routes ask about a CLB of an incident. */
export interface RouteFacts {
  readonly tags: Readonly<Record<string, string>>
  readonly vpc: string | null
  /** Names and ids of the alarm policies that fired for it. */
  readonly policies: readonly string[]
  /** Codes of its causes, without a cause of its other findings. */
  readonly codes: readonly string[]
  /** What no look could read yet. Older versions did not record it. */
  readonly unread?: readonly RouteField[]
}

/** A CLB as routes see it. */
export interface RoutedClb {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly verdict: Verdict
  readonly attention: Attention
  readonly facts: RouteFacts
}
