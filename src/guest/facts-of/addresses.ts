import { ipFamily } from '../../model/ip.ts'

/** An address with a port, as the socket tools print it. */
export interface Endpoint {
  readonly address: string
  /** Null for `*`. */
  readonly port: number | null
  /** `%eth0` behind an address. */
  readonly device: string | null
}

/**
 * `0.0.0.0:80`, `[::]:80`, `:::80`, `*:80`, `127.0.0.53%lo:53`, `[fe80::1]%eth0:546`. Of an IPv4 address that an IPv6
 * socket carries only the IPv4 address is kept. Null if it is not one of these.
 */
export function endpointIn(text: string): Endpoint | null {
  const at = text.lastIndexOf(':')
  if (at < 0) return null
  const port = text.slice(at + 1)
  if (port !== '*' && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) return null
  const [named = '', device = null] = text.slice(0, at).replace(/[[\]]/g, '').split('%')
  const address = named === '*' ? '*' : withoutMapping(named.toLowerCase())
  if (address !== '*' && ipFamily(address) === null) return null
  return { address, port: port === '*' ? null : Number(port), device }
}

export const withoutMapping = (address: string): string =>
  /^::ffff:(\d+(?:\.\d+){3})$/.exec(address)?.[1] ?? address

const hexBytes = (hex: string): readonly number[] =>
  (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))

/** An address of /proc/net/tcp: 32-bit words, each with its bytes turned round (the machines are little-endian). */
export function addressInHex(hex: string): string | null {
  if (!/^(?:[\dA-Fa-f]{8}){1,4}$/.test(hex)) return null
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((unit) => hexBytes(unit).toReversed())
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) return null
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return isMapped ? bytes.slice(12).join('.') : ipv6Of(bytes)
}

function ipv6Of(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0))
  const zeros = groups.map((_, from) => groups.slice(from).findIndex((group) => group !== 0))
  const runs = zeros.map((length, from) => (length < 0 ? 8 - from : length))
  const longest = Math.max(...runs)
  const hex = groups.map((group) => group.toString(16))
  if (longest < 2) return hex.join(':')
  // Every tool prints the longest run of zeros as `::`.
  const from = runs.indexOf(longest)
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + longest).join(':')}`
}
