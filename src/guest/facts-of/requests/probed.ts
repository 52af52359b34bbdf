import type { LocalRequest, RequestEnd } from '../../facts.ts'
import { PROBE_AGENT } from '../../usual.ts'
import { msOf } from './command.ts'
import { curlEnd, wgetEnd, whyClosed } from './ends.ts'

// A request of the probe: `TOOL SCHEME METHOD ADDRESS PORT own|near ALLOWED-MS EXIT MS what was printed`.

const SCHEMES = ['tcp', 'udp', 'http', 'https', 'grpc', 'custom', 'ping'] as const

interface Sent {
  readonly scheme: LocalRequest['scheme']
  readonly exit: number
  readonly ms: number
  readonly printed: string
}

/** Every request of the probe is for the path of the check, and all but those of wget for its Host. */
export interface AskedFor {
  readonly path: string | null
  readonly host: string | null
}

/** The exit status of a tool for which no time was left. */
const NO_TIME = 125

/** Null if it was not sent, or is not such a line. */
export function probedRequest(line: string, asked: AskedFor): LocalRequest | null {
  const [
    tool = '',
    scheme = '',
    method = '',
    address = '',
    port = '',
    own = '',
    allowed = '',
    exit = '',
    ms = '',
  ] = line.split(' ')
  const known = SCHEMES.find((name) => name === scheme)
  if (known === undefined || ![port, allowed, exit, ms].every((text) => /^\d+$/.test(text))) return null
  if (Number(exit) === NO_TIME) return null
  const printed = line.split(' ').slice(9).join(' ')
  const isHttp = known === 'http' || known === 'https' || known === 'grpc'
  return {
    address,
    port: Number(port),
    scheme: known,
    method: method === '-' ? null : method,
    host: isHttp && tool !== 'wget' ? asked.host : null,
    agent: isHttp ? PROBE_AGENT : null,
    path: isHttp ? asked.path : null,
    isOfCheck: own === 'own',
    allowedMs: Number(allowed),
    tool,
    end: endOf(tool, { scheme: known, exit: Number(exit), ms: Number(ms), printed }),
  }
}

function endOf(tool: string, sent: Sent): RequestEnd {
  switch (tool) {
    case 'curl':
      return sent.scheme === 'grpc'
        ? grpcEnd(sent)
        : sent.scheme === 'tcp'
          ? curlTcpEnd(sent)
          : curlHttpEnd(sent)
    case 'wget':
      return wgetEnd(sent.exit, sent.printed, '')
    case 'ping':
      return pingEnd(sent)
    default:
      if (sent.scheme === 'https') return greetingEnd(sent)
      return sent.scheme === 'http' || sent.scheme === 'tcp' ? lineEnd(tool, sent) : bytesEnd(sent)
  }
}

function curlHttpEnd({ exit, printed, ms }: Sent): RequestEnd {
  const status = /\bcode=(\d{3})/.exec(printed)?.[1]
  const total = msOf(/\btotal=([\d.]+)/.exec(printed)?.[1]) ?? ms
  return curlEnd(exit, printed, status === undefined ? null : Number(status), total)
}

function grpcEnd({ exit, printed, ms }: Sent): RequestEnd {
  const status = /grpc-status: *(\d+)/i.exec(printed)?.[1]
  if (status !== undefined) return { kind: 'grpc', status: Number(status), ms }
  if (exit !== 0) return curlEnd(exit, printed, null, ms)
  return /HTTP\/2/.test(printed) ? { kind: 'grpc', status: null, ms } : { kind: 'not-http', ms }
}

function curlTcpEnd({ exit, printed, ms }: Sent): RequestEnd {
  return exit === 0 ? { kind: 'open', ms } : curlEnd(exit, printed, null, ms)
}

function pingEnd({ exit, printed, ms }: Sent): RequestEnd {
  if (exit === 0) return { kind: 'open', ms }
  return { kind: /100% packet loss/.test(printed) ? 'timeout' : 'failed', ms }
}

/** Bash's `read` ends with more than 128 at its limit, and so does what was killed. */
const isLate = (exit: number): boolean => exit > 128

/**
 * `connected` stands before what came back. nc of an older script, and nc that only connects, prints nothing, and its time
 * is that of the whole wait.
 */
function lineEnd(tool: string, { scheme, exit, printed, ms: took }: Sent): RequestEnd {
  const isBash = tool === 'bash' || /^connected\b/.test(printed)
  const ms = isBash ? took : null
  const isOpen = isBash ? /^connected\b/.test(printed) : scheme === 'tcp' && exit === 0
  const rest = printed.replace(/^connected\s*/, '').trim()
  const closed = isOpen ? null : whyClosed(printed)
  if (closed !== null) return { kind: closed, ms }
  if (scheme === 'tcp') {
    if (isOpen) return { kind: 'open', ms }
    return { kind: isLate(exit) || /timed out/i.test(printed) ? 'connect-timeout' : 'failed', ms }
  }
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(rest)?.[1]
  if (status !== undefined) return { kind: 'answer', status: Number(status), ms }
  if (/reset by peer/i.test(rest)) return { kind: 'reset', ms }
  if (!isBash && /timed out/i.test(rest)) return { kind: 'connect-timeout', ms }
  if (!isBash) return { kind: rest === '' ? (exit === 0 ? 'timeout' : 'failed') : 'not-http', ms }
  if (!isOpen) return { kind: isLate(exit) ? 'connect-timeout' : 'failed', ms }
  if (rest !== '') return { kind: 'not-http', ms }
  return { kind: isLate(exit) ? 'answer-timeout' : 'empty', ms }
}

/** The first bytes that came back to a ClientHello: a record of TLS is a handshake (22) or an alert (21). */
function greetingEnd(sent: Sent): RequestEnd {
  const end = bytesEnd(sent)
  if (end.kind !== 'bytes') return end
  return { kind: /^1[56]03/.test(end.hex) ? 'tls' : 'not-tls', ms: null }
}

/** Hexadecimal of everything that was printed: perhaps `connected`, then the bytes or what went wrong. */
function bytesEnd({ scheme, printed, ms }: Sent): RequestEnd {
  const hex = printed.replace(/\s/g, '')
  const all = Buffer.from(hex, 'hex').toString('latin1')
  const said = all.replace(/^connected\n/, '')
  const isOpen = said !== all
  const words = /^(?:bash|dd|nc|sh|Ncat|\S+: line \d+)[: ]/m.test(said) ? said : null
  if (words !== null) {
    const closed = whyClosed(words)
    if (closed !== null) return { kind: closed, ms }
    if (/reset by peer/i.test(words)) return { kind: 'reset', ms }
  }
  if (words === null && said !== '')
    return { kind: 'bytes', hex: Buffer.from(said, 'latin1').toString('hex'), ms }
  if (scheme === 'udp') return { kind: 'open', ms }
  return { kind: isOpen ? 'answer-timeout' : 'timeout', ms }
}
