import { isIP } from 'node:net'

// One address at a time, written for clarity: the simulator shares no code with the evaluator it judges.

/** Is it an IPv6 address or CIDR? */
export const isIpv6 = (text: string): boolean => text.includes(':')

function bytes(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number)
  const host = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = host.split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].flatMap((group) => {
    const n = Number.parseInt(group, 16)
    return [n >> 8, n & 255]
  })
}

const MOST_REMEMBERED = 100_000

/** Every packet meets the same addresses and rules. They are kept by their text, so a changed rule is parsed again. */
function remembered<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const parsed = parse(text)
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(text, parsed)
    return parsed
  }
}

interface Address {
  /** 4 or 6; 0 if the text is not an address. */
  readonly family: number
  /** One digit per bit. */
  readonly bits: string
}

const addressOf = remembered((text): Address => {
  const family = isIP(text)
  const own = family === 0 ? [] : bytes(text)
  return { family, bits: own.map((byte) => byte.toString(2).padStart(8, '0')).join('') }
})

/** The first and the last address of `10.0.0.0/8`, `10.0.0.1` or `10.0.0.1-10.0.0.9`, as bits. */
const rangeOf = remembered((text) => {
  const [from = '', to] = text.split('-')
  if (to !== undefined) {
    const { family, bits } = addressOf(from)
    return { family, first: bits, last: addressOf(to).bits }
  }
  const [network = '', length] = text.split('/')
  const { family, bits } = addressOf(network)
  const prefix = length === undefined ? bits : bits.slice(0, Number(length))
  return { family, first: prefix.padEnd(bits.length, '0'), last: prefix.padEnd(bits.length, '1') }
})

/** Is the address in `10.0.0.0/8`, `10.0.0.1` or `10.0.0.1-10.0.0.9`? */
export function inCidr(address: string, text: string): boolean {
  const { family, bits } = addressOf(address)
  const range = rangeOf(text)
  return family !== 0 && family === range.family && range.first <= bits && bits <= range.last
}

const portsOf = remembered((text) =>
  text.toLowerCase() === 'all'
    ? [[0, 65_535] as const]
    : text.split(',').map((part) => {
        const [from, to = from] = part.split('-')
        return [Number(from), Number(to)] as const
      }),
)

/** Is the port in `all`, `80`, `80,443` or `8000-9000`? */
export const inPorts = (port: number, text: string): boolean =>
  portsOf(text).some(([from, to]) => from <= port && port <= to)

/** `2001:db8::1` and `2001:db8:0:0:0:0:0:1` are one address. */
export function sameAddress(a: string, b: string): boolean {
  const [one, other] = [addressOf(a), addressOf(b)]
  return one.family !== 0 && one.family === other.family && one.bits === other.bits
}

/** The CIDR of all addresses of the same family. */
export const anywhere = (cidr: string): string => (isIpv6(cidr) ? '::/0' : '0.0.0.0/0')
