import http from 'node:http'
import https from 'node:https'
import { bareHost, ipFamily } from '../model/ip.ts'

export interface Received {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

export interface PostOptions {
  /** Default: POST. */
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
  readonly agent: http.Agent
  readonly signal: AbortSignal
  /**
   * Milliseconds for each phase, counted from the end of the phase before. The wait for a free connection does not
   * count.
   */
  readonly limits: { readonly connect: number; readonly head: number; readonly body: number }
  /** A longer answer is cut at this many bytes. */
  readonly mostBytes?: number
}

/**
 * The request got no complete answer. The runtime's own error is not kept, because it can hold received bytes, which
 * may echo a secret of the request.
 */
export class PostError extends Error {
  override readonly name = 'PostError'
  /**
   * The runtime's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, `HPE_INVALID_CONSTANT`), `Timeout`, or a code that begins
   * with `Proxy`.
   */
  readonly code: string
  /** False if the request certainly did not arrive. */
  readonly isConnected: boolean
  /** True if the server's certificate or protocol is wrong. A retry does not help. */
  readonly isTls: boolean
  /** The proxy's HTTP status if it refused the connection. */
  readonly proxyStatus: number | null

  constructor(error: unknown, isConnected: boolean, isLate: boolean) {
    const given = error instanceof Error ? error : new Error('the connection was closed')
    super(isLate ? 'no answer in time' : given.message)
    this.code = isLate ? 'Timeout' : 'code' in given ? String(given.code) : 'ECONNRESET'
    this.isConnected = isConnected
    this.isTls = TLS.test(this.code)
    this.proxyStatus = 'status' in given && typeof given.status === 'number' ? given.status : null
  }
}

const TLS = /^EPROTO$|CERT|TLS|SSL|SELF_SIGNED|ALTNAME|UNABLE_TO/

/**
 * Sends one request and does not follow redirects. `fetch` is not used: it does not say whether a failed request had left,
 * and it takes long to load.
 * @throws PostError
 */
export function post(url: URL, options: PostOptions): Promise<Received> {
  const {
    headers,
    body,
    agent,
    signal,
    limits,
    method = 'POST',
    mostBytes = Number.POSITIVE_INFINITY,
  } = options
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:'
    const host = bareHost(url.hostname)
    const request = (isSecure ? https : http).request(url, {
      method,
      headers: method === 'GET' ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      agent,
      signal,
      // Without this, Node takes the server name from the Host header, and a custom API origin has another name.
      servername: ipFamily(host) !== null ? '' : host,
    })
    let isConnected = false
    let isLate = false
    let timer: NodeJS.Timeout | undefined
    const allow = (ms: number): void => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        isLate = true
        request.destroy()
      }, ms)
    }
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', fail)
    }
    const fail = (error?: unknown): void => {
      settle()
      reject(new PostError(error, isConnected, isLate || signal.aborted))
    }
    const connected = (): void => {
      isConnected = true
      allow(limits.head)
    }

    // Node does not abort a request while it waits for its connection.
    signal.addEventListener('abort', fail)
    request.on('socket', (socket) => {
      allow(limits.connect)
      if (request.reusedSocket || (!isSecure && !socket.connecting)) connected()
      else socket.once(isSecure ? 'secureConnect' : 'connect', connected)
    })
    request.on('error', fail)
    request.on('response', (response) => {
      allow(limits.body)
      const chunks: Buffer[] = []
      let size = 0
      const answered = (): void => {
        settle()
        const whole = Buffer.concat(chunks)
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: whole.subarray(0, mostBytes),
        })
      }
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size <= mostBytes) return
        answered()
        request.destroy()
      })
      response.on('end', answered)
      response.on('error', fail)
      response.on('close', fail)
    })
    request.end(body)
  })
}
