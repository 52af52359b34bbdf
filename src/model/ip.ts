import { isIP } from 'node:net'

export type Family = 4 | 6

/** An IPv4 or IPv6 address without a zone; null for anything else. `isIP` takes `fe80::1%eth0`, the API does not. */
export function parseIp(text: string): string | null {
  const ip = text.trim()
  return isIP(ip) !== 0 && !ip.includes('%') ? ip : null
}

/** The family of a text that is an address or a CIDR. */
export const familyOf = (address: string): Family => (address.includes(':') ? 6 : 4)

export const isIpv6 = (address: string): boolean => familyOf(address) === 6
