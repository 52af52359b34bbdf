import { isIP } from 'node:net'

// One address at a time, written for clarity: the simulator shares no code with the evaluator it judges.

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

const KNOWN_MOST = 100_000
const known = new Map<string, string>()

/** The same addresses come again and again: a large account is probed from every node. */
function bits(address: string): string {
  const found = known.get(address)
  if (found !== undefined) return found
  const text = bytes(address)
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  if (known.size >= KNOWN_MOST) known.clear()
  known.set(address, text)
  return text
}

/** Is the address in `10.0.0.0/8`, `10.0.0.1` or `10.0.0.1-10.0.0.9`? */
export function inCidr(address: string, text: string): boolean {
  const [from = '', to] = text.split('-')
  if (to !== undefined)
    return isIP(address) === isIP(from) && bits(from) <= bits(address) && bits(address) <= bits(to)
  const [network = '', length] = text.split('/')
  if (isIP(address) !== isIP(network)) return false
  const prefix = length === undefined ? bits(network).length : Number(length)
  return bits(address).slice(0, prefix) === bits(network).slice(0, prefix)
}

/** Is the port in `all`, `80`, `80,443` or `8000-9000`? */
export const inPorts = (port: number, text: string): boolean =>
  text.toLowerCase() === 'all' ||
  text.split(',').some((part) => {
    const [from, to = from] = part.split('-')
    return Number(from) <= port && port <= Number(to)
  })

/** `2001:db8::1` and `2001:db8:0:0:0:0:0:1` are one address. */
export const sameAddress = (a: string, b: string): boolean =>
  isIP(a) !== 0 && isIP(a) === isIP(b) && bits(a) === bits(b)

/** All addresses of the CIDR's family. */
export const anywhere = (cidr: string): string => (cidr.includes(':') ? '::/0' : '0.0.0.0/0')
