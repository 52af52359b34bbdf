import type { LookupFunction } from 'node:net'
import { bareHost, ipFamily, within } from '../model/ip.ts'

// An address that somebody else may have written must not lead to this machine, to its link or to the metadata service
// of a cloud, which hands out credentials. Private addresses (RFC 1918) stay allowed: they are where a company's own
// programs are.

const LOOPBACK = ['127.0.0.0/8', '::1/128']

const RANGES = [
  '0.0.0.0/8',
  // Link-local: AWS, Azure, GCP and Tencent Cloud (metadata.tencentyun.com) have their metadata services here.
  '169.254.0.0/16',
  // The metadata service of Alibaba Cloud.
  '100.100.100.200/32',
  // :: and the IPv4-compatible addresses.
  '::/96',
  'fe80::/10',
  // The metadata services of AWS and GCP.
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
]

/** An IPv4-mapped IPv6 address counts as its IPv4 address. */
const isInRange = within([...RANGES, ...LOOPBACK])
const isLoopbackRange = within(LOOPBACK)

/** Known without a question to the DNS, which a proxy asks in our place. */
const LOOPBACK_NAMES = /(^|\.)(localhost|localhost\.localdomain|ip6-localhost)$/
const NAMES =
  /(^|\.)metadata\.(tencentyun\.com|google\.internal|goog)$|^(metadata|instance-data)(\.ec2\.internal)?$/

/** Does an address lead to loopback, to the link, or to a metadata service? */
function isInner(address: string): boolean {
  const ip = address.split('%')[0] ?? ''
  return isInRange(ip) || embeddedIn(ip).some(isInRange)
}

/**
 * The IPv4 addresses to which a translator can send what goes to an IPv6 address: ::ffff:0:0:0/96 (SIIT), 64:ff9b::/96 and
 * 64:ff9b:1::/48 (RFC 6052, RFC 8215), 2002::/16 (6to4).
 */
function embeddedIn(ip: string): readonly string[] {
  if (ipFamily(ip) !== 6) return []
  const bytes = bytesOf(ip)
  const at = (...places: readonly number[]): string => places.map((place) => bytes[place]).join('.')
  const isZero = (from: number, to = 16): boolean => bytes.slice(from, to).every((byte) => byte === 0)
  const begin = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const last = at(12, 13, 14, 15)
  if (begin.startsWith('2002')) return [at(2, 3, 4, 5)]
  if (begin.startsWith('0000000000000000ffff0000')) return [last]
  if (begin.startsWith('0064ff9b0000000000000000')) return [last]
  if (!begin.startsWith('0064ff9b0001')) return []
  // The operator chooses how long the prefix is. Behind the IPv4 address of a shorter one all is zero, and nothing leads to
  // 0.0.0.0/8.
  const readings = [
    last,
    ...(isZero(8, 9) && isZero(11) ? [at(6, 7, 9, 10)] : []),
    ...(isZero(8, 9) && isZero(12) ? [at(7, 9, 10, 11)] : []),
    ...(isZero(8, 9) && isZero(13) ? [at(9, 10, 11, 12)] : []),
  ]
  return readings.filter((reading) => !reading.startsWith('0.'))
}

/** The 16 bytes of an IPv6 address. */
function bytesOf(ip: string): readonly number[] {
  // A URL writes an IPv4 part as two groups.
  const [head = '', tail = ''] = bareHost(new URL(`http://[${ip}]`).hostname).split('::')
  const groups = (text: string): readonly number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [before, after] = [groups(head), groups(tail)]
  const missing = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return [...before, ...missing, ...after].flatMap((group) => [group >> 8, group & 255])
}

/** The same for the host of a URL, as far as it can be told without a question to the DNS. */
export function isInnerHost(host: string): boolean {
  const bare = plain(host)
  return ipFamily(bare) === null ? LOOPBACK_NAMES.test(bare) || NAMES.test(bare) : isInner(bare)
}

const plain = (host: string): string => bareHost(host).toLowerCase().replace(/\.$/, '')

/**
 * Is or leads a host to the link or to a metadata service? Loopback is not asked for: a machine may have its own mail server. A
 * name that cannot be resolved leads nowhere.
 */
export async function leadsToLink(host: string): Promise<boolean> {
  const bare = plain(host)
  if (ipFamily(bare) !== null) return isInner(bare) && !isLoopbackRange(bare)
  if (LOOPBACK_NAMES.test(bare)) return false
  if (NAMES.test(bare)) return true
  const { lookup } = await import('node:dns')
  return new Promise((resolve) =>
    lookup(bare, { all: true }, (error, addresses) =>
      resolve(!error && addresses.some(({ address }) => isInner(address) && !isLoopbackRange(address))),
    ),
  )
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
