import type { Device, GuestFacts, NotSeen } from '../facts.ts'
import type { ProbeText } from './probe-text.ts'

// Lists whose rows are facts. The probe says how many there are, so that rows that were lost are missed: a text that a
// person copied may lack any of its lines.

/** By the name of the rows: the fact that tells how many there are. */
const COUNTS = {
  device: 'device-list',
  link: 'link-list',
  'xfrm-policy': 'xfrm',
  neighbour: 'neighbour-list',
} as const
type List = keyof typeof COUNTS

/** `left-out=listen.ss 12`: rows of a list that found no room. */
export const leftOut = (key: string, text: ProbeText): number =>
  text.all('left-out').reduce((sum, line) => {
    const [name, rows] = line.split(' ')
    return name === key ? sum + (Number(rows) || 0) : sum
  }, 0)

/** True if every row is there or counted as left out. `device-list=ip 7 first`: the target's device stands at the top. */
export function isWhole(list: List, text: ProbeText): boolean {
  const [, rows, order] = (text.first(COUNTS[list]) ?? '').split(' ')
  const left = leftOut(list, text)
  const isSorted = list !== 'device' || left === 0 || order === 'first'
  return isSorted && rows !== undefined && text.all(list).length + left >= Number(rows)
}

const REST: readonly (readonly [list: List, layer: NotSeen['layer'], what: string])[] = [
  ['link', 'devices', 'ip link'],
  ['neighbour', 'neighbours', 'ip neigh'],
]

/** What has neither its rows nor a reason. */
export function lostRows(text: ProbeText, family: 4 | 6): readonly NotSeen[] {
  const lost = (layer: NotSeen['layer'], what: string): NotSeen => ({
    layer,
    why: text.isComplete ? 'lost' : 'cut',
    what,
  })
  const isXfrmKnown = text.first('xfrm') === 'none' || isWhole('xfrm-policy', text)
  return [
    ...REST.flatMap(([list, layer, what]) => (isWhole(list, text) ? [] : [lost(layer, what)])),
    ...(isXfrmKnown ? [] : [lost('xfrm', 'ip xfrm policy')]),
    ...(family === 6 || text.first('arp') === 'none' ? [] : [lost('arp', '/proc/net/arp_tables_names')]),
  ]
}

/** Of a device whose queues are not known it is not known either what tc does there. */
export function withQueues(devices: readonly Device[], text: ProbeText): readonly Device[] {
  const counts = new Map(
    text.all('queue-list').map((line) => {
      const [device = '', rows] = line.split(' ')
      return [device, Number(rows)] as const
    }),
  )
  const rowsOf = (name: string): number =>
    text.all('queue').filter((line) => line.split(' ')[0] === name).length
  return devices.map((device) => {
    const isKnown = rowsOf(device.name) >= (counts.get(device.name) ?? Number.NaN)
    return isKnown || device.hasTc !== false ? device : { ...device, hasTc: null }
  })
}

const OF_IPTABLES = {
  4: ['iptables', 'iptablesLegacy'],
  6: ['ip6tables', 'ip6tablesLegacy'],
} as const
const PRUNED: readonly NotSeen['layer'][] = ['devices', 'routes', 'policies', 'xfrm', 'ipset']

/** `pruned=routes 120`: rows that concern no source that the probe was told of. */
export const prunedLists = (text: ProbeText, family: 4 | 6): GuestFacts['pruned'] =>
  text.all('pruned').flatMap((line) => {
    const [given] = line.split(' ')
    if (given === 'iptables') return OF_IPTABLES[family]
    return PRUNED.filter((layer) => layer === given)
  })
