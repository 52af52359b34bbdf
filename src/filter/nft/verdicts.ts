import type { Verdict } from '../program.ts'
import { Cursor, type Token } from './tokens.ts'

/** How iptables names what nft calls otherwise. */
const ICMP: Readonly<Record<string, string>> = { 'prot-unreachable': 'proto-unreachable' }
const ICMPV6: Readonly<Record<string, string>> = { 'admin-prohibited': 'adm-prohibited' }

const inWords = (four: string, six = four): Record<4 | 6, string> => ({
  4: `icmp-${ICMP[four] ?? four}`,
  6: `icmp6-${ICMPV6[six] ?? six}`,
})

/** icmpx stands for one of each family. */
const ICMPX: Readonly<Record<string, Record<4 | 6, string>>> = {
  'no-route': inWords('net-unreachable', 'no-route'),
  'host-unreachable': inWords('host-unreachable', 'addr-unreachable'),
}

/** `icmpx type port-unreachable`, `tcp reset`. With the cursor behind `with`. */
function takeReject(cursor: Cursor): Verdict {
  const family = cursor.next()
  cursor.take('type')
  const name = cursor.next()
  if (family === 'tcp') return { kind: 'reset' }
  return { kind: 'reject', with: (family === 'icmpx' ? ICMPX[name] : undefined) ?? inWords(name) }
}

const PLAIN = ['accept', 'drop', 'return', 'continue'] as const

/** A verdict without NAT. Null: the next word is no verdict. */
export function takeVerdict(cursor: Cursor): Verdict | null {
  const plain = PLAIN.find((word) => cursor.take(word))
  if (plain) return { kind: plain }
  const jump = cursor.take('jump', 'goto')
  if (jump) return { kind: jump as 'jump' | 'goto', chain: cursor.next() }
  if (cursor.take('reject'))
    return cursor.take('with') ? takeReject(cursor) : { kind: 'reject', with: inWords('port-unreachable') }
  return cursor.take('queue', 'tproxy', 'synproxy', 'fwd') ? { kind: 'unclear' } : null
}

/** The verdict of an element of a map. */
export const verdictOf = (tokens: readonly Token[]): Verdict =>
  takeVerdict(new Cursor(tokens)) ?? { kind: 'unclear' }

const VERDICTS = new Set([
  ...['accept', 'drop', 'return', 'continue', 'jump', 'goto', 'reject', 'queue', 'vmap'],
  ...['dnat', 'snat', 'masquerade', 'redirect', 'tproxy', 'synproxy', 'fwd'],
])

export const isVerdict = (cursor: Cursor): boolean => !cursor.token()?.isQuoted && VERDICTS.has(cursor.peek())
