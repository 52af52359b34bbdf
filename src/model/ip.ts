import { BlockList, isIP } from 'node:net'
import { lazy } from './memo.ts'

export type Family = 4 | 6

/** Number of bits of an address. */
export const BITS = { 4: 32, 6: 128 } as const satisfies Record<Family, number>

/** The family of an address, with or without a zone. Null if the text is not an address. */
export function ipFamily(text: string): Family | null {
  const family = isIP(text)
  return family === 4 || family === 6 ? family : null
}

/** Parses an IPv4 or IPv6 address without a zone. Null for any other text. The API rejects `fe80::1%eth0`. */
export function parseIp(text: string): string | null {
  const ip = text.trim()
  return ipFamily(ip) !== null && !ip.includes('%') ? ip : null
}

/** The family of a text that is known to be an address or CIDR. */
export const familyOf = (address: string): Family => (address.includes(':') ? 6 : 4)

export const isIpv6 = (address: string): boolean => familyOf(address) === 6

/** Removes the brackets that a URL puts around an IPv6 address. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

/** Is the host this machine? Takes a host with or without brackets. */
export function isLoopback(host: string): boolean {
  const bare = bareHost(host)
  return bare === 'localhost' || bare === '::1' || (ipFamily(bare) === 4 && bare.startsWith('127.'))
}

/**
 * Is an address in one of these CIDRs? A text that is not a CIDR contains nothing. The list is made at the first question,
 * because Node's own costs more to load than most modules here.
 */
export function within(cidrs: readonly string[]): (ip: string) => boolean {
  const ranges = lazy(() => {
    const list = new BlockList()
    for (const cidr of cidrs) {
      const [network = '', length = ''] = cidr.split('/')
      const family = ipFamily(network)
      if (family !== null && /^\d{1,3}$/.test(length) && Number(length) <= BITS[family])
        list.addSubnet(network, Number(length), `ipv${family}`)
    }
    return list
  })
  return (ip) => {
    const family = ipFamily(ip)
    return family !== null && ranges().check(ip, `ipv${family}`)
  }
}
