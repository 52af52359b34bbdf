import http from 'node:http'
import https from 'node:https'
import { bareHost, ipFamily, isLoopback, within } from '../model/ip.ts'
import { Secret } from '../model/secret.ts'

/** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. A proxy's URL can hold a password. */
export interface Proxies {
  readonly https: Secret | null
  readonly http: Secret | null
  /** Hosts to reach directly, in the form of `NO_PROXY`. */
  readonly exempt: string
}

export const NO_PROXIES: Proxies = { https: null, http: null, exempt: '' }

/** Parses `http://user:password@host:3128` or `host:3128`. Null if the text is not a proxy address. */
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

/** An agent for requests to this URL, through the proxy for it or direct. */
export async function createAgent(
  url: URL,
  proxies: Proxies,
  options: http.AgentOptions = {},
): Promise<http.Agent> {
  const proxy = proxyFor(url, proxies)
  if (!proxy) return new (url.protocol === 'https:' ? https : http).Agent(options)
  // Loaded on demand. The build puts it into its own file.
  const { ProxyAgent } = await import('./proxy-agent.ts')
  return new ProxyAgent(proxy, options)
}

/** Plain HTTP to loopback never uses a proxy: a proxy cannot reach it, and the request is not encrypted. */
export function proxyFor(url: URL, proxies: Proxies): URL | null {
  const host = bareHost(url.hostname)
  const isSecure = url.protocol === 'https:'
  const proxy = isSecure ? proxies.https : proxies.http
  if (!proxy || (!isSecure && isLoopback(host))) return null
  const port = url.port || (isSecure ? '443' : '80')
  const isDirect = proxies.exempt.split(/[\s,]+/).some((entry) => isExempt(host, port, entry.toLowerCase()))
  return isDirect ? null : new URL(proxy.reveal())
}

/** `entry` is `*`, an IP, a CIDR, or a name, which also covers its subdomains. A name or an IP can end in `:port`. */
function isExempt(host: string, port: string, entry: string): boolean {
  if (entry === '' || entry === '*') return entry === '*'
  if (entry.includes('/')) return within([entry])(host)
  const withPort = ipFamily(entry) !== null ? null : /^(.+):(\d+)$/.exec(entry)
  if (withPort && withPort[2] !== port) return false
  const name = bareHost(withPort?.[1] ?? entry).replace(/^\*?\./, '')
  return host === name || (ipFamily(host) === null && host.endsWith(`.${name}`))
}
