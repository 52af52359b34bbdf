import { bareHost, parseIp } from '../../model/ip.ts'
import type { DnatChoice, Flow } from '../program.ts'

/** More destinations than this are not followed one by one. */
const MOST = 64

/**
 * `10.0.0.1:80`, `[2001:db8::1]:80`, `:80` and ranges of ports. `here` is the machine itself. Chance chooses of a range: all
 * but the last may be chosen. Empty: it is not known where the packets go.
 */
export function destinationsOf(text: string): (flow: Flow) => readonly DnatChoice[] {
  const all = destinations(text)
  const choices = all.map((one, i): DnatChoice => ({ ...one, matched: i === all.length - 1 || 'maybe' }))
  return () => choices
}

const TEXT = /^(\[[^\]]*\]|[^:\s]*|[^\s\]]*:[^\s\]]*:[^\s\]]*?)(?::(?:(\d+)(?:-(\d+))?(?:\/\d+)?)?)?(?: .*)?$/

function destinations(text: string): readonly Pick<DnatChoice, 'address' | 'port'>[] {
  const parts = TEXT.exec(text)
  if (parts === null) return []
  const [, host = '', from, to] = parts
  const address = host === 'here' ? 'here' : host === '' ? null : parseIp(bareHost(host))
  if (address === null && host !== '') return []
  if (from === undefined) return [{ address, port: null }]
  const [first, last] = [Number(from), Number(to ?? from)]
  if (last < first || last - first >= MOST) return []
  return Array.from({ length: last - first + 1 }, (_, i) => ({ address, port: first + i }))
}
