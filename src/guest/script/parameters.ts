import { isIpv6 } from '../../model/ip.ts'
import type { GuestCheck } from '../evaluation.ts'
import type { GuestFacts } from '../facts.ts'
import { USUAL_INTERVAL } from '../usual.ts'
import { scriptHash } from './text.ts'

type Protocol = NonNullable<GuestFacts['target']>['protocol']

/** What the probe has to know: the check, where its probes come from, and in which protocol a custom check is sent. */
export interface Asked {
  readonly check: GuestCheck
  /** CIDRs. */
  readonly sources: readonly string[]
  /** Of a custom check. The others tell it by their kind. */
  readonly protocol?: Protocol
  /** Seconds that the probe may take. Without it all that it takes at most. */
  readonly within?: number
}

/** `ip route get` is asked for so many of the sources. */
const MOST_ROUTES = 4

/** The only argument of guest/probe.sh: Base64 of lines `key=value`. */
export function encodeParameters(asked: Asked): string {
  const { check, sources, within } = asked
  const gets = sources.flatMap((cidr) => (cidr.endsWith('/0') ? [] : [cidr.replace(/\/\d+$/, '')]))
  return encoded({
    ...requestOf(asked),
    interval: String(Math.max(1, Math.round(check.intervalSeconds ?? USUAL_INTERVAL))),
    sources: sources.join(','),
    gets: gets.slice(0, MOST_ROUTES).join(','),
    ...(within === undefined ? {} : { within: String(Math.floor(within)) }),
  })
}

/** For another machine: it sends the check's own request to the target and looks at nothing of its own. */
export const encodePeer = (asked: Pick<Asked, 'check' | 'protocol'>): string =>
  encoded({ ...requestOf(asked), mode: 'peer' })

/** What guest/probe.sh waits for an answer at most. */
const MOST_PATIENCE = 10
/** How long it may take at most. */
const MOST_SECONDS = 40
/** Seconds between two samples if a whole interval does not fit. */
const LONG_ENOUGH = 15
/** For the tools that list sockets, routes and rules. */
const LISTING = 4

/**
 * How long the probe takes on a machine whose tools answer: its requests, and the time between two samples. With more
 * time it takes a third one.
 */
export function probeSeconds({ timeoutSeconds, intervalSeconds }: GuestCheck): number {
  const requests = 2 * Math.min(timeoutSeconds, MOST_PATIENCE) + 3
  const whole = intervalSeconds ?? USUAL_INTERVAL
  const interval = requests + whole + LISTING <= MOST_SECONDS ? whole : Math.min(whole, LONG_ENOUGH)
  return Math.min(MOST_SECONDS, requests + interval + LISTING)
}

function requestOf({ check, protocol }: Pick<Asked, 'check' | 'protocol'>): Readonly<Record<string, string>> {
  return {
    script: scriptHash(),
    target: check.ip,
    port: String(check.port ?? 0),
    protocol: protocol ?? protocolOf(check),
    kind: check.kind,
    method: check.method,
    host: check.host ?? '',
    path: check.path,
    version: check.httpVersion ?? '',
    send: check.sendHex ?? '',
    codes: String(check.httpCodes),
    timeout: String(Math.max(1, Math.ceil(check.timeoutSeconds))),
  }
}

const protocolOf = ({ kind, ip }: GuestCheck): Protocol =>
  kind === 'ping' ? (isIpv6(ip) ? 'icmpv6' : 'icmp') : kind === 'udp' ? 'udp' : 'tcp'

/** Every byte outside `[A-Za-z0-9._:/-]` as %XX: no value can end its line, and the shell script decodes it itself. */
function encoded(parameters: Readonly<Record<string, string>>): string {
  const lines = Object.entries(parameters).map(([key, value]) => `${key}=${escaped(value)}`)
  return Buffer.from(lines.join('\n'), 'latin1').toString('base64')
}

const escaped = (value: string): string =>
  [...Buffer.from(value, 'utf8')]
    .map((byte) => {
      const one = String.fromCharCode(byte)
      return /[A-Za-z0-9._:/-]/.test(one) ? one : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
