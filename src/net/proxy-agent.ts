import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import tls from 'node:tls'
import { Agent, type AgentConnectOpts } from 'agent-base'
import { bareHost, ipFamily } from '../model/ip.ts'

const CONNECT_TIMEOUT_MS = 10_000

/** The proxy gave no connection. The message names only its host and port, because its URL can hold a password. */
class ProxyError extends Error {
  override readonly name = 'ProxyError'
  readonly code: string
  readonly status: number | null

  constructor(message: string, code: string, status: number | null = null) {
    super(message)
    this.code = `Proxy${code}`
    this.status = status
  }
}

/**
 * Reaches every host by CONNECT, also for plain HTTP: a request to a custom API origin keeps the Host header of the
 * real API, and a proxy that forwards plain requests would follow that header.
 */
export class ProxyAgent extends Agent {
  readonly #proxy: URL
  readonly #pending = new Set<http.ClientRequest>()

  constructor(proxy: URL, options: http.AgentOptions) {
    super(options)
    this.#proxy = proxy
  }

  override async connect(_: http.ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    const socket = await this.#tunnel(options)
    // `host` stays set: the certificate must match it, even if it is an IP address.
    return options.secureEndpoint ? tls.connect({ ...options, socket }) : socket
  }

  override destroy(): void {
    for (const connect of this.#pending) connect.destroy()
    super.destroy()
  }

  /** A connection to the target through the proxy. */
  #tunnel({ host = '', port }: AgentConnectOpts): Promise<Socket> {
    const proxy = this.#proxy
    const target = `${ipFamily(host) === 6 ? `[${host}]` : host}:${port}`
    const proxyHost = bareHost(proxy.hostname)
    return new Promise((resolve, reject) => {
      const connect = (proxy.protocol === 'https:' ? https : http).request({
        host: proxyHost,
        port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
        servername: ipFamily(proxyHost) !== null ? '' : proxyHost,
        method: 'CONNECT',
        path: target,
        headers: { host: target, ...authorization(proxy) },
        agent: false,
        timeout: CONNECT_TIMEOUT_MS,
      })
      const refuse = (detail: string, code: string, status?: number): void => {
        connect.destroy()
        reject(new ProxyError(`the proxy ${proxy.host} ${detail}`, code, status))
      }
      connect.on('timeout', () => refuse(`gave no connection to ${target} in time`, 'Timeout'))
      connect.on('error', (error) => {
        const code = 'code' in error ? String(error.code) : 'Error'
        refuse(`cannot be reached: ${code}`, code)
      })
      connect.on('connect', ({ statusCode = 0 }, socket, early) => {
        if (statusCode !== 200)
          return refuse(`refused a connection to ${target}: HTTP ${statusCode}`, `${statusCode}`, statusCode)
        socket.setTimeout(0)
        socket.unshift(early)
        resolve(socket)
      })
      connect.on('close', () => this.#pending.delete(connect))
      this.#pending.add(connect)
      connect.end()
    })
  }
}

function authorization({ username, password }: URL): http.OutgoingHttpHeaders {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}
