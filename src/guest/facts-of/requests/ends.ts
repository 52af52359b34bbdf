import type { RequestEnd } from '../../facts.ts'

// How curl, wget and nc say that a request ended.

type Failed = Exclude<RequestEnd['kind'], 'answer' | 'grpc' | 'bytes'>

const bare = (kind: Failed, ms: number | null): RequestEnd => ({ kind, ms })

/** The words of the kernel for a failed connection. */
export function whyClosed(text: string): Failed | null {
  if (/connection refused/i.test(text)) return 'refused'
  if (
    /no route to host|(?:network|host) is unreachable|permission denied|operation not permitted/i.test(text)
  )
    return 'unreachable'
  return null
}

/**
 * The end of a curl. Its exit code is not kept behind a pipe, so its own words come first: `curl: (28) …`. Newer versions
 * say "Couldn't connect to server" for every reason.
 */
export function curlEnd(exit: number, said: string, status: number | null, ms: number | null): RequestEnd {
  const code = Number(/curl: \((\d+)\)/.exec(said)?.[1] ?? exit)
  if (status !== null && status !== 0) return { kind: 'answer', status, ms: code === 28 ? null : ms }
  const isReset = /reset by peer|connection was reset/i.test(said)
  switch (code) {
    case 7:
      return bare(whyClosed(said) ?? (/timed out/i.test(said) ? 'connect-timeout' : 'refused'), ms)
    case 28:
      return bare(timeoutOf(said), ms)
    case 52:
      return bare('empty', ms)
    case 35:
    case 55:
    case 56:
      return bare(
        isReset ? 'reset' : NOT_TLS.test(said) ? 'not-tls' : IN_TLS.test(said) ? 'tls-error' : 'empty',
        ms,
      )
    case 1:
    case 8:
    case 16:
    case 92:
      return bare('not-http', ms)
    // curl does not trust the certificate. What the check asks of it is not documented.
    case 51:
    case 60:
    case 83:
    case 90:
    case 91:
      return bare('tls', ms)
    case 53:
    case 54:
    case 58:
    case 59:
    case 77:
      return bare('failed', ms)
    case 124:
    case 137:
    case 143:
      return bare('timeout', ms)
    default:
      return bare(isReset ? 'reset' : 'failed', ms)
  }
}

/** The words of OpenSSL, GnuTLS, NSS, mbed TLS and wolfSSL for an answer that is no TLS. */
const NOT_TLS =
  /wrong version number|packet length too long|unknown protocol|http request|unexpected TLS packet|RECORD_TOO_LONG|record that exceeded|invalid SSL record|record layer version/i

/** A broken connection alone (SSL_ERROR_SYSCALL, "unexpected eof") does not tell whether anybody speaks TLS. */
const IN_TLS = /^(?!.*(?:SSL_ERROR_SYSCALL|unexpected eof|EOF was observed)).*(?:SSL|TLS|alert|handshake)/is

function timeoutOf(said: string): Failed {
  if (/curl: \(28\) (?:Operation timed out|SSL connection timeout|Resolving)/.test(said))
    return 'answer-timeout'
  return /Connection time(?:d )?out|Failed to connect|connect\(\) timed out/i.test(said)
    ? 'connect-timeout'
    : 'timeout'
}

/**
 * The end of a wget of GNU or BusyBox with `-S`. It follows redirects: its first answer counts. BusyBox says
 * "Connecting to" before it connects, GNU says "connected." after it.
 */
export function wgetEnd(exit: number, said: string, printed: string): RequestEnd {
  const status = /HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(said)?.[1]
  if (status !== undefined) return { kind: 'answer', status: Number(status), ms: null }
  const isConnected = /awaiting response|error getting response|\bconnected\./i.test(said)
  const closed = isConnected ? null : whyClosed(said)
  if (closed !== null) return bare(closed, null)
  if (/reset by peer/i.test(said)) return bare('reset', null)
  if (/certificate/i.test(said)) return bare('tls', null)
  if (NOT_TLS.test(said)) return bare('not-tls', null)
  if (IN_TLS.test(said)) return bare('tls-error', null)
  if (/no data received|error getting response|unexpected eof/i.test(said)) return bare('empty', null)
  if (/bad response|malformed status|no headers, assuming/i.test(said)) return bare('not-http', null)
  if (/timed out/i.test(said) || [124, 137, 143].includes(exit))
    return bare(
      isConnected ? 'answer-timeout' : /connection timed out/i.test(said) ? 'connect-timeout' : 'timeout',
      null,
    )
  if (/too many redirect/i.test(said)) return bare('open', null)
  // Without `-S` it prints the page at the end of all redirects, and no status.
  if (exit === 0 && said.trim() === '' && printed !== '') return bare('open', null)
  return bare('failed', null)
}

/** The end of `nc`, which only connects. A limit of its own (`-w`) ends the wait for a connection, not that for an answer. */
export function ncEnd(exit: number, said: string, hasLimit: boolean): RequestEnd {
  const closed = whyClosed(said)
  if (closed !== null) return bare(closed, null)
  if (/timed out|operation now in progress|timeout/i.test(said)) return bare('connect-timeout', null)
  if (exit === 0) return bare('open', null)
  if ([124, 137, 143].includes(exit)) return bare(hasLimit ? 'open' : 'timeout', null)
  return bare('failed', null)
}
