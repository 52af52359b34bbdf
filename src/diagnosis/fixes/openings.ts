import { groupBy } from '../../model/group-by.ts'
import { isIpv6 } from '../../model/ip.ts'
import { kept } from '../../model/memo.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget } from '../../path/index.ts'
import { type AddressSet, cidrsOfAll, type Probe, parseAddresses, toCidrs } from '../../rules/index.ts'

/** The traffic that one new rule lets through: the probes' protocol and ports from one CIDR of their sources. */
export interface Opening {
  readonly protocol: Probe['protocol']
  /** One port or a range. Null if the protocol has no ports, or if the port is not known. */
  readonly ports: PortRange | null
  readonly cidr: string
  /** The targets as the fewest CIDRs. If these are too many, the targets' subnets. */
  readonly targets: readonly string[]
}

export interface PortRange {
  readonly from: number
  readonly to: number
}

export const portText = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}-${to}`)

/** Do the new rules name the targets' own addresses? Only quintuple ACL entries do. */
export type Naming = 'targets' | 'sources-only'

/** The fewest openings that let in exactly what the probes to these targets need. */
export function openingsOf(
  targets: readonly EvaluatedTarget[],
  snapshot: Snapshot,
  naming: Naming = 'sources-only',
): readonly Opening[] {
  const needs = new Map<string, Omit<Opening, 'targets'> & { readonly needing: EvaluatedTarget[] }>()
  for (const target of targets) {
    if (target.plan.kind === 'none') continue
    const { protocol, port, endPort } = target.plan
    const ports = port === null ? null : { from: port, to: endPort ?? port }
    for (const { sources } of target.plan.origins)
      for (const cidr of sources ? toCidrs(sources) : [])
        kept(needs, `${protocol} ${ports ? portText(ports) : ''} ${cidr}`, () => ({
          protocol,
          ports,
          cidr,
          needing: [],
        })).needing.push(target)
  }
  const openings = [...needs.values()].map(({ needing, ...opening }) => ({
    ...opening,
    targets: addressesOf(needing, snapshot),
  }))
  return fewest(openings, naming)
}

/** Joins adjacent CIDRs of the same ports, then adjacent ports of the same CIDR. */
export function fewest(openings: readonly Opening[], naming: Naming): readonly Opening[] {
  const ends = ({ protocol, targets }: Opening): string =>
    `${protocol} ${naming === 'targets' ? targets.join() : ''}`
  const joined = joinedBy(
    openings,
    (one) => `${ends(one)} ${one.ports ? portText(one.ports) : ''}`,
    (alike, first) =>
      cidrsOfAll(alike.flatMap(({ cidr }) => setsOf(cidr))).map((cidr) => ({ ...first, cidr })),
  )
  return joinedBy(
    joined,
    (one) => `${ends(one)} ${one.cidr}`,
    (alike, first) => rangesIn(alike).map((ports) => ({ ...first, ports })),
  )
}

function joinedBy(
  openings: readonly Opening[],
  keyOf: (opening: Opening) => string,
  join: (alike: readonly Opening[], first: Opening) => readonly Opening[],
): readonly Opening[] {
  return [...groupBy(openings, keyOf).values()].flatMap((alike) => {
    const [first] = alike
    if (!first) return []
    const targets = cidrsOfAll(alike.flatMap((one) => one.targets.flatMap(setsOf)))
    return join(alike, { ...first, targets })
  })
}

/** The ports as the fewest ranges. A port that is not known stays for itself. */
function rangesIn(openings: readonly Opening[]): readonly (PortRange | null)[] {
  const ranges: (PortRange | null)[] = []
  for (const { ports } of openings.toSorted((a, b) => (a.ports?.from ?? -1) - (b.ports?.from ?? -1))) {
    const last = ranges.at(-1)
    if (ports && last && ports.from <= last.to + 1)
      ranges[ranges.length - 1] = { from: last.from, to: Math.max(last.to, ports.to) }
    else ranges.push(ports)
  }
  return ranges
}

/** A limit for readability: every further entry makes the ACL harder to read. */
const MOST_ADDRESSES = 8

function addressesOf(targets: readonly EvaluatedTarget[], snapshot: Snapshot): readonly string[] {
  const own = cidrsOfAll(targets.flatMap(({ ip }) => setsOf(ip)))
  if (own.length <= MOST_ADDRESSES) return own
  const subnets = targets.flatMap(({ ip, location: position }) => {
    const fact = position.isResolved ? snapshot.subnets[position.value.subnetId ?? ''] : undefined
    const subnet = fact?.state === 'ok' ? fact.value : null
    return setsOf((isIpv6(ip) ? subnet?.ipv6Cidr : subnet?.cidr) ?? ip)
  })
  return cidrsOfAll(subnets)
}

const setsOf = (text: string): readonly AddressSet[] => {
  const set = parseAddresses(text)
  return set === null ? [] : [set]
}

/** For example `TCP 8080` or `TCP 8080-8082`. ICMP has no port. */
export const servicesOf = (openings: readonly Opening[]): readonly string[] => [
  ...new Set(
    openings.map(({ protocol, ports }) =>
      [protocol.toUpperCase(), ports === null ? '' : portText(ports)].join(' ').trim(),
    ),
  ),
]
