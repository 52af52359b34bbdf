import { kept } from '../model/memo.ts'
import {
  type AddressSet,
  ALL_PORTS,
  difference,
  emptySet,
  everything,
  intersect,
  isEmpty,
  unionOf,
} from '../rules/index.ts'
import { portOf } from './flow.ts'
import { cutOf, type Matched } from './matched.ts'
import type { Chain, Flow, Rule, Step, Table, Verdict } from './program.ts'

// What a rule can match at all, with the jumps to it: its counter counts nothing else.

/** Any packet of the same direction: only its addresses are asked for. */
const anyPacket = (flow: Flow): Flow => ({
  ...flow,
  trip: { ...flow.trip, protocol: null, destination: null },
  notice: null,
  sources: everything(flow.trip.family),
  own: null,
  ports: ALL_PORTS,
  input: null,
  output: null,
  mark: null,
  ctMark: null,
  ct: null,
  hidesPeer: false,
  isForwarded: false,
})

/** What rules can match at all, asked for a packet of the same kind as these. */
export interface Reach {
  readonly sourcesOf: (rule: Rule) => AddressSet
  /** Does every packet that the rule can match go to the probed port? For a ping: is every one an ICMP packet? */
  readonly isOfPort: (rule: Rule) => boolean
}

export function reachFor(flow: Flow): Reach {
  const any = anyPacket(flow)
  const sourcesOf = reachOf(any)
  const ofOthers = otherPackets(any, flow).map(reachOf)
  return { sourcesOf, isOfPort: (rule) => ofOthers.every((of) => isEmpty(of(rule))) }
}

/** Packets that have nothing to do with the probed port. */
function otherPackets(any: Flow, flow: Flow): readonly Flow[] {
  // What tells of a REJECT has no port, but the probe has.
  const port = portOf(flow) ?? portOf(flow.target)
  if (port === null) return [{ ...any, trip: { ...any.trip, protocol: NO_PROTOCOL } }]
  return [
    { ...any, ports: difference(ALL_PORTS, [port, port + 1]) },
    // Other machines have the same port.
    ...(flow.isDnat ? [{ ...any, own: emptySet(flow.trip.family) }] : []),
  ]
}

/** No rule names it. */
const NO_PROTOCOL = 256

function reachOf(packet: Flow): (rule: Rule) => AddressSet {
  const known = new Map<Chain, AddressSet>()
  const ofChain = (chain: Chain): AddressSet => {
    const before = known.get(chain)
    if (before) return before
    // A chain that leads to itself adds nothing.
    known.set(chain, emptySet(packet.trip.family))
    const jumps = chain.base ? [] : (jumpsOf(chain.table).get(chain.name) ?? [])
    const sets = jumps.map((jump) => intersect(matchedBy(jump, packet, chain.name), ofChain(jump.chain)))
    const set = chain.base ? packet.sources : unionOf(packet.trip.family, sets)
    known.set(chain, set)
    return set
  }
  return (rule) => intersect(matchedBy(rule, packet, null), ofChain(rule.chain))
}

const possible = (matched: Matched, sources: AddressSet): AddressSet => {
  const { yes, maybe } = cutOf(matched, sources)
  return unionOf(sources.family, [yes, maybe])
}

/** `into`: only the choices of a verdict map that lead there. Null: all. */
function matchedBy(rule: Rule, packet: Flow, into: string | null): AddressSet {
  let sources = packet.sources
  for (const step of rule.steps()) {
    if (step.kind === 'match')
      sources = intersect(sources, possible(step.test({ ...packet, sources }), sources))
    if (step.kind === 'choose') sources = chosen(step, { ...packet, sources }, into)
  }
  return sources
}

function chosen(step: Extract<Step, { kind: 'choose' }>, packet: Flow, into: string | null): AddressSet {
  const sets = [...step.choices(packet)]
    .filter(({ verdict }) => into === null || leadsTo(verdict, into))
    .map(({ matched }) => possible(matched, packet.sources))
  return unionOf(packet.trip.family, sets)
}

const leadsTo = (verdict: Verdict, chain: string): boolean => 'chain' in verdict && verdict.chain === chain

const jumps = new WeakMap<Table, ReadonlyMap<string, readonly Rule[]>>()

/** The rules of a table by the chain that they lead to. */
function jumpsOf(table: Table): ReadonlyMap<string, readonly Rule[]> {
  const known = jumps.get(table)
  if (known) return known
  const found = new Map<string, Rule[]>()
  for (const chain of table.chains.values())
    for (const rule of chain.rules) for (const name of rule.targets()) kept(found, name, () => []).push(rule)
  jumps.set(table, found)
  return found
}
