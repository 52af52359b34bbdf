import type { LookupFunction } from 'node:net'
import { bareHost, ipFamily, within } from '../model/ip.ts'

// An address that somebody else may have written must not lead to this machine, to its link or to the metadata service
// of a cloud, which hands out credentials. Private addresses (RFC 1918) stay allowed: they are where a company's own
// programs are.

const RANGES = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  // Link-local: AWS, Azure, GCP and Tencent Cloud (metadata.tencentyun.com) have their metadata services here.
  '169.254.0.0/16',
  // The metadata service of Alibaba Cloud.
  '100.100.100.200/32',
  // ::, ::1 and the IPv4-compatible addresses.
  '::/96',
  'fe80::/10',
  // The metadata services of AWS and GCP.
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
]

/** 64:ff9b::/96 (RFC 6052) leads to the IPv4 address in the last 32 bits. */
const NAT64 = ['64:ff9b::/104', '64:ff9b::7f00:0/104', '64:ff9b::a9fe:0/112', '64:ff9b::6464:64c8/128']

/** An IPv4-mapped IPv6 address counts as its IPv4 address. */
const isInRange = within([...RANGES, ...NAT64])

/** Known without a question to the DNS, which a proxy asks in our place. */
const NAMES =
  /(^|\.)(localhost|localhost\.localdomain|ip6-localhost|metadata\.tencentyun\.com|metadata\.google\.internal)$/

/** Does an address lead to loopback, to the link, or to a metadata service? */
const isInner = (ip: string): boolean => isInRange(ip.split('%')[0] ?? '')

/** The same for the host of a URL, as far as it can be told without a question to the DNS. */
export function isInnerHost(host: string): boolean {
  const bare = bareHost(host).toLowerCase().replace(/\.$/, '')
  return ipFamily(bare) === null ? NAMES.test(bare) : isInner(bare)
}

/** A name leads to an address that `isInner` names. Nothing was connected. */
export class InnerAddressError extends Error {
  override readonly name = 'InnerAddressError'
  readonly code = 'InnerAddress'
}

/**
 * Resolves a name and refuses it if one of its addresses is inner. The connection uses exactly this answer, so a name
 * cannot change between the check and the connection.
 */
export const guardedLookup: LookupFunction = (host, options, callback) => {
  // Loaded on demand: most functions have no such receiver.
  void import('node:dns').then(({ lookup }) =>
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      if (addresses.some(({ address }) => isInner(address)))
        return callback(new InnerAddressError('the name leads to an inner address'), '')
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      callback(null, first?.address ?? '', first?.family)
    }),
  )
}
