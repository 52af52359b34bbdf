import type { Brief } from '../blocks.ts'

// For all printers of chat messages: what is left out at the limit.

/** The smallest part of a chat message: its lines are shown together or left out together. */
export interface Piece {
  readonly lines: readonly string[]
  /** The lowest rank is dropped last. A piece of rank Infinity is never shown, only counted. */
  readonly rank: number
  readonly items: number
  /** If it is left out, so is every such piece of a higher rank. */
  readonly isOrdered?: boolean
  /** The id of the incident that its lines name. */
  readonly incident?: string | undefined
}

/** A chat message. */
export interface Printed {
  readonly text: string
  /** The ids of the incidents that it names, of several in one message. */
  readonly incidents: readonly string[]
}

/**
 * Chooses the pieces that fit into `room`, the lowest rank first. Returns their lines in the order of `pieces`, the
 * incidents that these name, and how much was left out. `costOf` and `room` have the same unit.
 */
export function fitting(
  pieces: readonly Piece[],
  room: number,
  costOf: (line: string) => number,
): { readonly lines: readonly string[]; readonly incidents: readonly string[]; readonly left: number } {
  const kept = new Set<Piece>()
  let free = room
  let isCut = false
  for (const piece of [...pieces].sort((a, b) => a.rank - b.rank)) {
    const cost = piece.lines.reduce((sum, line) => sum + costOf(line), 0)
    const isOrdered = piece.isOrdered === true
    if (cost > free || piece.rank === Number.POSITIVE_INFINITY || (isOrdered && isCut)) {
      isCut ||= isOrdered
      continue
    }
    kept.add(piece)
    free -= cost
  }
  const shown = pieces.filter((piece) => kept.has(piece))
  return {
    lines: shown.flatMap(({ lines }) => lines),
    incidents: shown.flatMap(({ incident }) => incident ?? []),
    left: pieces.reduce((sum, piece) => (kept.has(piece) ? sum : sum + piece.items), 0),
  }
}

/** A piece that is never shown, only counted as left out. */
export const countedOnly = (items: number): readonly Piece[] =>
  items === 0 ? [] : [{ lines: [], rank: Number.POSITIVE_INFINITY, items }]

export const piece = (
  { rank, items, isOrdered = false, incident }: Brief,
  ...lines: readonly string[]
): readonly Piece[] => [{ lines, rank, items, isOrdered, incident }]
