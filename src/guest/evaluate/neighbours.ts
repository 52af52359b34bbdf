import type { FilterPart, FilterRule } from '../../filter/index.ts'
import { type AddressSet, everything } from '../../rules/index.ts'
import type { GuestReason } from '../evaluation.ts'
import type { NotSeen } from '../facts.ts'
import { filteredNeighbours, filteredNextHops } from './filters.ts'
import type { Given } from './given.ts'
import { reasonOf, ruleText } from './reasons.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts, verdictsOf } from './stops.ts'

// Before its first packet, a sender asks for the card that has the address (IPv6: neighbour discovery, which is ICMPv6).
// A filter that lets only the port in drops that question, and nobody reaches the machine.

export const neighbours = (sources: AddressSet, given: Given): Verdicts =>
  verdictsOf([
    ...filteredNeighbours(given).map((part) => discovery(part, sources, given)),
    ...filteredNextHops(given).map((part) => ofNextHop(part, sources, given)),
    ...(given.machine.family === 4 ? arpChains(given) : []).map((chain) => ofArp(chain, sources, given)),
  ])

function discovery({ verdict, by, unclear }: FilterPart, sources: AddressSet, given: Given): Verdicts {
  if (verdict === 'pass') return NOTHING
  // A layer that was not read leaves the probes themselves unknown.
  if (verdict === 'unknown' && by === null) return NOTHING
  const decidedBy = by === null ? 'ICMPv6 neighbour discovery' : ruleText(by)
  if (verdict === 'unknown')
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy,
      code: 'guest-firewall/probe-dropped',
      notSeen: unclear.map(
        (what): NotSeen => ({ layer: by?.layer ?? 'ip6tables', why: 'not-understood', what }),
      ),
    })
  return stoppedBy(stopping(decidedBy, by, 'neighbour', sources, given))
}

/** The machine's replies need the card of the next hop. It may know that from elsewhere, so nothing is certain. */
function ofNextHop({ verdict, by }: FilterPart, sources: AddressSet, { machine }: Given): Verdicts {
  if (verdict === 'pass' || by === null) return NOTHING
  const decidedBy = ruleText(by)
  const what = `${decidedBy} (ICMPv6 neighbour discovery of ${machine.hopsOver(machine.device ?? '').join(', ')})`
  return inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy,
    code: 'guest-firewall/probe-dropped',
    notSeen: [{ layer: by.layer, why: 'not-understood', what }],
  })
}

const stopping = (
  decidedBy: string,
  rule: FilterRule | null,
  leg: 'neighbour' | 'arp',
  sources: AddressSet,
  given: Given,
): GuestReason =>
  reasonOf(given, {
    code: 'guest-firewall/probe-dropped',
    stage: 'guest-firewall',
    sources,
    outcome: 'timeout',
    certainty: 'likely',
    decidedBy,
    rule,
    params: { leg },
    evidence: [{ fact: leg === 'arp' ? 'arp' : 'neighbour-discovery', value: decidedBy }],
  })

interface ArpChain {
  readonly table: string
  readonly name: string
  readonly policy: string
  readonly rules: readonly string[]
}

const TABLE = /^table arp (\S+) \{\n([\s\S]*?)^\}/gm
const CHAIN = /^\s+chain (\S+) \{\n([\s\S]*?)^\s+\}/gm
const HOOK = /type filter hook (?:input|output) .*?policy (accept|drop);/

/** The base chains of nft for ARP, which arptables fills, too. */
function arpChains({ facts }: Given): readonly ArpChain[] {
  const text = facts.filters.at(-1)?.texts.nft ?? ''
  return [...text.matchAll(TABLE)].flatMap(([, table = '', body = '']) =>
    [...body.matchAll(CHAIN)].flatMap(([, name = '', lines = '']) => {
      const policy = HOOK.exec(lines)?.[1]
      const rules = lines.split('\n').flatMap((line) => {
        const rule = line
          .replace(/\bcounter packets \d+ bytes \d+\s*/g, '')
          .replace(/ ?#.*$/, '')
          .trim()
        return rule === '' || HOOK.test(rule) ? [] : [rule]
      })
      return policy === undefined ? [] : [{ table: `arp ${table}`, name, policy, rules }]
    }),
  )
}

/** Rules that ask for nothing are followed. What the others match is not known. */
function ofArp({ table, name, policy, rules }: ArpChain, sources: AddressSet, given: Given): Verdicts {
  const last = rules.findIndex((rule) => /^(?:accept|drop)$/.test(rule))
  const end = rules[last] ?? policy
  const before = (last < 0 ? rules : rules.slice(0, last)).filter((rule) => !rule.endsWith(` ${end}`))
  const asking = before.find((rule) => /\b(?:accept|drop|jump|goto|queue|limit|vmap)\b/.test(rule))
  if (asking !== undefined) {
    const what = `nft ${table} ${name}: ${asking}`
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy: what,
      notSeen: [{ layer: 'arp', why: 'not-understood', what }],
    })
  }
  if (end === 'accept') return NOTHING
  const rule: FilterRule = {
    layer: 'nft',
    table,
    chain: name,
    index: last < 0 ? null : last + 1,
    text: last < 0 ? `policy ${policy}` : end,
    packets: null,
    sources: everything(4),
    isOfPort: false,
  }
  return stoppedBy(stopping(ruleText(rule), rule, 'arp', sources, given))
}
