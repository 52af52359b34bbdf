/** Sorted, disjoint ranges of port numbers, both ends included. */
export type PortSet = readonly (readonly [from: number, to: number])[]

export const ALL_PORTS: PortSet = [[0, 65535]]

/**
 * The ports that a prober may send from. Its range is not documented, so all of 1024–65535 must be open for a reply
 * (platform facts B).
 */
export const PROBER_PORTS: PortSet = [[1024, 65535]]

/** `all`, `80`, `80,443`, `8000-9000`, lists of both, any case; null for anything else. */
export function parsePorts(text: string): PortSet | null {
  const trimmed = text.trim()
  if (trimmed.toLowerCase() === 'all') return ALL_PORTS
  const ranges: (readonly [number, number])[] = []
  for (const part of trimmed.split(',')) {
    const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part)
    if (!match) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (from > to || to > 65535) return null
    ranges.push([from, to])
  }
  return merge(ranges)
}

function merge(ranges: PortSet): PortSet {
  const merged: [number, number][] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

export const hasPort = (ports: PortSet, port: number): boolean =>
  ports.some(([from, to]) => from <= port && port <= to)

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  const found = a.flatMap(([from, to]) =>
    b.flatMap(([low, high]): PortSet => {
      const range = [Math.max(from, low), Math.min(to, high)] as const
      return range[0] <= range[1] ? [range] : []
    }),
  )
  return merge(found)
}

export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  let left: PortSet = a
  for (const [low, high] of b)
    left = left.flatMap(([from, to]): PortSet => {
      if (high < from || low > to) return [[from, to]]
      const pieces: (readonly [number, number])[] = []
      if (from < low) pieces.push([from, low - 1])
      if (to > high) pieces.push([high + 1, to])
      return pieces
    })
  return left
}

export const unionPorts = (a: PortSet, b: PortSet): PortSet => merge([...a, ...b])

/** `1024-32767`, `80` … */
export const formatPorts = (ports: PortSet): readonly string[] =>
  ports.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))
