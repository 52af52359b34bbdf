import type { RoutedClb, RouteSubject, Routing } from '../model/routing.ts'
import { type Mismatch, mismatchOf } from './match.ts'

/** How one route was asked. */
export interface RouteStep {
  /** Its place in the file, from 1. */
  readonly route: number
  /** Null: it takes the message. */
  readonly mismatch: Mismatch | null
}

export interface Routed {
  /** The number of the route that decides, from 1: the last one that takes the message. */
  readonly route: number | 'default' | 'all'
  /** Names, each once, in the order of the routes. */
  readonly receivers: readonly string[]
  /** Every route that was asked. */
  readonly steps: readonly RouteStep[]
}

/** Who hears of it. `all`: the names of all receivers. Pure. */
export function routed(subject: RouteSubject, routing: Routing, all: readonly string[]): Routed {
  const steps: RouteStep[] = []
  const receivers = new Set<string>()
  let last: number | null = null
  for (const [i, route] of routing.routes.entries()) {
    const mismatch = mismatchOf(route.match, subject)
    steps.push({ route: i + 1, mismatch })
    if (mismatch !== null) continue
    last = i + 1
    for (const name of route.to) receivers.add(name)
    if (!route.continue) break
  }
  if (last !== null) return { route: last, receivers: [...receivers], steps }
  return routing.default === null
    ? { route: 'all', receivers: all, steps }
    : { route: 'default', receivers: [...new Set(routing.default)], steps }
}

/** A CLB of which an alarm tells. */
export const subjectOf = ({ id, name, region, verdict, attention, facts }: RoutedClb): RouteSubject => ({
  tag: facts.tags,
  name: name === '' ? [] : [name],
  policy: facts.policies,
  region: region === '' ? [] : [region],
  vpc: facts.vpc === null ? [] : [facts.vpc],
  loadBalancer: [id],
  verdict: [verdict],
  attention: [attention],
  source: ['alarm'],
  code: facts.codes,
})

/** A scan is one message about many CLBs, so it has nothing that belongs to a single one. */
export const scanSubject = ({
  region,
  verdict,
  attention,
  code,
}: Pick<RouteSubject, 'region' | 'verdict' | 'attention' | 'code'>): RouteSubject => ({
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
})
