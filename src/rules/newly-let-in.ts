import { groupBy } from '../model/group-by.ts'
import type { SecurityGroup, SecurityRule } from '../model/snapshot.ts'
import {
  type AddressSet,
  everything,
  type Family,
  intersect,
  isEmpty,
  parseAddresses,
  subtract,
  unionOf,
} from './addresses.ts'
import type { Evaluator } from './evaluator.ts'
import type { Outcome } from './first-match.ts'
import { uniteAll } from './intervals.ts'
import { ALL_PORTS, classesOf, type PortSet } from './ports.ts'
import { groupCidr, type PieceVerdict, type Probe, portsOf } from './terms.ts'

/** Packets that one list of rules lets in, or may let in, and another does not surely let in. */
export interface LetIn {
  readonly protocol: Probe['protocol']
  /** All ports for a protocol without ports. */
  readonly ports: PortSet
  readonly sources: AddressSet
}

export interface GroupChange {
  readonly before: readonly SecurityGroup[]
  readonly after: readonly SecurityGroup[]
  /** The rules that only one side has. All other packets get the same verdict on both sides. */
  readonly touched: readonly SecurityRule[]
}

/** A limit for speed: every class of ports is evaluated twice. */
const MOST_CLASSES = 300

const PROTOCOLS = { 4: ['tcp', 'udp', 'icmp'], 6: ['tcp', 'udp', 'icmpv6'] } as const

/**
 * Everything that the changed groups let in beside what they let in before. Ports in `alone` are answered apart from
 * their neighbours. Null if it cannot be told: a rule has a service template, or there are too many ranges of ports.
 */
export function newlyLetIn(
  evaluator: Evaluator,
  change: GroupChange,
  alone: readonly number[],
): readonly LetIn[] | null {
  const rules = [...change.before, ...change.after].flatMap(({ ingress }) => ingress)
  if ([...rules, ...change.touched].some(({ service }) => service !== null)) return null
  const cuts = [
    ...rules.map(({ protocol, port }) => portsOf(protocol, port) ?? ALL_PORTS),
    ...alone.map((port): PortSet => [port, port + 1]),
  ]
  const found: LetIn[] = []
  for (const family of [4, 6] as const)
    for (const protocol of PROTOCOLS[family]) {
      const reach = reachOf(change.touched, protocol, family)
      if (isEmpty(reach.sources)) continue
      const isPorted = protocol === 'tcp' || protocol === 'udp'
      const classes = isPorted ? classesOf(reach.ports, cuts).map(({ ports }) => ports) : [ALL_PORTS]
      if (classes.length > MOST_CLASSES) return null
      for (const ports of classes) {
        const port = isPorted ? (ports[0] as number) : null
        const sources = intersect(openedBy(evaluator, change, { family, protocol, port }), reach.sources)
        if (!isEmpty(sources)) found.push({ protocol, ports, sources })
      }
    }
  return found
}

/** Packets of one protocol from the same sources, joined. */
export function joinedLetIn(all: readonly LetIn[]): readonly LetIn[] {
  const alike = groupBy(all, ({ protocol, sources }) => `${protocol} ${sources.borders.join()}`)
  return [...alike.values()].map((own) => ({
    ...(own[0] as LetIn),
    ports: uniteAll(own.map(({ ports }) => ports)),
  }))
}

interface Asked {
  readonly family: Family
  readonly protocol: Probe['protocol']
  readonly port: number | null
}

function openedBy(
  evaluator: Evaluator,
  { before, after }: GroupChange,
  { family, protocol, port }: Asked,
): AddressSet {
  const probe: Probe = { sources: everything(family), destination: '', protocol, port }
  const open = verdictsIn(evaluator.securityGroups(before, probe), family, ['accept'])
  return subtract(verdictsIn(evaluator.securityGroups(after, probe), family, ['accept', 'unknown']), open)
}

const verdictsIn = ({ pieces }: Outcome, family: Family, verdicts: readonly PieceVerdict[]): AddressSet =>
  unionOf(
    family,
    pieces.filter(({ verdict }) => verdicts.includes(verdict)).map(({ sources }) => sources),
  )

/** The packets of a protocol that any of these rules may match. */
function reachOf(rules: readonly SecurityRule[], protocol: Probe['protocol'], family: Family) {
  const own = rules.filter((rule) => {
    const name = rule.protocol?.trim().toLowerCase() ?? 'all'
    return !(['tcp', 'udp', 'icmp', 'icmpv6', 'gre'].includes(name) && name !== protocol)
  })
  return {
    ports: uniteAll(own.map((rule) => portsOf(rule.protocol, rule.port) ?? ALL_PORTS)),
    sources: unionOf(
      family,
      own.map((rule) => sourcesOf(rule, family)),
    ),
  }
}

function sourcesOf({ cidr, ipv6Cidr }: SecurityRule, family: Family): AddressSet {
  const text = cidr ?? ipv6Cidr
  // The API stores 0.0.0.0/n as 0.0.0.0/0 (SDK SecurityGroupPolicy.CidrBlock).
  return (text === null ? null : parseAddresses(groupCidr(text))) ?? everything(family)
}
