import { evaluateGuest, type GuestFacts, isTiny } from '../guest/index.ts'
import type { Text } from '../model/language.ts'
import { probeSourcesOf } from '../path/index.ts'
import type { FixLine, GivenPlan } from './check.ts'
import type { GuestHit, GuestMachine } from './guest-machine.ts'

// Evaluates the machine again as it will be after the commands of a fix. What the commands do to the machine is done to the
// texts that it gave.

type Texts = GuestFacts['filters'][number]['texts']

/** A plan with its commands. It is proven if nothing at this stage stops the probes of any of its targets any
 * more. */
export function provenPlan(
  machines: readonly GuestMachine[],
  commands: readonly FixLine[],
  notes: readonly Text[] = [],
): GivenPlan {
  const hits = machines.flatMap((machine) => machine.hits)
  const isProven = commands.length > 0 && hits.every((hit) => passesAfter(hit, commands))
  return {
    kind: 'advice',
    ...(commands.length > 0 ? { commands } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(isProven ? { verified: true } : {}),
  }
}

function passesAfter({ target, reason }: GuestHit, commands: readonly FixLine[]): boolean {
  const { guest, guestCheck } = target
  let facts = guest?.facts ?? null
  for (const { line } of commands) facts = facts && after(facts, line)
  if (!facts) return false
  const all = probeSourcesOf(target)
  const again = evaluateGuest(facts, guestCheck, all)
  const left = again.parts.filter(({ stage, outcome }) => outcome !== 'ok' && stage === reason.stage)
  return left.every(({ sources }) => isTiny(sources, all))
}

/** The machine after one command. Null if it is not known what the command does. */
function after(facts: GuestFacts, line: string): GuestFacts | null {
  const [, name, value] = /^sysctl -w (\S+)=(\S+) &&/.exec(line) ?? []
  if (name !== undefined && value !== undefined) return withSetting(facts, name.replaceAll('/', '.'), value)
  const edit = iptablesEdit(line) ?? nftEdit(line)
  if (!edit || facts.filters.length === 0) return null
  const filters = facts.filters.map((sample) => {
    const texts = edit(sample.texts)
    return texts && { ...sample, texts }
  })
  return filters.every((sample) => sample !== null) ? { ...facts, filters } : null
}

/** The switch of all interfaces sets each of them (Linux, Documentation/networking/ip-sysctl). */
const OF_EACH: Readonly<Record<string, RegExp>> = {
  'net.ipv4.ip_forward': /^net\.ipv4\.conf\.[^.]+\.forwarding$/,
  'net.ipv4.conf.all.forwarding': /^net\.ipv4\.(?:ip_forward|conf\.[^.]+\.forwarding)$/,
  'net.ipv6.conf.all.forwarding': /^net\.ipv6\.conf\.[^.]+\.forwarding$/,
}

function withSetting(facts: GuestFacts, name: string, value: string): GuestFacts {
  const max = name === 'net.netfilter.nf_conntrack_max' ? Number(value) : null
  const each = Object.keys(facts.sysctls).filter((other) => OF_EACH[name]?.test(other))
  return {
    ...facts,
    sysctls: { ...facts.sysctls, ...Object.fromEntries([name, ...each].map((one) => [one, value])) },
    conntrack: facts.conntrack && max !== null ? { ...facts.conntrack, max } : facts.conntrack,
  }
}

type Edit = (texts: Texts) => Texts | null

const LAYERS: Readonly<Record<string, keyof Texts>> = {
  iptables: 'iptables',
  'iptables-legacy': 'iptablesLegacy',
  ip6tables: 'ip6tables',
  'ip6tables-legacy': 'ip6tablesLegacy',
}

const IPTABLES = /^(ip6?tables(?:-legacy)?)(?: -t (\S+))? -(?:([AI]) (\S+)(?: (\d+))? (.+)|P (\S+) (\S+))$/

function iptablesEdit(line: string): Edit | null {
  const [, tool = '', table = 'filter', how, chain = '', place, rule = '', policyOf, policy] =
    IPTABLES.exec(line) ?? []
  const layer = LAYERS[tool]
  if (layer === undefined) return null
  return (texts) => {
    const lines = texts[layer]?.split('\n') ?? []
    const [from, to] = sectionOf(lines, table)
    if (from === -1) return null
    const section = lines.slice(from, to)
    const changed =
      policyOf === undefined
        ? withRule(section, chain, how === 'A' ? null : Number(place ?? 1), asSaved(rule))
        : withPolicy(section, policyOf, policy ?? '')
    return (
      changed && { ...texts, [layer]: [...lines.slice(0, from), ...changed, ...lines.slice(to)].join('\n') }
    )
  }
}

/** As iptables-save prints it: with the module that a protocol loads by itself, and with numbers. */
const asSaved = (rule: string): string =>
  rule
    .replace(/-p (tcp|udp) (--[sd]port)/, '-p $1 -m $1 $2')
    .replace('--icmp-type echo-request', '-m icmp --icmp-type 8')
    .replace('--icmp-type echo-reply', '-m icmp --icmp-type 0')
    .replace('--icmpv6-type echo-request', '-m icmp6 --icmpv6-type 128')
    .replace('--icmpv6-type echo-reply', '-m icmp6 --icmpv6-type 129')

/** The lines of a table: behind `*filter` of iptables-save, or of `iptables -S`, which begins with its policies. */
function sectionOf(lines: readonly string[], table: string): readonly [number, number] {
  const named = lines.indexOf(`*${table}`)
  if (named !== -1) return [named, lines.indexOf('COMMIT', named)]
  const first = table === 'filter' ? lines.findIndex((line) => line.startsWith('-P INPUT')) : -1
  if (first === -1) return [-1, -1]
  const next = lines.findIndex((line, i) => i > first && line.startsWith('-P PREROUTING'))
  return [first, next === -1 ? lines.length : next]
}

const isRuleOf = (chain: string) => (line: string) =>
  line.replace(/^\[\d+:\d+\] /, '').startsWith(`-A ${chain} `)

/** `place`: from 1. Null: behind all rules of the chain. */
function withRule(
  section: readonly string[],
  chain: string,
  place: number | null,
  rule: string,
): readonly string[] | null {
  const own = [...section.keys()].filter((i) => isRuleOf(chain)(section[i] ?? ''))
  const declared = section.findIndex(
    (line) => line.startsWith(`:${chain} `) || line.startsWith(`-P ${chain} `),
  )
  if (declared === -1 && own.length === 0) return null
  const lastDeclared = section.findLastIndex((line) => /^(?::|-[PN] )/.test(line))
  const before = place === null ? undefined : own[place - 1]
  const at = before ?? (own.at(-1) ?? lastDeclared) + 1
  return [...section.slice(0, at), `-A ${chain} ${rule}`, ...section.slice(at)]
}

const withPolicy = (section: readonly string[], chain: string, policy: string): readonly string[] | null =>
  section.some((line) => line.startsWith(`:${chain} `) || line.startsWith(`-P ${chain} `))
    ? section.map((line) =>
        line.startsWith(`:${chain} `)
          ? `:${chain} ${policy} [0:0]`
          : line.startsWith(`-P ${chain} `)
            ? `-P ${chain} ${policy}`
            : line,
      )
    : null

const NFT = /^nft 'insert rule (\w+ \S+) (\S+) (.+)'$/

/** `insert rule` puts a rule first in its chain, behind the line that says what the chain is. */
function nftEdit(line: string): Edit | null {
  const [, table, chain, rule] = NFT.exec(line) ?? []
  if (table === undefined || chain === undefined || rule === undefined) return null
  return (texts) => {
    const lines = texts.nft?.split('\n') ?? []
    const inTable = lines.findIndex((one) => one.trim() === `table ${table} {`)
    const inChain = lines.findIndex((one, i) => i > inTable && one.trim() === `chain ${chain} {`)
    if (inTable === -1 || inChain === -1) return null
    const isType = lines[inChain + 1]?.trim().startsWith('type ') === true
    const at = inChain + (isType ? 2 : 1)
    return { ...texts, nft: [...lines.slice(0, at), `\t\t${rule}`, ...lines.slice(at)].join('\n') }
  }
}
