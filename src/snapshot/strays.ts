import { serviceKey } from '../model/endpoint.ts'
import { type Fact, ok, known as valueIn } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import { within } from '../model/ip.ts'
import type { AddressOwner, NetworkInterface } from '../model/snapshot.ts'
import { backendsOf, claimOn, isDirect } from './backends.ts'
import { crossTargetsOf, farOff } from './behind-ccn.ts'
import { placeOf } from './front.ts'
import { type Entry, type Known, type Lead, leads, leadsAt, NOTHING_READ } from './known.ts'

// Addresses without a machine or network interface, and their owners. Most owners are managed services.

/** Types whose location comes from the owner of the address if no interface has it. */
const OWNED = new Set([null, 'CVM', 'ENI', 'EVM', 'UNKNOWN'])

/** Addresses in the VPC without a machine or interface. Something else may own them. */
export function strayLeads(known: Known): readonly Lead[] {
  const backends = backendsOf(known)
  const vpcId = placeOf(known)?.vpcId
  const far = farOff(known)
  if (!backends || !vpcId || !far) return []
  const targets = crossTargetsOf(known)
  const ranges = valueIn(known.vpcs.get(vpcId)?.fact)?.cidrs
  const isInVpc = ranges && within(ranges)
  return backends.addresses.filter(isDirect).flatMap((address) => {
    const { ip, type } = address
    const isLocal = isInVpc ? isInVpc(ip) : type !== 'CCN'
    if (!isLocal) return []
    const depth = Math.max(backends.depth, far.depth)
    if (type === 'CCN') return valueIn(targets[ip]) ? [] : leadsAt(depth, [ip])
    if (!OWNED.has(type)) return []
    const claim = claimOn(known, address)
    const found = backends.bare.has(ip) ? known.addressInterfaces.get(ip) : NO_INTERFACE
    if (!claim || claim.isTaken || !found || found.fact.state !== 'ok' || found.fact.value) return []
    return leadsAt(Math.max(depth, claim.depth, found.depth), [ip])
  })
}

/** Stands for the interface of an address for which no lookup was needed. */
const NO_INTERFACE: Entry<null> = { fact: ok(null), depth: NOTHING_READ }

/** Addresses whose owner the first call did not find or could not read. The second call only gives the product. */
export const productLeads = (known: Known): readonly Lead[] =>
  [...known.usedAddresses].flatMap(([ip, { fact, depth }]) =>
    fact.state !== 'ok' || fact.value === null ? leadsAt(depth, [ip]) : [],
  )

/** Managed services that own an address. */
export const serviceLeads = (known: Known): readonly Lead[] =>
  [...known.usedAddresses].flatMap(([ip, entry]) =>
    leads([entry], ({ id }) => (id === null || hasPrefix(id, 'eni') ? [] : [serviceKey(id, ip)])),
  )

export const ownerInterfaceLeads = (known: Known): readonly Lead[] =>
  leads(known.usedAddresses.values(), ({ id }) => (hasPrefix(id, 'eni') ? [id] : []))

/** The interfaces that own such an address. */
export const interfacesOfOwners = (known: Known): Record<string, Fact<NetworkInterface | null>> =>
  Object.fromEntries(
    [...known.usedAddresses].flatMap(([ip, { fact }]) => {
      const entry = known.ownerInterfaces.get(valueIn(fact)?.id ?? '')
      return entry ? [[ip, entry.fact] as const] : []
    }),
  )

/** The owner of each address, from both calls. Null if nothing uses the address. */
export const addressOwnersOf = (known: Known): Record<string, Fact<AddressOwner | null>> =>
  Object.fromEntries(
    [...known.usedAddresses].map(([ip, { fact }]): [string, Fact<AddressOwner | null>] => {
      const asked = known.addressProducts.get(ip)?.fact
      const product = valueIn(asked)
      // An address has no owner only if both calls say so.
      const isOpen = valueIn(fact) === null && asked && asked.state !== 'ok'
      if (!product) return [ip, isOpen ? asked : fact]
      const unread = fact.state === 'ok' ? {} : { unread: fact.failure }
      return [ip, ok({ type: product, id: null, subnetId: null, ...unread })]
    }),
  )
