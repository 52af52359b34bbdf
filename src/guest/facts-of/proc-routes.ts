/** /proc/net/route, the main table of IPv4, in the form of `ip route`. Its numbers are little-endian hexadecimal. */
export function routesOfProc(text: string): string {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/))
  return rows
    .flatMap(([device = '', to = '', via = '', flags = '', , , metric = '0', mask = '']) => {
      if (![to, via, mask].every((hex) => /^[\dA-F]{8}$/i.test(hex))) return []
      const bits = Number.parseInt(flags, 16)
      if ((bits & UP) === 0) return []
      const length = (Number.parseInt(mask, 16) >>> 0).toString(2).replaceAll('0', '').length
      const target = length === 0 ? 'default' : `${addressOf(to)}/${length}`
      const hop = (bits & GATEWAY) === 0 ? '' : ` via ${addressOf(via)}`
      const own = (bits & REJECT) === 0 ? `${target}${hop} dev ${device}` : `unreachable ${target}`
      return [`${own}${metric === '0' ? '' : ` metric ${metric}`}\n`]
    })
    .join('')
}

// RTF_UP, RTF_GATEWAY, RTF_REJECT of include/uapi/linux/route.h
const UP = 1
const GATEWAY = 2
const REJECT = 0x200

const addressOf = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .toReversed()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.')
