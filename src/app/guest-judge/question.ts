import { type GuestCheck, type GuestFacts, sourcesIn, USUAL_CODES, USUAL_TIMEOUT } from '../../guest/index.ts'
import { codeBit } from '../../model/http-codes.ts'
import { ipFamily, isIpv6 } from '../../model/ip.ts'

/** What the command line says about the check. Null or missing: it says nothing. */
export interface AskedCheck {
  readonly kind: 'tcp' | 'http' | 'https' | 'ping' | null
  readonly path: string | null
  readonly host: string | null
  readonly method: string | null
  /** Bit mask. */
  readonly codes: number | null
  readonly timeoutSeconds: number | null
}

export interface AskedTarget {
  readonly ip: string
  /** Null for a ping. */
  readonly port: number | null
}

/** `10.0.1.16:80`, `[fd00::16]:80`, and for a ping an address alone. Null for any other text. */
export function targetIn(text: string): AskedTarget | null {
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const ip = six ?? four ?? text
  if (ipFamily(ip) === null || ip.includes('%') || Number(port ?? 0) > 65_535) return null
  return { ip, port: port === undefined ? null : Number(port) }
}

/** An address, a CIDR or a range, as it was written. Null for any other text. */
export const sourceIn = (text: string): string | null =>
  sourcesIn([text], 4) === null && sourcesIn([text], 6) === null ? null : text

/** `2xx,3xx` as the mask of the API. Null for any other text. */
export function codesIn(text: string): number | null {
  const classes = text.split(/[\s,]+/).filter((one) => one !== '')
  const bits = classes.map((one) => /^([1-5])xx$/i.exec(one)?.[1])
  if (classes.length === 0 || bits.includes(undefined)) return null
  return bits.reduce((mask, hundred) => mask | codeBit(Number(hundred) * 100), 0)
}

/** What was looked at, if nobody names it: what the probe was told, else what curl asked for. Null if nothing tells. */
export function targetOf({ target, requests }: GuestFacts): AskedTarget | null {
  if (target !== null) return { ip: target.ip, port: target.port }
  const asked = requests.find(({ address }) => !/^(?:127\.|::1$)/.test(address))
  return asked === undefined ? null : { ip: asked.address, port: asked.port }
}

/** The check of contract 8: `GET /`, any code from 1xx to 4xx, 5 s, unless the probe's own request or the user says more. */
export function checkOf(facts: GuestFacts, { ip, port }: AskedTarget, asked: AskedCheck): GuestCheck {
  const own = facts.requests.find((request) => request.isOfCheck)
  const kind = asked.kind ?? kindOf(facts, own?.scheme ?? null)
  const sent = own?.scheme === kind ? own : undefined
  // Lines of requests may be lost. What the script was asked to send stands at the beginning, too.
  const told = facts.target?.kind === kind ? facts.target : null
  return {
    kind,
    ip,
    port: kind === 'ping' ? null : port,
    method: (asked.method ?? sent?.method ?? 'GET').toUpperCase(),
    host: asked.host ?? sent?.host ?? told?.host ?? null,
    path: asked.path ?? sent?.path ?? told?.path ?? '/',
    httpVersion: null,
    httpCodes: asked.codes ?? facts.target?.codes ?? USUAL_CODES,
    extendedCode: null,
    sendHex: null,
    receiveHex: null,
    ...(kind === 'custom' || kind === 'grpc' ? { isAnswerUnknown: true } : {}),
    timeoutSeconds: asked.timeoutSeconds ?? secondsOf(sent) ?? facts.target?.timeoutSeconds ?? USUAL_TIMEOUT,
    intervalSeconds: null,
  }
}

/** The probe waits for the check's own time-out, and never longer than 10 s. */
const secondsOf = (own: GuestFacts['requests'][number] | undefined): number | null =>
  own?.allowedMs && own.allowedMs < 10_000 ? own.allowedMs / 1000 : null

function kindOf(
  { target }: GuestFacts,
  scheme: GuestFacts['requests'][number]['scheme'] | null,
): GuestCheck['kind'] {
  if (target?.protocol === 'icmp' || target?.protocol === 'icmpv6') return 'ping'
  return scheme ?? target?.kind ?? (target?.protocol === 'udp' ? 'udp' : 'http')
}

export const targetText = ({ ip, port }: AskedTarget): string =>
  port === null ? ip : isIpv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`
