import { isIpv6 } from '../model/ip.ts'
import { type AddressSet, contains, parseAddresses } from '../rules/index.ts'
import type { GuestHit, Opening } from './guest-machine.ts'

// Openings in the terms of ufw and firewalld, where these made the rule that decides and their own rules come before it.

/** The lines for the program whose rule decides. Null: none, or its rules would have no effect on these packets. */
export function programLines(
  openings: readonly Opening[],
  hits: readonly GuestHit[],
): readonly string[] | null {
  // Both write their rules for packets that come in for the machine itself.
  if (openings.some(({ isReply, isForwarded }) => isReply || isForwarded)) return null
  if (openings.every(isUfw)) return openings.flatMap(ufw)
  const places = openings.map((opening) => placeIn(opening, hits))
  const [place] = places
  if (!place || places.some((other) => other === null || other.option !== place.option)) return null
  return [...openings.flatMap((opening) => firewalld(opening, place)), 'firewall-cmd --reload']
}

/** The chains of ufw that packets enter after its own rules. Those of before.rules come earlier. */
const AFTER_OWN = /^ufw6?-(?:user|after|reject|track|skip-to-policy)(?:-logging)?-(?:input|limit)/

/** The policy of INPUT is ufw's own if its chains stand in INPUT. `ufw allow` has no words for ICMP. */
const isUfw = ({ rule: { chain, index, layer }, protocol, port, machine }: Opening): boolean =>
  layer !== 'nft' &&
  port !== null &&
  (protocol === 'tcp' || protocol === 'udp') &&
  (AFTER_OWN.test(chain) || (index === null && chain === 'INPUT' && /-j ufw6?-user-input/.test(machine)))

const ufw = ({ from, protocol, port }: Opening): readonly string[] =>
  from.map((cidr) => `ufw prepend allow from ${cidr} to any port ${port} proto ${protocol}`)

/** The zone or policy of firewalld that the packets enter. */
interface Place {
  readonly option: string
  /** Rules with priorities came with firewalld 0.7, and chains for them. */
  readonly priority: string
}

const OF_PLACE = /^(?:filter_)?IN_(.+?)(?:_(pre|log|deny|allow|post))?$/
const DISPATCH = /^(?:filter_INPUT|INPUT(?:_ZONES(?:_SOURCE)?)?|filter_INPUT_ZONES(?:_SOURCE)?)$/

/** Null: no rule of firewalld, or one that its own rules do not come before. */
function placeIn({ rule, machine, from }: Opening, hits: readonly GuestHit[]): Place | null {
  const { chain, table, layer } = rule
  const isOfProgram = layer === 'nft' ? table.includes('firewalld') : /\bINPUT_ZONES\b/.test(machine)
  if (!isOfProgram) return null
  const [, named, part] = OF_PLACE.exec(chain) ?? []
  const place = named ?? (DISPATCH.test(chain) ? zoneOf(machine, from, devicesOf(hits)) : null)
  if (!place) return null
  const hasPriority = new RegExp(`\\b(?:filter_)?IN_${place}_pre\\b`).test(machine)
  // Older ones look at what they deny first.
  if (!hasPriority && (part === 'deny' || part === 'log')) return null
  const policy = place.startsWith('policy_') ? place.slice('policy_'.length) : null
  return {
    option: policy === null ? `--zone=${place}` : `--policy=${policy}`,
    priority: hasPriority ? 'priority=-100 ' : '',
  }
}

const devicesOf = (hits: readonly GuestHit[]): readonly string[] =>
  hits.flatMap(({ target }) =>
    (target.guest?.facts.devices ?? [])
      .filter(({ addresses }) => addresses.some((one) => one.split('/', 1)[0] === target.ip))
      .map(({ name }) => name),
  )

/** The lines that send packets to their zone, in order. The first one that matches counts. */
const TO_ZONE =
  /^(?:(?:\[\d+:\d+\] )?-A INPUT_ZONES(?:_SOURCE)? )?(.*?)(?:goto|-g) (?:filter_)?IN_(?!policy_)([\w-]+)$/
const SOURCE = /(?:ip6? saddr|-s) (.+)/
const DEVICE = /(?:iifname|-i) (.+)/

/** The zone of packets from these sources, if it is the same for all of them. */
function zoneOf(machine: string, from: readonly string[], devices: readonly string[]): string | null {
  const entries = machine.split('\n').flatMap((line) => {
    const [, match = '', zone] = TO_ZONE.exec(line.trim()) ?? []
    return zone === undefined ? [] : [{ match: match.trim(), zone }]
  })
  const zones = new Set(
    from.map((cidr) => entries.find(({ match }) => isEntered(match, cidr, devices))?.zone),
  )
  const [zone] = zones
  return zones.size === 1 && zone !== undefined ? zone : null
}

function isEntered(match: string, cidr: string, devices: readonly string[]): boolean {
  if (match === '') return true
  const [, sources] = SOURCE.exec(match) ?? []
  if (sources !== undefined) {
    const own = parseAddresses(cidr)
    return own !== null && listedIn(sources).some((one) => containsAll(parseAddresses(one), own))
  }
  const [, names] = DEVICE.exec(match) ?? []
  return (
    names !== undefined &&
    listedIn(names).some((name) =>
      /[+*]$/.test(name) ? devices.some((one) => one.startsWith(name.slice(0, -1))) : devices.includes(name),
    )
  )
}

/** The members of a set of nft, or the one word of iptables. */
const listedIn = (words: string): readonly string[] =>
  words
    .replace(/[{}"]/g, ' ')
    .split(/[\s,]+/)
    .filter((word) => word !== '')

const containsAll = (outer: AddressSet | null, inner: AddressSet): boolean =>
  outer !== null && outer.family === inner.family && contains(outer, inner)

function firewalld({ from, protocol, port }: Opening, { option, priority }: Place): readonly string[] {
  const what = port === null ? `protocol value=${protocol}` : `port port=${port} protocol=${protocol}`
  return from.map((cidr) => {
    const family = isIpv6(cidr) ? 'ipv6' : 'ipv4'
    return `firewall-cmd --permanent ${option} --add-rich-rule='rule ${priority}family=${family} source address=${cidr} ${what} accept'`
  })
}

/** A table that one program owns takes no rule from another one. */
export function isOwnedTable({ rule: { table }, machine }: Opening): boolean {
  const lines = machine.split('\n').map((line) => line.trim())
  const at = lines.findIndex((line) => line === `table ${table} {` || line.startsWith(`table ${table} { `))
  return at !== -1 && /^flags .*\bowner\b/.test(lines[at + 1] ?? '')
}
