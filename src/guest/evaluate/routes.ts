import { ipFamily } from '../../model/ip.ts'
import { type AddressSet, everything, type Family, parseAddresses } from '../../rules/index.ts'

// The text of `ip route show table all` and `ip rule`, as tables and rules.

const TYPES = [
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
] as const
export type RouteType = (typeof TYPES)[number]

export interface Route {
  readonly type: RouteType
  readonly to: AddressSet
  readonly prefix: number
  readonly table: string
  readonly metric: number
  /** Several if the kernel chooses between next hops. */
  readonly devices: readonly string[]
  /** Without the table. */
  readonly text: string
}

export interface PolicyRule {
  readonly priority: number
  readonly isNot: boolean
  readonly from: AddressSet | null
  readonly to: AddressSet | null
  readonly iif: string | null
  readonly oif: string | null
  /** Value and mask. */
  readonly mark: readonly [number, number] | null
  /** Selectors that are not evaluated, for example `uidrange`. */
  readonly others: readonly string[]
  readonly action:
    | { readonly kind: 'table'; readonly table: string; readonly suppress: number | null }
    | { readonly kind: 'stop'; readonly type: RouteType }
    | { readonly kind: 'goto'; readonly priority: number }
    | { readonly kind: 'nothing' }
  readonly text: string
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '')

/** Routes of one family. A line that begins with white space is a next hop of the route before. */
export function routesIn(text: string, family: Family): readonly Route[] {
  const found: (Route | null)[] = []
  for (const line of lines(text)) {
    const previous = found.at(-1)
    if (!/^\s/.test(line)) {
      found.push(routeIn(line.trim(), family))
      continue
    }
    const device = valueAfter(line.trim().split(/\s+/), 'dev')
    if (previous && device !== null)
      found[found.length - 1] = { ...previous, devices: [...previous.devices, device] }
  }
  return found.filter((route) => route !== null)
}

function routeIn(line: string, family: Family): Route | null {
  const fields = line.split(/\s+/)
  const type = TYPES.find((name) => name === fields[0]) ?? 'unicast'
  const [target = '', ...rest] = type === fields[0] ? fields.slice(1) : fields
  const to = targetOf(target, rest, family)
  if (to === null || isDead(rest)) return null
  const device = valueAfter(rest, 'dev')
  return {
    type,
    to,
    prefix: prefixOf(target, family),
    table: valueAfter(rest, 'table') ?? (type === 'local' || type === 'broadcast' ? 'local' : 'main'),
    metric: Number(valueAfter(rest, 'metric') ?? 0),
    devices: device === null ? [] : [device],
    text: textOf(line),
  }
}

const isDead = (fields: readonly string[]): boolean => fields.includes('dead')

function targetOf(target: string, rest: readonly string[], family: Family): AddressSet | null {
  if (target !== 'default') {
    const to = parseAddresses(target)
    return to?.family === family ? to : null
  }
  const via = valueAfter(rest, 'via')
  // `via inet6 fe80::1` is a route of IPv4.
  const isSix = rest.includes('pref') || (via !== null && ipFamily(via) === 6)
  return (isSix ? 6 : 4) === family ? everything(family) : null
}

const prefixOf = (target: string, family: Family): number => {
  if (target === 'default') return 0
  const slash = target.indexOf('/')
  return slash < 0 ? (family === 4 ? 32 : 128) : Number(target.slice(slash + 1))
}

/** Only what a person needs to find the route again. */
const textOf = (line: string): string =>
  line
    .replace(
      / (?:table (?:local|main|default|25[345])(?= |$)|(?:proto|scope|metric|pref|src|error|uid) \S+)/g,
      '',
    )
    .replace(/\s+/g, ' ')
    .trim()

/** The next hop that a route names. Null if it leads straight to its addresses. */
export const nextHopIn = (text: string): string | null => /\bvia (?:inet6 )?(\S+)/.exec(text)?.[1] ?? null

function valueAfter(fields: readonly string[], name: string): string | null {
  const at = fields.indexOf(name)
  return at < 0 ? null : (fields[at + 1] ?? null)
}

/** The rules that every machine has. */
export const USUAL_RULES =
  '0: from all lookup local\n32766: from all lookup main\n32767: from all lookup default'

export function policyRulesIn(text: string, family: Family): readonly PolicyRule[] {
  return lines(text)
    .flatMap((line) => policyRuleIn(line.trim(), family) ?? [])
    .toSorted((a, b) => a.priority - b.priority)
}

function policyRuleIn(line: string, family: Family): PolicyRule | null {
  const [, priority, text = ''] = /^(\d+):\s*(.*)$/.exec(line) ?? []
  if (priority === undefined) return null
  const fields = text.split(/\s+/).filter((field) => field !== '' && !isRemark(field))
  const sets = { from: setOf(fields, 'from', family), to: setOf(fields, 'to', family) }
  if (sets.from === undefined || sets.to === undefined) return null
  return {
    priority: Number(priority),
    isNot: fields[0] === 'not',
    from: sets.from,
    to: sets.to,
    iif: valueAfter(fields, 'iif'),
    oif: valueAfter(fields, 'oif'),
    mark: markOf(valueAfter(fields, 'fwmark')),
    others: othersIn(fields),
    // Without the rule that it goes to, the kernel passes this one over.
    action: text.includes('[unresolved]') ? { kind: 'nothing' } : (actionOf(fields) ?? NOT_UNDERSTOOD),
    text,
  }
}

/** `[detached]` and its like stand behind a device that is not there. */
const isRemark = (field: string): boolean => /^\[\w+\]$/.test(field)

/** Words with a value behind them. */
const VALUED: ReadonlySet<string> = new Set([
  'from',
  'to',
  'iif',
  'oif',
  'fwmark',
  'lookup',
  'table',
  'goto',
  'suppress_prefixlength',
  'proto',
  'protocol',
  'realms',
])
const BARE: ReadonlySet<string> = new Set(['not', 'nop', ...TYPES])

/** Words that are not evaluated: selectors, actions, and the table of a VRF (`[l3mdev-table]`). */
const othersIn = (fields: readonly string[]): readonly string[] =>
  fields.filter((field, i) => {
    const isValue = VALUED.has(fields[i - 1] ?? '')
    return isValue ? field.startsWith('[') : !VALUED.has(field) && !BARE.has(field)
  })

/** What becomes of the packets is not known. */
const NOT_UNDERSTOOD: PolicyRule['action'] = { kind: 'stop', type: 'throw' }

/** Null for `all`. Undefined if it is of the other family. */
function setOf(fields: readonly string[], name: string, family: Family): AddressSet | null | undefined {
  const value = valueAfter(fields, name)
  if (value === null || value === 'all') return null
  const found = parseAddresses(value)
  return found === null || found.family !== family ? undefined : found
}

function markOf(text: string | null): readonly [number, number] | null {
  if (text === null) return null
  const [value = '0', mask = '0xffffffff'] = text.split('/')
  return [Number(value), Number(mask)]
}

function actionOf(fields: readonly string[]): PolicyRule['action'] | null {
  const table = valueAfter(fields, 'lookup') ?? valueAfter(fields, 'table')
  const suppress = valueAfter(fields, 'suppress_prefixlength')
  if (table?.startsWith('[')) return null
  if (table !== null) return { kind: 'table', table, suppress: suppress === null ? null : Number(suppress) }
  const priority = valueAfter(fields, 'goto')
  if (priority !== null) return { kind: 'goto', priority: Number(priority) }
  // Behind the action stand only who wrote the rule, and realms.
  const words = fields.filter((field, i) => !VALUED.has(field) && !VALUED.has(fields[i - 1] ?? ''))
  const last = words.at(-1)
  if (last === 'nop') return { kind: 'nothing' }
  const type = TYPES.find((name) => name === last)
  return type === undefined ? null : { kind: 'stop', type }
}
