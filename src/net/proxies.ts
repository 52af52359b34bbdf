import http from 'node:http'
import https from 'node:https'
import { bareHost, ipFamily, isLoopback, within } from '../model/ip.ts'
import { Secret } from '../model/secret.ts'

/** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. A proxy's address can hold a password. */
export interface Proxies {
  readonly https: Secret | null
  readonly http: Secret | null
  /** Hosts to reach directly, as `NO_PROXY` lists them. */
  readonly exempt: string
}

export const NO_PROXIES: Proxies = { https: null, http: null, exempt: '' }

/** `http://user:password@host:3128`, `host:3128` …; null where that is not a proxy. */
export function parseProxy(text: string): Secret | null {
  const address = text.includes('://') ? text : `http://${text}`
  try {
    const { protocol, username, password } = new URL(address)
    decodeURIComponent(username + password)
    return protocol === 'http:' || protocol === 'https:' ? new Secret(address) : null
  } catch {
    return null
  }
}

/** An agent for requests to this URL: through the proxy that is set for it, or direct. */
export async function createAgent(
  url: URL,
  proxies: Proxies,
  options: http.AgentOptions = {},
): Promise<http.Agent> {
  const proxy = proxyFor(url, proxies)
  if (!proxy) return new (url.protocol === 'https:' ? https : http).Agent(options)
  // Loaded only where it is needed: the build gives it a file of its own.
  const { ProxyAgent } = await import('./proxy-agent.ts')
  return new ProxyAgent(proxy, options)
}

/** Plain HTTP on loopback never goes through a proxy: no proxy could reach it, and it is not encrypted. */
export function proxyFor(url: URL, proxies: Proxies): URL | null {
  const host = bareHost(url.hostname)
  const isSecure = url.protocol === 'https:'
  const proxy = isSecure ? proxies.https : proxies.http
  if (!proxy || (!isSecure && isLoopback(host))) return null
  const port = url.port || (isSecure ? '443' : '80')
  const isDirect = proxies.exempt.split(/[\s,]+/).some((entry) => isExempt(host, port, entry.toLowerCase()))
  return isDirect ? null : new URL(proxy.reveal())
}

/** `entry`: `*`, a name (also for what ends in `.name`), an IP or a CIDR; a name or an IP can end in `:port`. */
function isExempt(host: string, port: string, entry: string): boolean {
  if (entry === '' || entry === '*') return entry === '*'
  if (entry.includes('/')) return within([entry])(host)
  const withPort = ipFamily(entry) !== null ? null : /^(.+):(\d+)$/.exec(entry)
  if (withPort && withPort[2] !== port) return false
  const name = bareHost(withPort?.[1] ?? entry).replace(/^\*?\./, '')
  return host === name || (ipFamily(host) === null && host.endsWith(`.${name}`))
}
