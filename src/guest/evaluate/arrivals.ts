import type { FilterPart, SentOn } from '../../filter/index.ts'
import { type AddressSet, union } from '../../rules/index.ts'
import type { Given } from './given.ts'
import { shortest, type VirtualService, virtualServicesIn } from './ipvs.ts'
import { protocolOf } from './reasons.ts'

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Sources whose packets come to the same place. */
export interface Arrival {
  readonly sources: AddressSet
  /** One, or several of which chance takes one. */
  readonly endpoints: readonly Endpoint[]
  /** True if the machine sends the packets on, to a pod or to the machine behind it. */
  readonly isForwarded: boolean
  /** False if a filter that was not read may send them to another place. */
  readonly isKnown: boolean
  /** What takes them in place of a socket. */
  readonly virtual: VirtualService | null
}

export function arrivalsOf(parts: readonly FilterPart[], given: Given): readonly Arrival[] {
  const found = new Map<string, Arrival>()
  for (const part of parts) {
    const arrival = arrivalOf(part, given)
    const key = JSON.stringify([arrival.endpoints, arrival.isForwarded, arrival.isKnown])
    const other = found.get(key)
    const sources = other === undefined ? part.sources : union(other.sources, part.sources)
    found.set(key, { ...arrival, sources })
  }
  return [...found.values()]
}

function arrivalOf(part: FilterPart, given: Given): Arrival {
  const { check, machine } = given
  const { sources, sentOn, isForwarded } = part
  const here: Endpoint = { address: check.ip, port: check.port ?? 0 }
  const endpoints = sentOn.length === 0 ? [here] : sentOn.map((one) => endpointOf(one, here))
  const isElsewhere = endpoints.every(({ address }) => !machine.isLocal(address))
  const virtual = isElsewhere ? null : virtualServiceOf(here, given)
  return {
    sources,
    endpoints: virtual !== null && virtual.servers.length > 0 ? virtual.servers : endpoints,
    isForwarded: isForwarded || isElsewhere || (virtual !== null && virtual.servers.length > 0),
    isKnown: isDnatKnown(part),
    virtual,
  }
}

const endpointOf = ({ address, port }: SentOn, here: Endpoint): Endpoint => ({
  address,
  port: port ?? here.port,
})

/** A packet that was stopped before the table nat may have been meant for another address. */
const isDnatKnown = ({ verdict, leg, by, sentOn }: FilterPart): boolean =>
  verdict !== 'unknown' &&
  (verdict === 'pass' ||
    leg !== 'request' ||
    sentOn.length > 0 ||
    (by !== null && (/^filter$/.test(by.table) || /input/i.test(by.chain))))

function virtualServiceOf({ address, port }: Endpoint, { facts, check }: Given): VirtualService | null {
  const protocol = protocolOf(check, facts)
  const own = shortest(address)
  return (
    virtualServicesIn(facts.ipvs ?? '').find(
      (one) => one.protocol === protocol && one.address === own && one.port === port,
    ) ?? null
  )
}
