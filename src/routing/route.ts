import type { Attention, Verdict } from '../model/diagnosis.ts'
import { parseId } from '../model/ids.ts'
import type { RoutedClb, RouteField, RouteSubject, Routing } from '../model/routing.ts'
import { type Asked, askedOf } from './match.ts'

/** How one route was asked. It takes the message if nothing is certainly off. */
export interface RouteStep extends Asked {
  /** Its place in the file, from 1. */
  readonly route: number
}

export interface Routed {
  /** The number of the route that decides, from 1: the last one that certainly takes the message. */
  readonly route: number | 'default' | 'all'
  /** Names, each once, in the order of the routes. */
  readonly receivers: readonly string[]
  /** Every route that was asked. */
  readonly steps: readonly RouteStep[]
  /** What could not be read, so that more receivers are named than if it were known. */
  readonly unread: readonly RouteField[]
}

/**
 * Who hears of it. A route that may match, because it asks for something that could not be read, adds its receivers and decides
 * nothing: the routes behind it are asked, too, and then the default. So everybody hears it whom the routes would name if all
 * could be read. `all`: the names of all receivers. Pure.
 */
export function routed(subject: RouteSubject, routing: Routing, all: readonly string[]): Routed {
  const steps: RouteStep[] = []
  const receivers = new Set<string>()
  let last: number | null = null
  for (const [i, route] of routing.routes.entries()) {
    const asked = askedOf(route.match, subject)
    steps.push({ route: i + 1, ...asked })
    if (asked.mismatch !== null) continue
    for (const name of route.to) receivers.add(name)
    if (asked.unread.length > 0) continue
    last = i + 1
    if (!route.continue) break
  }
  const unread = new Set(
    steps.flatMap((one) => (one.mismatch === null ? one.unread.map(({ key }) => key) : [])),
  )
  if (last !== null) return { route: last, receivers: [...receivers], steps, unread: [...unread] }
  for (const name of routing.default ?? all) receivers.add(name)
  if (receivers.size === 0 && isFiringUnread(subject))
    return { route: 'all', receivers: all, steps, unread: [...unread.add('verdict')] }
  const route = routing.default === null ? 'all' : 'default'
  return { route, receivers: [...receivers], steps, unread: [...unread] }
}

/** An alarm fires, and nobody knows how bad it is. Only a route that certainly matches may tell nobody of that. */
const isFiringUnread = ({ source, unread }: RouteSubject): boolean =>
  source.includes('alarm') && unread.includes('verdict')

/** A CLB of which an alarm tells. */
export function subjectOf({ id, name, region, verdict, attention, facts }: RoutedClb): RouteSubject {
  const unread = [
    ...(facts.unread ?? []),
    ...(isClbId(id) ? [] : (['loadBalancer'] as const)),
    ...unreadVerdict(verdict, attention),
  ]
  const read = (key: RouteField, value: string | null): readonly string[] =>
    unread.includes(key) || value === null || value === '' ? [] : [value]
  return {
    tag: facts.tags,
    name: read('name', name),
    policy: facts.policies,
    region: read('region', region),
    vpc: read('vpc', facts.vpc),
    loadBalancer: [id],
    verdict: [verdict],
    attention: [attention],
    source: ['alarm'],
    code: facts.codes,
    unread,
  }
}

/** An alarm may give an address. */
const isClbId = (id: string): boolean => parseId(id, 'lb') !== null || parseId(id, 'clb') !== null

/** Somebody has to act, and nobody knows on what. */
const unreadVerdict = (verdict: Verdict, attention: Attention): readonly ['verdict'] | readonly [] =>
  verdict === 'inconclusive' && (attention === 'act-now' || attention === 'act-soon') ? ['verdict'] : []

/** A scan is one message about many CLBs, so it has nothing that belongs to a single one. */
export const scanSubject = ({
  region,
  verdict,
  attention,
  code,
  unread,
}: Pick<RouteSubject, 'region' | 'verdict' | 'attention' | 'code' | 'unread'>): RouteSubject => ({
  tag: {},
  name: [],
  policy: [],
  region,
  vpc: [],
  loadBalancer: [],
  verdict,
  attention,
  source: ['scan'],
  code,
  unread,
})
