import type { Alarm, ClbReference } from '../model/alarm.ts'
import { hasPrefix, otherBalancer, parseAnyId, parseDomain, parseId } from '../model/ids.ts'
import { parseIp } from '../model/ip.ts'
import { address, text, unpacked } from '../model/untrusted.ts'
import { type Fields, loadBalancerId, port, positiveInteger, protocol } from './fields.ts'
import { type Reading, refused } from './reading.ts'

// Reads which CLB, listener and backend an alarm names. Most callbacks about listeners have no CLB id, only vip, port
// and protocol (intake facts 0, 2).

/** Does the payload say that it is about CLB, or about another product? */
export type Product = 'clb' | 'other' | 'unknown'

export interface Named {
  readonly clb: ClbReference
  readonly listener: Alarm['listener']
  readonly backend: Alarm['backend']
  /** True if the VIP is neither an address nor a domain, for example masked. */
  readonly badVip: boolean
  /** True if an instance of another product was named. */
  readonly foreignInstance: boolean
  /** Says that the alarm names a load balancer of another product. */
  readonly otherBalancer: string | null
  /** The ids if the alarm names several CLBs, else empty. */
  readonly severalIds: readonly string[]
}

interface Endpoint {
  readonly vip: string | null
  /** The domain of a CLB that has one in place of a VIP (platform facts C1). */
  readonly domain: string | null
  readonly port: number | null
  readonly protocol: string | null
  /** True if the text in place of the VIP is neither an address nor a domain. */
  readonly badVip: boolean
}

const NOWHERE: Endpoint = { vip: null, domain: null, port: null, protocol: null, badVip: false }
/** An object name ends in the CLB's tags, which can be many. */
const MAX_OBJECT_NAME = 65_536

/**
 * The names of a field, label or annotation that holds the CLB's id, and those of one that holds its VIP or domain. Case,
 * `_` and `-` do not count. docs/alarms.md lists them.
 */
export const ID_NAMES = [
  'unLoadBalancerId',
  'loadBalancerId',
  'lbId',
  'clbId',
  'loadBalancer',
  'clb',
  'lb',
  'unInstanceId',
  'instanceId',
  'objId',
] as const
export const VIP_NAMES = ['vip', 'loadBalancerVip', 'loadBalancerVips', 'lbVip', 'clbVip'] as const

const endpoint = (given: unknown, portText: unknown, protocolText: unknown): Endpoint => {
  const vip = /^\[(.+)\]$/.exec(text(given) ?? '')?.[1] ?? given
  const valid = address(vip)
  const domain = valid === null ? parseDomain(text(vip) ?? '') : null
  return {
    vip: valid,
    domain,
    port: port(portText),
    protocol: protocol(protocolText),
    badVip: valid === null && domain === null && text(vip) !== null,
  }
}

/** The address or domain of an endpoint. */
export const hostOf = ({ vip, domain }: Endpoint): string | null => vip ?? domain

/** `vip#vport#protocol` (intake facts 2). */
function hashedEndpoint(value: string): Endpoint {
  const [vip, vport, name, ...rest] = value.split('#')
  // A CVM's name has two parts, its address and a VPC number (intake facts 1.2). That address is not a VIP.
  return port(vport) === null || protocol(name) === null || rest.length > 0
    ? NOWHERE
    : endpoint(vip, vport, name)
}

/**
 * The endpoint in any part of a name such as `shop | Default-VPC | 203.0.113.26(https:443) | service:shop`. Empty if
 * parts contradict each other.
 */
export function endpointInName(value: unknown): Endpoint {
  const parts = (text(value, MAX_OBJECT_NAME) ?? '').split('|').flatMap((part) => {
    const segment = part.trim()
    if (segment.length > 128) return []
    const [, vip, name, vport] = /^\[?([^\s[\]()]+)\]?\s*\(([a-z0-9_]+):(\d+)\)$/i.exec(segment) ?? []
    const found = vip === undefined ? hashedEndpoint(segment) : endpoint(vip, vport, name)
    return hostOf(found) === null && !found.badVip ? [] : [found]
  })
  const valid = parts.filter((part) => hostOf(part) !== null)
  const [first] = valid
  if (first === undefined) return { ...NOWHERE, badVip: parts.length > 0 }
  return valid.every((part) => hostOf(part) === hostOf(first) && part.port === first.port) ? first : NOWHERE
}

/**
 * Does a policy type, namespace or product name mean CLB? For example `qce/lb_public`, `CLB_LISTENER_PRIVATE` or `clb`.
 */
export const namesClb = (value: string): boolean =>
  /(?:^|[^a-z])(?:c?lb|loadbalance)(?:[^a-z]|$)/i.test(value)

function isForeign(value: unknown): boolean {
  const id = parseAnyId(text(value) ?? '')
  return id !== null && !hasPrefix(id, 'lb') && !hasPrefix(id, 'clb')
}

function vpcOf(fields: Fields): Pick<ClbReference, 'vpcId' | 'numericVpcId'> {
  // The metric catalogue calls the dimension `lb_vpcid`. An event's objDetail has `uniqVpcId` (intake facts 1.3, 2).
  const values = [fields('vpcId'), fields('lb_vpcid'), fields('uniqVpcId')]
  const ids = values.flatMap((value) => text(value) ?? [])
  const numbers = values.flatMap((value) => positiveInteger(value) ?? [])
  return {
    vpcId: ids.map((id) => parseId(id, 'vpc')).find((id) => id !== null) ?? null,
    numericVpcId: numbers[0] ?? null,
  }
}

/**
 * The ids under the listed names, or if these give none, under any other name: there a value counts if all of it is one
 * id. Each id once.
 */
function idsIn(fields: Fields): readonly string[] {
  const listed = ID_NAMES.flatMap((name) => loadBalancerId(fields(name)) ?? [])
  const ids = listed.length > 0 ? listed : fields.ids
  return [...new Set(ids)]
}

/** The API itself gives a CLB's VIPs as a list. */
function onlyOne(value: unknown): unknown {
  const list = unpacked(value)
  return Array.isArray(list) && list.length === 1 ? list[0] : value
}

/** The first VIP or domain under the listed names, or else the first value there, which is neither. */
function vipIn(fields: Fields): unknown {
  const given = VIP_NAMES.map((name) => onlyOne(fields(name))).filter((value) => text(value) !== null)
  return given.find((value) => address(value) ?? parseDomain(text(value) ?? '')) ?? given[0]
}

/** Adds the id that the payload gives in another place. Two different ids are several CLBs. */
export function withId(named: Named, id: string | null): Named {
  if (id === null) return named
  const own = named.clb.loadBalancerId
  const ids = [...new Set([...(own === null ? [] : [own]), ...named.severalIds, id])]
  return { ...named, ...oneOf(ids), clb: { ...named.clb, ...oneOf(ids).clb } }
}

const oneOf = (ids: readonly string[]) => ({
  clb: { loadBalancerId: ids.length === 1 ? (ids[0] ?? null) : null },
  severalIds: ids.length > 1 ? ids : [],
})

/**
 * Reads the dimensions or labels in `fields`. `portIsBackends` says that the alarm is about a backend's port. Then
 * `port` is not the listener's, even if no backend is named.
 */
export function readNamed(fields: Fields, { portIsBackends = false } = {}): Named {
  const { clb, severalIds } = oneOf(idsIn(fields))
  const lanIp = fields('lanIp', 'rsip')
  const backendIp = address(lanIp)
  const fallBacks = [endpointInName(fields('objId')), endpointInName(fields('objName'))]
  const stated = endpoint(vipIn(fields), fields('vport'), fields('protocol'))
  const ownPort = port(fields('port'))
  // In alarms about a backend's port, `port` is the backend's and `loadBalancerPort` the listener's. In alarms about an
  // L7 listener, `port` is the listener's (intake facts 2).
  const aboutBackend = portIsBackends || lanIp !== undefined || fields('loadBalancerPort') !== undefined
  const vip = stated.vip ?? fallBacks.find((found) => found.vip !== null)?.vip ?? null
  const domain = vip === null ? [stated, ...fallBacks].map((found) => found.domain).find(Boolean) : undefined
  const listenerPort =
    stated.port ??
    port(fields('loadBalancerPort')) ??
    fallBacks.find((found) => found.port !== null && found.vip === vip)?.port ??
    (aboutBackend ? null : ownPort)
  const listenerProtocol =
    stated.protocol ??
    fallBacks.find((found) => found.protocol !== null && found.vip === vip)?.protocol ??
    null
  return {
    clb: {
      ...clb,
      vip,
      ...vpcOf(fields),
      ...(domain ? { domain } : {}),
    },
    listener:
      listenerPort === null && listenerProtocol === null
        ? null
        : { port: listenerPort, protocol: listenerProtocol },
    backend:
      backendIp === null
        ? null
        : { ip: backendIp, port: port(fields('rsPort')) ?? (aboutBackend ? ownPort : null) },
    badVip: vip === null && !domain && [stated, ...fallBacks].some((found) => found.badVip),
    foreignInstance: [fields('unInstanceId'), fields('instanceId')].some(isForeign),
    otherBalancer:
      ID_NAMES.map((name) => otherBalancer(text(fields(name)) ?? '')).find((one) => one !== null) ?? null,
    severalIds,
  }
}

/** `203.0.113.26:443`, `[2001:db8::1]:443` or an address alone, as a scrape's target has it, also as a URL. */
const TARGET = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\[([0-9a-f:.]+)\]|([0-9a-f:.]+?))(?::(\d{1,5}))?(?:\/.*)?$/i

const MOST_LETTERS = 256

/**
 * If nothing else names the CLB: the address in Prometheus's label `instance` as its VIP. It is only a guess, because
 * most instances are machines. The lookup decides.
 */
export function guessedFrom(named: Named, labels: Fields): Named {
  if (refusalFor(named, 'unknown')?.refusals[0]?.reason !== 'no-clb-named') return named
  const given = text(labels('instance'), MOST_LETTERS) ?? ''
  const [, bracketed, bare, ownPort] = parseIp(given) === null ? (TARGET.exec(given) ?? []) : ['', given]
  const vip = parseIp(bracketed ?? bare ?? '')
  if (vip === null) return named
  const listenerPort = port(ownPort)
  return {
    ...named,
    clb: { ...named.clb, vip, guessed: true },
    listener: named.listener ?? (listenerPort === null ? null : { port: listenerPort, protocol: null }),
  }
}

const MOST_IDS = 5

function severalText(ids: readonly string[]): string {
  const rest = ids.length > MOST_IDS ? `, and ${ids.length - MOST_IDS} more` : ''
  return `The alarm names several CLBs: ${ids.slice(0, MOST_IDS).join(', ')}${rest}; name one in loadbalancer_id.`
}

/**
 * The refusal if the fields do not lead to a CLB, else null. `aboutInstance` says that an instance id names the subject
 * of the alarm, so a VIP beside a database's id belongs to the database. Otherwise the instance may be a backend.
 */
export function refusalFor(named: Named, product: Product, { aboutInstance = false } = {}): Reading | null {
  if (product === 'other') return refused('not-clb', 'The alarm is about another product.')
  if (named.severalIds.length > 0) return refused('several-clbs', severalText(named.severalIds))
  if (named.clb.loadBalancerId !== null) return null
  // A VIP beside such an id is that load balancer's.
  if (named.otherBalancer !== null) return refused('not-clb', named.otherBalancer)
  if (product === 'unknown' && named.foreignInstance && (aboutInstance || named.clb.vip === null)) {
    return refused('not-clb', 'The alarm names an instance of another product.')
  }
  if (named.clb.vip !== null || named.clb.domain !== undefined) return null
  return named.badVip
    ? refused(
        'bad-vip',
        'The VIP that the alarm gives is neither an IP address nor a domain, and it gives no CLB id.',
      )
    : refused(
        'no-clb-named',
        'The alarm gives neither a CLB id nor a VIP; docs/alarms.md lists the names of both.',
      )
}
