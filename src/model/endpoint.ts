import { hasPrefix } from './ids.ts'
import { isIpv6 } from './ip.ts'

/**
 * `10.0.1.16:8080` or `[2001:db8::1]:8080` (RFC 3986, 3.2.2). Port 0 means no port and is not shown (platform facts
 * C3).
 */
export const endpointOf = ({ ip, port }: { readonly ip: string; readonly port: number }): string =>
  port === 0 ? ip : isIpv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`

interface Front {
  readonly protocol: string
  readonly port: number
  /** The last port of a listener for a range of ports. */
  readonly endPort?: number | null
  readonly domain?: string | null
  readonly url?: string | null
}

/** The listener or rule in front of the backends, for example `TCP:80`, `TCP:20000-20100` or `HTTPS:443 shop.example.com/`. */
export const poolName = ({ protocol, port, endPort, domain, url }: Front): string =>
  `${protocol}:${port}${endPort ? `-${endPort}` : ''}${domain ? ` ${domain}${url ?? ''}` : ''}`

/**
 * The key for the groups of a managed service. A CKafka instance has groups for each access point, so its key includes
 * the address.
 */
export const serviceKey = (id: string, ip: string): string => (hasPrefix(id, 'ckafka') ? `${id} ${ip}` : id)
