import { kept } from '../../model/memo.ts'
import {
  type AddressSet,
  emptySet,
  type Family,
  parseAddresses,
  subtract,
  union,
  unionOf,
} from '../../rules/index.ts'
import { portsOf, protocolNumber } from '../names.ts'
import type { Test } from '../program.ts'
import {
  addressIn,
  allTests,
  anyTest,
  deviceIs,
  MAYBE,
  NEVER,
  notTest,
  portIn,
  protocolIs,
  type Side,
} from '../tests.ts'
import type { IpSet, IpSetMember } from './text.ts'

/** Is the packet in the set? `sides` as iptables writes them: `src,dst`. Null: not understood. */
export function ipsetTest(
  sets: ReadonlyMap<string, IpSet>,
  name: string,
  sides: string,
  family: Family,
): Test | null {
  const set = sets.get(name)
  if (set === undefined) return null
  if (set.type === 'list:set') return listTest(sets, set, sides, family)
  const parts = partsOf(set, sides)
  if (parts === null) return null
  if (familyOfSet(set) !== null && familyOfSet(set) !== family) return NEVER
  const [only, ...others] = parts
  if (only?.kind === 'address' && others.length === 0) return addressTest(set, only.side, family)
  if (set.members.some(({ isException }) => isException)) return nearest(set, parts, family)
  return anyTest(set.members.map((member) => memberTest(set, parts, member, family)))
}

interface Part {
  readonly kind: 'address' | 'port' | 'device'
  readonly side: Side
}

const KINDS: Readonly<Record<string, Part['kind']>> = {
  ip: 'address',
  net: 'address',
  port: 'port',
  iface: 'device',
}

/** The parts of a member. Null: the set asks for something else, for example a MAC address or a mark. */
function partsOf({ type, options }: IpSet, sides: string): readonly Part[] | null {
  const kinds = (type.split(':')[1] ?? '').split(',').map((kind) => KINDS[kind] ?? null)
  const names = sides.split(',')
  if (kinds.includes(null) || names.length < kinds.length || options.includes('markmask')) return null
  return kinds.map((kind, i) => ({
    kind: kind as Part['kind'],
    side: names[i] === 'src' ? 'source' : 'destination',
  }))
}

/** A set of ports alone has no family. */
function familyOfSet({ type, options }: IpSet): Family | null {
  if (type === 'bitmap:port') return null
  return options[options.indexOf('family') + 1] === 'inet6' ? 6 : 4
}

/** A list asks its sets in turn. */
const listTest = (sets: ReadonlyMap<string, IpSet>, list: IpSet, sides: string, family: Family): Test =>
  anyTest(
    list.members.map(({ text }) =>
      // A list has no list as a member.
      sets.get(text)?.type === 'list:set' ? MAYBE : (ipsetTest(sets, text, sides, family) ?? MAYBE),
    ),
  )

/** Of a set with a netmask, each member stands for its network. */
function addressesOf({ options }: IpSet, text: string): AddressSet | null {
  const at = options.indexOf('netmask')
  return parseAddresses(
    at < 0 || text.includes('/') || text.includes('-') ? text : `${text}/${options[at + 1]}`,
  )
}

const prefixOf = (text: string): number => Number(/\/(\d+)/.exec(text)?.[1] ?? 128)

/** All members at once: the nearest prefix decides, whether it is an exception or not. */
function addressTest(set: IpSet, side: Side, family: Family): Test {
  const sure: AddressSet[] = []
  for (const { text } of set.members) {
    const addresses = addressesOf(set, text)
    if (addresses === null) return MAYBE
    sure.push(addresses)
  }
  if (!set.members.some(({ isException }) => isException)) return addressIn(side, unionOf(family, sure))
  const byPrefix = set.members
    .map((member, i) => ({ ...member, addresses: sure[i] as AddressSet }))
    .sort((a, b) => prefixOf(a.text) - prefixOf(b.text))
  let all = emptySet(family)
  for (const { addresses, isException } of byPrefix)
    all = isException ? subtract(all, addresses) : union(all, addresses)
  return addressIn(side, all)
}

/** A member of several parts: `10.0.0.0/8,tcp:80`. */
function memberTest(set: IpSet, parts: readonly Part[], { text }: IpSetMember, family: Family): Test {
  const values = text.split(',')
  if (values.length !== parts.length) return MAYBE
  return allTests(parts.map((part, i) => partTest(set, part, values[i] ?? '', family)))
}

function partTest(set: IpSet, { kind, side }: Part, value: string, family: Family): Test {
  if (kind === 'device') {
    const name = value.replace(/^physdev:/, '')
    return name === value
      ? deviceIs(side === 'source' ? 'input' : 'output', { name, isPrefix: false })
      : MAYBE
  }
  if (kind === 'address') {
    const addresses = addressesOf(set, value)
    return addresses === null ? MAYBE : addressIn(side, union(emptySet(family), addresses))
  }
  // `tcp:80`, or in a set of ports alone `80`.
  const [port = '', protocol] = value.split(':').reverse()
  const number = protocol === undefined ? null : protocolNumber(protocol)
  if (protocol !== undefined && (number === null || number === 1 || number === 58)) return pingTest(number)
  const ports = portsOf(port)
  if (ports === null) return MAYBE
  return allTests([...(number === null ? [] : [protocolIs(number)]), portIn(side, ports)])
}

/** ICMP types of a set are not followed. */
const pingTest = (number: number | null): Test =>
  number === null ? MAYBE : allTests([protocolIs(number), MAYBE])

/** With exceptions, the members with the longest prefix are asked first. */
function nearest(set: IpSet, parts: readonly Part[], family: Family): Test | null {
  if (parts.filter(({ kind }) => kind === 'address').length !== 1) return null
  const at = parts.findIndex(({ kind }) => kind === 'address')
  const groups = new Map<number, IpSetMember[]>()
  for (const member of set.members)
    kept(groups, prefixOf(member.text.split(',')[at] ?? ''), () => []).push(member)
  return [...groups]
    .sort(([a], [b]) => a - b)
    .reduce<Test>((rest, [, members]) => {
      const those = (isWanted: (member: IpSetMember) => boolean): Test =>
        anyTest(members.filter(isWanted).map((member) => memberTest(set, parts, member, family)))
      const [excepted, hit] = [
        those(({ isException }) => isException),
        those(({ isException }) => !isException),
      ]
      return allTests([notTest(excepted), anyTest([hit, rest])])
    }, NEVER)
}
