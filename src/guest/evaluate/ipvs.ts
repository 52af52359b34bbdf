import { bareHost } from '../../model/ip.ts'
import { parseAddresses, toCidrs } from '../../rules/index.ts'

/** A virtual service of IPVS, which takes packets although no socket listens. */
export interface VirtualService {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  /** Real servers with a weight above 0. */
  readonly servers: readonly { readonly address: string; readonly port: number }[]
}

/** The title of the real servers in /proc/net/ip_vs. ipvsadm writes more spaces. */
const PROC_TITLE = /RemoteAddress:Port Forward/

/**
 * Reads `ipvsadm -Ln` and /proc/net/ip_vs, whose numbers are hexadecimal. Services by mark have no address, and those of
 * SCTP are of no check, so they are left out with their real servers.
 */
export function virtualServicesIn(text: string): readonly VirtualService[] {
  const isProc = PROC_TITLE.test(text)
  const found: { -readonly [K in keyof VirtualService]: VirtualService[K] }[] = []
  let current: (typeof found)[number] | null = null
  for (const line of text.split('\n')) {
    const [first = '', second = '', , weight = ''] = line.trim().split(/\s+/)
    const at = endpointIn(second, isProc)
    if (first === '->') {
      // The title has the words `RemoteAddress:Port Forward Weight`.
      if (current && at && weight !== '0') current.servers = [...current.servers, at]
      continue
    }
    const protocol = first === 'TCP' ? 'tcp' : first === 'UDP' ? 'udp' : null
    current = protocol !== null && at ? { protocol, ...at, servers: [] } : null
    if (current) found.push(current)
  }
  return found
}

/** `10.0.1.16:30080`, `[fd00::1]:80`, and as in /proc `0A000110:7580`. */
function endpointIn(
  text: string,
  isProc: boolean,
): { readonly address: string; readonly port: number } | null {
  const colon = text.lastIndexOf(':')
  const [host, port] = [bareHost(text.slice(0, colon)), text.slice(colon + 1)]
  if (/^[\dA-F]{8}$/i.test(host))
    return {
      address: (host.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.'),
      port: Number.parseInt(port, 16),
    }
  const address = shortest(host)
  if (address === null || !(isProc ? /^[\dA-F]+$/i : /^\d+$/).test(port)) return null
  return { address, port: Number.parseInt(port, isProc ? 16 : 10) }
}

/** /proc writes all zeros of an IPv6 address. Null: not an address. */
export function shortest(host: string): string | null {
  const set = host.includes('/') ? null : parseAddresses(host)
  return set && (toCidrs(set)[0]?.split('/')[0] ?? null)
}
