import {
  type AddressSet,
  contains,
  emptySet,
  type Family,
  intersect,
  isEmpty,
  parseAddresses,
  subtract,
  union,
  unionOf,
} from '../../rules/index.ts'
import type { PolicyRule, Route, RouteType } from './routes.ts'

/** What the routes of a machine do with packets to some addresses. */
export interface Routed {
  readonly to: AddressSet
  /** `none`: no route. `unknown`: what decides cannot be evaluated. */
  readonly kind: Exclude<RouteType, 'throw'> | 'none' | 'unknown'
  readonly devices: readonly string[]
  /** The route or the rule that decides. */
  readonly text: string
}

/** The packets that are looked up. */
export interface Flow {
  readonly from: string
  /** `lo` for what the machine itself sends. */
  readonly iif: string
  /** True if some packets may carry this mark. */
  readonly canBeMarked: (value: number, mask: number) => boolean
}

export interface RoutingTables {
  readonly family: Family
  readonly routes: readonly Route[]
  /** In order. */
  readonly rules: readonly PolicyRule[]
}

/** The route of each address, exactly: the rules in order, in each table the longest prefix. */
export const routesTo = (to: AddressSet, flow: Flow, { routes, rules }: RoutingTables): readonly Routed[] =>
  walk(to, rules, { flow, routes, from: parseAddresses(flow.from) })

interface Lookup {
  readonly flow: Flow
  readonly routes: readonly Route[]
  readonly from: AddressSet | null
}

function walk(open: AddressSet, rules: readonly PolicyRule[], lookup: Lookup): readonly Routed[] {
  if (isEmpty(open)) return []
  const [rule, ...rest] = rules
  if (rule === undefined) return [{ to: open, kind: 'none', devices: [], text: 'no route' }]
  const hit = selectedBy(rule, open, lookup)
  if (isEmpty(hit)) return walk(open, rest, lookup)
  const missed = walk(subtract(open, hit), rest, lookup)
  const taken = takenBy(rule, hit, rest, lookup)
  if (!isUncertain(rule, lookup)) return [...taken, ...missed]
  return [...agreed(taken, walk(hit, rest, lookup), rule.text), ...missed]
}

/** The addresses whose packets the rule takes, or may take. */
function selectedBy(rule: PolicyRule, open: AddressSet, lookup: Lookup): AddressSet {
  const { from, to, iif, oif, mark } = rule
  const { flow } = lookup
  const isSelected =
    (from === null || (lookup.from !== null && contains(from, lookup.from))) &&
    (iif === null || iif === flow.iif) &&
    oif === null &&
    (mark === null || mark[0] === 0 || flow.canBeMarked(mark[0], mark[1]))
  const plain = !isSelected ? emptySet(open.family) : to === null ? open : intersect(open, to)
  if (!rule.isNot) return plain
  return isUncertain(rule, lookup) ? open : subtract(open, plain)
}

/** True if only some packets match, or if a selector is not evaluated. */
const isUncertain = ({ mark, others }: PolicyRule, { flow }: Lookup): boolean =>
  others.length > 0 || (mark !== null && mark[0] !== 0 && flow.canBeMarked(mark[0], mark[1]))

function takenBy(
  { action, text }: PolicyRule,
  hit: AddressSet,
  rest: readonly PolicyRule[],
  lookup: Lookup,
): readonly Routed[] {
  switch (action.kind) {
    case 'nothing':
      return walk(hit, rest, lookup)
    case 'goto':
      return walk(
        hit,
        rest.filter(({ priority }) => priority >= action.priority),
        lookup,
      )
    case 'stop':
      return [{ to: hit, kind: action.type === 'throw' ? 'unknown' : action.type, devices: [], text }]
    case 'table': {
      const found = inTable(action.table, hit, action.suppress, lookup.routes)
      const decided = unionOf(
        hit.family,
        found.map(({ to }) => to),
      )
      return [...found, ...walk(subtract(hit, decided), rest, lookup)]
    }
  }
}

/** What the table does not know, suppresses or throws back to the rules is left out. */
function inTable(
  table: string,
  hit: AddressSet,
  suppress: number | null,
  routes: readonly Route[],
): readonly Routed[] {
  const found: Routed[] = []
  let open = hit
  for (const route of inOrder(routes, table)) {
    const to = intersect(open, route.to)
    if (isEmpty(to)) continue
    open = subtract(open, to)
    const { type, devices, text, prefix } = route
    if (type !== 'throw' && (suppress === null || prefix > suppress || isRefusal(type)))
      found.push({ to, kind: type, devices, text })
    if (isEmpty(open)) break
  }
  return found
}

/** The kernel stops at such a route before it looks at what the rule suppresses. */
const isRefusal = (type: RouteType): boolean =>
  type === 'blackhole' || type === 'unreachable' || type === 'prohibit'

/** Numbers of the tables that every machine has. */
const NAMES: Readonly<Record<string, string>> = { '255': 'local', '254': 'main', '253': 'default' }

const tableName = (table: string): string => NAMES[table] ?? table

const inOrder = (routes: readonly Route[], table: string): readonly Route[] =>
  routes
    .filter((route) => tableName(route.table) === tableName(table))
    .toSorted((a, b) => b.prefix - a.prefix || a.metric - b.metric)

/** Where both may happen and lead to the same, it does not matter which. */
function agreed(some: readonly Routed[], others: readonly Routed[], text: string): readonly Routed[] {
  const found = some.flatMap((one) =>
    others.flatMap((other) => {
      const to = intersect(one.to, other.to)
      return isEmpty(to) ? [] : [{ ...one, to, isSame: isSame(one, other) }]
    }),
  )
  let unknown: AddressSet | null = null
  for (const { to, isSame } of found) if (!isSame) unknown = unknown === null ? to : union(unknown, to)
  return [
    ...found.filter(({ isSame }) => isSame).map(({ isSame: _, ...routed }) => routed),
    ...(unknown === null ? [] : [{ to: unknown, kind: 'unknown' as const, devices: [], text }]),
  ]
}

const isSame = (one: Routed, other: Routed): boolean =>
  one.kind === other.kind && one.devices.join() === other.devices.join()
