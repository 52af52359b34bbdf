import type { Packet } from '../../src/simulator/gates.ts'

// How much of a probe's packets a gate lets through, counted over samples that stand for whole ranges.

export type Extent = 'block' | 'part'
export type Certainty = 'certain' | 'likely' | 'possible'

/** An address or a port, and how many it stands for. No rule of the cases divides the ranges at another place. */
export type Sample<T> = readonly (readonly [T, number])[]

export const PROBERS: Sample<string> = [
  ['100.64.0.1', 699_051],
  ['100.80.7.1', 699_051],
  ['100.95.255.254', 699_050],
  ['100.96.0.1', 699_051],
  ['100.100.1.1', 1],
  ['100.111.0.9', 699_050],
  ['100.127.255.254', 699_050],
]
export const CLASSIC_PROBERS: Sample<string> = [
  ['169.254.128.1', 10_923],
  ['169.254.192.9', 10_923],
  ['169.254.255.254', 10_922],
]
export const PORTS: Sample<number> = [
  [1024, 1025],
  [2049, 6394],
  [8443, 1],
  [8444, 24_323],
  [32_767, 1],
  [32_768, 28_232],
  [61_000, 4535],
  [65_535, 1],
]

/** A packet, and how many packets it stands for. */
export type Counted = readonly [Packet, number]

export interface Origin {
  readonly via: 'vip' | '100.64' | '169.254' | 'snat'
  readonly packets: readonly Counted[]
}

/**
 * What one gate does to all packets; null if the origins disagree, because then the effect is unknown. A gate that lets
 * less than one packet in a thousand through blocks.
 */
export function extentOf(
  origins: readonly Origin[],
  passes: (packet: Packet) => boolean,
): Extent | 'pass' | null {
  const all = origins.map(({ packets }) => {
    const [whole, open] = [countOf(packets), countOf(packets.filter(([packet]) => passes(packet)))]
    return open === whole ? 'pass' : open * 1000 < whole ? 'block' : 'part'
  })
  const [one] = all
  return one !== undefined && all.every((other) => other === one) ? one : null
}

const countOf = (packets: readonly Counted[]): number => packets.reduce((sum, [, count]) => sum + count, 0)

/** The verdicts of a triple egress rule list: its port as the destination port, and as the source port. */
interface Readings {
  readonly destination: Extent | 'pass' | null
  readonly source: Extent | 'pass' | null
}

interface Combined {
  readonly extent: Extent
  readonly ceiling: Certainty
  /** The reading under which the rules block. */
  readonly reading: 'destination' | 'source'
}

/** What the two documented readings say together; null if nothing is blocked. */
export function combined({ destination, source }: Readings): Combined | null {
  const [byDestination, bySource] = ['destination', 'source'] as const
  if (destination === 'block')
    return { extent: 'block', reading: byDestination, ceiling: source === 'block' ? 'certain' : 'likely' }
  if (destination === null) return null
  if (source === 'block')
    return { extent: 'block', reading: bySource, ceiling: destination === 'part' ? 'likely' : 'possible' }
  if (destination === 'pass') return null
  return { extent: 'part', reading: byDestination, ceiling: source === 'part' ? 'certain' : 'likely' }
}

const LEVELS: readonly Certainty[] = ['possible', 'likely', 'certain']
export const lower = (a: Certainty, b: Certainty): Certainty =>
  LEVELS.indexOf(a) < LEVELS.indexOf(b) ? a : b
