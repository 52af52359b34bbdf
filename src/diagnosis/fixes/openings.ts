import { isIpv6 } from '../../model/ip.ts'
import type { Text } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget } from '../../path/index.ts'
import { type AddressSet, cidrsOfAll, type Probe, parseAddresses, toCidrs } from '../../rules/index.ts'
import { enumerated, inEachLanguage, t } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

/** The traffic that one new rule lets through: the probe's protocol and port from one CIDR of its sources. */
export interface Opening {
  readonly protocol: Probe['protocol']
  readonly port: number | null
  readonly cidr: string
  /** The targets as the fewest CIDRs. If these are too many, the targets' subnets. */
  readonly targets: readonly string[]
}

/** Exactly the openings that the probes to these targets need. */
export function openingsOf(targets: readonly EvaluatedTarget[], snapshot: Snapshot): readonly Opening[] {
  const all = new Map<string, Omit<Opening, 'targets'> & { readonly targets: EvaluatedTarget[] }>()
  for (const target of targets) {
    if (target.plan.kind === 'none') continue
    const { protocol, port } = target.plan
    for (const { sources } of target.plan.origins)
      for (const cidr of sources ? toCidrs(sources) : []) {
        const key = `${protocol} ${port} ${cidr}`
        const opening = all.get(key) ?? { protocol, port, cidr, targets: [] }
        opening.targets.push(target)
        all.set(key, opening)
      }
  }
  return [...all.values()].map((opening) => ({ ...opening, targets: addressesOf(opening.targets, snapshot) }))
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

/** For example `TCP 8080`, or `replies from TCP 8080`. ICMP has no port. */
export const servicesText = (openings: readonly Opening[], isReply: boolean): Text =>
  inEachLanguage((language) => {
    const services = openings.map(({ protocol, port }) => {
      const name = protocol.toUpperCase()
      if (port === null) return name
      return isReply ? t(TEXTS.reply, { protocol: name, port }, language) : `${name} ${port}`
    })
    return enumerated([...new Set(services)], language)
  })
