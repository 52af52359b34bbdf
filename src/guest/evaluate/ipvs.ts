import { bareHost, ipFamily } from '../../model/ip.ts'

/** A virtual service of IPVS, which takes packets although no socket listens. */
export interface VirtualService {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  /** Real servers with a weight above 0. */
  readonly servers: readonly { readonly address: string; readonly port: number }[]
}

/** Reads `ipvsadm -Ln` and /proc/net/ip_vs. Services by mark are left out: they have no address. */
export function virtualServicesIn(text: string): readonly VirtualService[] {
  const found: { -readonly [K in keyof VirtualService]: VirtualService[K] }[] = []
  for (const line of text.split('\n')) {
    const [first = '', second = '', , weight = ''] = line.trim().split(/\s+/)
    const protocol = first === 'TCP' ? 'tcp' : first === 'UDP' ? 'udp' : null
    const at = endpointIn(second)
    if (first === '->') {
      const last = found.at(-1)
      // The header has the words `RemoteAddress:Port Forward Weight`.
      if (last && at && weight !== '0') last.servers = [...last.servers, at]
    } else if (protocol !== null && at) found.push({ protocol, ...at, servers: [] })
  }
  return found
}

/** `10.0.1.16:30080`, `[fd00::1]:80`, and as in /proc `0A000110:7580`. */
function endpointIn(text: string): { readonly address: string; readonly port: number } | null {
  const colon = text.lastIndexOf(':')
  const [host, port] = [bareHost(text.slice(0, colon)), text.slice(colon + 1)]
  if (/^[\dA-F]{8}$/i.test(host))
    return {
      address: (host.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.'),
      port: Number.parseInt(port, 16),
    }
  const isHex = ipFamily(host) === 6 && /^[\dA-F]{4}$/.test(port) && host.split(':').length === 8
  if (ipFamily(host) === null || !/^[\dA-F]+$/i.test(port)) return null
  return { address: host.toLowerCase(), port: isHex ? Number.parseInt(port, 16) : Number(port) }
}
