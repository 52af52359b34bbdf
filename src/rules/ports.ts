import { kept } from '../model/memo.ts'
import type { Borders } from './intervals.ts'
import { holds, rangesOf, uniteAll } from './intervals.ts'

/** Port numbers, stored as the borders of their ranges: `[80, 81]` is port 80. */
export type PortSet = Borders<number>

export const ALL_PORTS: PortSet = [0, 65536]

/**
 * The ports that a prober may send from. The real range is not documented, so a reply needs all of 1024–65535 (platform
 * facts B).
 */
export const PROBER_PORTS: PortSet = [1024, 65536]

const PART = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/

/** Parses `all`, `80`, `80,443`, `8000-9000` and lists of these, in any case. Null for any other text. */
export function parsePorts(text: string): PortSet | null {
  if (text.trim().toLowerCase() === 'all') return ALL_PORTS
  const ranges: PortSet[] = []
  for (const part of text.split(',')) {
    const match = PART.exec(part)
    if (!match) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (from > to || to > 65535) return null
    ranges.push([from, to + 1])
  }
  return uniteAll(ranges)
}

/** Writes `80` or `1024-32767`. */
export const formatPorts = (ports: PortSet): readonly string[] =>
  [...rangesOf(ports)].map(([from, end]) => (from === end - 1 ? String(from) : `${from}-${end - 1}`))

/** Single ports in their order, as ranges where they follow one another: `80`, `8080-8082`. */
export const portRanges = (ports: readonly number[]): readonly string[] =>
  formatPorts(uniteAll(ports.map((port) => [port, port + 1])))

export const countOf = (ports: PortSet): number =>
  [...rangesOf(ports)].reduce((sum, [from, end]) => sum + end - from, 0)

/** Ports that are in the same sets, so one answer holds for all of them. */
export interface PortClass {
  readonly ports: PortSet
  /** Indices of the sets that hold these ports. */
  readonly members: readonly number[]
}

/** Groups `ports` by the sets that hold them. */
export function classesOf(ports: PortSet, sets: readonly PortSet[]): readonly PortClass[] {
  const distinct = [...new Set(sets)]
  const cuts = [...new Set([ports, ...distinct].flat())].sort((a, b) => a - b)
  const classes = new Map<string, { readonly ports: PortSet[]; readonly holders: ReadonlySet<PortSet> }>()
  for (const [i, from] of cuts.entries()) {
    if (!holds(ports, from)) continue
    const holders = distinct.map((set) => holds(set, from))
    const known = kept(classes, holders.join(), () => ({
      ports: [],
      holders: new Set(distinct.filter((_, k) => holders[k])),
    }))
    known.ports.push([from, cuts[i + 1] as number])
  }
  return [...classes.values()].map(({ ports, holders }) => ({
    ports: uniteAll(ports),
    members: indicesOf(sets, (set) => holders.has(set)),
  }))
}

function indicesOf<T>(list: readonly T[], passes: (item: T) => boolean): readonly number[] {
  const found: number[] = []
  list.forEach((item, i) => {
    if (passes(item)) found.push(i)
  })
  return found
}
