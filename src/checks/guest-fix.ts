import { type GuestReason, toolOf } from '../guest/index.ts'
import { groupBy } from '../model/group-by.ts'
import { isIpv6 } from '../model/ip.ts'
import type { Text } from '../model/language.ts'
import { type EvaluatedTarget, isWhole, probeSourcesOf } from '../path/index.ts'
import { contains, everything, PROBER_RANGES, sizeOf, toCidrs } from '../rules/index.ts'
import { filled } from '../text/index.ts'
import type { FixLine } from './check.ts'
import type { GuestHit, GuestMachine, Opening } from './guest-machine.ts'
import { isOwnedTable, programLines } from './guest-programs.ts'
import { SHARED } from './texts.ts'

// Lines for a shell on the machine. Every value in them is an address, a port or the name of a table, chain or setting
// that the machine printed, and is checked before it is used.

type Rule = NonNullable<GuestReason['rule']>

const shell = (line: string): FixLine => ({ tool: 'shell', line })

const PLAIN = /^[\w.:/-]+$/

/** What keeps a rule over a restart. */
export type Keeper = 'none' | keyof typeof SHARED.guest.keep

export interface RuleFix {
  readonly commands: readonly FixLine[]
  readonly keep: Keeper
}

const NO_FIX: RuleFix = { commands: [], keep: 'none' }

const MOST_BLOCKED = 3

/** The sources to let in: those that are blocked if they are few or a range of CLB, else all that probe. */
export function letIn(target: EvaluatedTarget, { sources }: GuestReason): readonly string[] {
  const range = PROBER_RANGES.find((one) => contains(one, sources) && isWhole(sources, one))
  if (range) return toCidrs(range)
  const blocked = toCidrs(sources)
  const all = probeSourcesOf(target)
  const isKnown = sizeOf(all) < sizeOf(everything(all.family))
  return blocked.length <= MOST_BLOCKED || !isKnown ? blocked : toCidrs(all)
}

/**
 * Rules in front of the one that decides, one for each port. They let in the probes and nothing else. On machines where the
 * rule has other places, the first place is in front of it, too.
 */
export function openingOf(machines: readonly GuestMachine[]): RuleFix {
  const hits = machines.flatMap((machine) => machine.hits)
  const rule = firstRule(hits)
  const openings = rule ? [...groupBy(hits, askedBy).values()].flatMap((some) => openingFor(rule, some)) : []
  const [first] = openings
  if (!rule || !first) return NO_FIX
  const linesOf = (to: (opening: Opening) => readonly string[]): readonly FixLine[] =>
    openings.flatMap(to).map(shell)
  if (first.isNeighbour) {
    const keep = rule.layer === 'nft' ? 'nft' : keeperOf(rule, hits[0]?.reason.params.owner)
    return { commands: [shell(neighbourLine(first))], keep }
  }
  const program = programLines(openings, hits)
  if (program) return { commands: program.map(shell), keep: 'own' }
  if (rule.layer === 'nft')
    return isOwnedTable(first) ? NO_FIX : { commands: linesOf((one) => [nftLine(one)]), keep: 'nft' }
  const [hit] = hits
  return { commands: linesOf(iptables), keep: keeperOf(rule, hit?.reason.params.owner) }
}

const askedBy = ({ target }: GuestHit): string => `${transportOf(target)} ${target.guestCheck.port}`

/** The rule at its first place. Null for a rule with a name that is no plain word. */
function firstRule(hits: readonly GuestHit[]): Rule | null {
  const rules = hits.flatMap(({ reason: { rule } }) => rule ?? [])
  const [rule] = rules.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
  return rule && [rule.table, rule.chain].every((name) => /^[\w .:-]+$/.test(name)) ? rule : null
}

function openingFor(rule: Rule, hits: readonly GuestHit[]): readonly Opening[] {
  const [hit] = hits
  const from = [...new Set(hits.flatMap(({ target, reason }) => letIn(target, reason)))]
  if (!hit || from.length === 0) return []
  const { target, reason } = hit
  const machine = allRulesOf(target)
  return [
    {
      rule,
      from,
      isReply: reason.params.leg === 'reply' || (reason.params.leg === 'data' && isSentPast(rule, machine)),
      isNeighbour: reason.params.leg === 'neighbour' || reason.params.leg === 'arp',
      isForwarded: reason.code.startsWith('guest-forwarding/'),
      protocol: transportOf(target),
      port: target.guestCheck.port,
      machine,
    },
  ]
}

const transportOf = ({ plan }: EvaluatedTarget): Opening['protocol'] =>
  plan.kind === 'probe' ? plan.protocol : 'tcp'

const allRulesOf = ({ guest }: EvaluatedTarget): string =>
  Object.values(guest?.facts.filters[0]?.texts ?? {}).join('\n')

const keeperOf = (rule: Rule, owner: unknown): Keeper =>
  isTailscale(rule) ? 'tailscale' : typeof owner === 'string' && !isOwn(rule) ? 'program' : 'iptables'

const isOwn = ({ chain }: Rule): boolean => BUILT_IN.has(chain)

/** The chains that Tailscale makes (its linuxfw). */
const TAILSCALE = new Set(['ts-input', 'ts-forward', 'ts-postrouting'])

export const isTailscale = ({ chain }: Pick<Rule, 'chain'>): boolean => TAILSCALE.has(chain)

const BUILT_IN = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'])

const iptables = (opening: Opening): readonly string[] =>
  entriesOf(opening).flatMap((entry) => opening.from.map((cidr) => iptablesLine(opening, entry, cidr)))

/**
 * A chain that a program manages is written anew with the program, so the new rule stands in the chain that every packet
 * enters first. A policy decides what no rule matches, so the new rule may stand last.
 */
function iptablesLine(
  { rule, isReply, isForwarded, protocol, port }: Opening,
  entry: string,
  cidr: string,
): string {
  const { layer, table, chain, index } = rule
  const place = isOwn(rule) ? (index === null ? `-A ${chain}` : `-I ${chain} ${index}`) : `-I ${entry} 1`
  const words: readonly string[] = [
    toolOf(layer),
    ...(table === 'filter' ? [] : ['-t', table]),
    place,
    `${isReply ? '-d' : '-s'} ${cidr}`,
    `-p ${protocol === 'icmpv6' ? 'ipv6-icmp' : protocol}`,
    ...matchOf(isReply, isForwarded, protocol, port),
    '-j ACCEPT',
  ]
  return words.join(' ')
}

/** Behind DNAT a forwarded packet has the port of the pod, so the port is left out. */
function matchOf(
  isReply: boolean,
  isForwarded: boolean,
  protocol: Opening['protocol'],
  port: number | null,
): readonly string[] {
  if (protocol === 'icmp') return [`--icmp-type ${isReply ? 'echo-reply' : 'echo-request'}`]
  if (protocol === 'icmpv6') return [`--icmpv6-type ${isReply ? 'echo-reply' : 'echo-request'}`]
  return port === null || isForwarded ? [] : [`${isReply ? '--sport' : '--dport'} ${port}`]
}

/** Lets ICMPv6 or ARP in or out, first in the chain that decides, or in the one that every packet enters. */
function neighbourLine({ rule, machine }: Opening): string {
  const { layer, table, chain } = rule
  if (layer === 'nft')
    return `nft 'insert rule ${table} ${chain} ${table.startsWith('arp ') ? '' : 'meta l4proto ipv6-icmp '}accept'`
  const [place = usualEntry(rule, false, false)] = isOwn(rule) ? [chain] : leadingTo(rule, machine)
  return `${toolOf(layer)}${table === 'filter' ? '' : ` -t ${table}`} -I ${place} 1 -p ipv6-icmp -j ACCEPT`
}

/**
 * The chains of the kernel that lead to the rule. What PREROUTING of mangle accepts still enters INPUT of mangle, so it
 * matters which one it is.
 */
function entriesOf({ rule, isReply, isForwarded, machine }: Opening): readonly string[] {
  const usual = usualEntry(rule, isReply, isForwarded)
  if (isOwn(rule) || rule.table === 'filter') return [usual]
  const way = isForwarded ? FORWARDED : isReply ? SENT : RECEIVED
  const found = leadingTo(rule, machine).filter((chain) => way.includes(chain))
  return found.length > 0 ? found : [usual]
}

const RECEIVED = ['PREROUTING', 'INPUT']
const SENT = ['OUTPUT', 'POSTROUTING']
const FORWARDED = ['PREROUTING', 'FORWARD', 'POSTROUTING']

/** True for a rule that only packets from the machine meet. What follows the first answer goes both ways. */
function isSentPast(rule: Rule, machine: string): boolean {
  if (rule.layer === 'nft')
    return new RegExp(`chain ${rule.chain} \\{\\s+type \\w+ hook (?:output|postrouting) `).test(machine)
  const entries = isOwn(rule) ? [rule.chain] : leadingTo(rule, machine)
  return entries.length > 0 && entries.every((chain) => SENT.includes(chain))
}

function leadingTo({ table, chain }: Rule, machine: string): readonly string[] {
  const tables = machine.split(/^(?=\*)/m).filter((text) => text.startsWith(`*${table}\n`))
  const jumps = tables
    .flatMap((text) => text.split('\n'))
    .flatMap((line) => {
      const [, from, to] = /^(?:\[\d+:\d+\] )?-A (\S+) (?:.* )?-[jg] (\S+)/.exec(line) ?? []
      return from !== undefined && to !== undefined ? [{ from, to }] : []
    })
  const met = new Set([chain])
  for (const to of met) for (const jump of jumps) if (jump.to === to) met.add(jump.from)
  return [...met].filter((one) => BUILT_IN.has(one))
}

function usualEntry({ table }: Rule, isReply: boolean, isForwarded: boolean): string {
  if (table !== 'filter') return isReply ? 'OUTPUT' : 'PREROUTING'
  return isForwarded ? 'FORWARD' : isReply ? 'OUTPUT' : 'INPUT'
}

function nftLine({ rule: { table, chain }, from, isReply, isForwarded, protocol, port }: Opening): string {
  const isV6 = from.some(isIpv6)
  const address = from.length === 1 ? from[0] : `{ ${from.join(', ')} }`
  const match =
    protocol === 'icmp'
      ? `icmp type ${isReply ? 'echo-reply' : 'echo-request'}`
      : protocol === 'icmpv6'
        ? `icmpv6 type ${isReply ? 'echo-reply' : 'echo-request'}`
        : port === null || isForwarded
          ? `meta l4proto ${protocol}`
          : `${protocol} ${isReply ? 'sport' : 'dport'} ${port}`
  return `nft 'insert rule ${table} ${chain} ${isV6 ? 'ip6' : 'ip'} ${isReply ? 'daddr' : 'saddr'} ${address} ${match} accept'`
}

/** The file in which the settings are kept. It is read after 99-sysctl.conf, which leads to /etc/sysctl.conf. */
const KEPT_IN = '/etc/sysctl.d/99-zz-clb-health-check.conf'

/** Sets kernel settings now and for every start. Names that are no plain words are left out. */
export const sysctlLines = (settings: Readonly<Record<string, string | number>>): readonly FixLine[] =>
  Object.entries(settings)
    .filter(([name, value]) => PLAIN.test(name) && /^[\d,-]+$/.test(String(value)))
    .map(([name, value]) => `${typed(name)}=${value}`)
    .map((setting) => shell(`sysctl -w ${setting} && echo '${setting}' >> ${KEPT_IN}`))

/** In the name of a VLAN's device a slash stands for the dot, as sysctl prints it. */
const typed = (name: string): string =>
  name.replace(
    /^(net\.ipv[46]\.(?:conf|neigh)\.)(.+)(\.\w+)$/,
    (_, before: string, device: string, leaf: string) => `${before}${device.replaceAll('.', '/')}${leaf}`,
  )

/** The names of settings that a reason gives. */
export const sysctlsIn = ({ params }: Pick<GuestReason, 'params'>): readonly string[] => {
  const { sysctls } = params
  return typeof sysctls === 'object' ? sysctls : typeof sysctls === 'string' ? [sysctls] : []
}

/** What keeps the rule over a restart. */
export const keepNotes = (keeper: Keeper): readonly Text[] =>
  keeper === 'none' ? [] : [SHARED.guest.keep[keeper]]

/** What made the rule, for the subject of a title: a product by its name, else the tool. */
export function toolText({ rule, params }: Pick<GuestReason, 'rule' | 'params'>): Text {
  if (!rule) return SHARED.guest.filter
  const owner = params.vpn ?? params.owner
  if (owner === 'tailscale' || isTailscale(rule)) return SHARED.guest.tailscale
  const text = SHARED.guest.tool[rule.index === null ? 'policy' : 'rule']
  return filled(text, { tool: typeof owner === 'string' ? owner : toolOf(rule.layer), chain: rule.chain })
}
