import type { Block, Brief, Report, Topic } from '../blocks.ts'

// For all printers of chat messages: the order of blocks, and what is left out at the limit.

/** The smallest part of a chat message: its lines are shown together or left out together. */
export interface Piece {
  readonly lines: readonly string[]
  /** The lowest rank is dropped last. A piece of rank Infinity is never shown, only counted. */
  readonly rank: number
  readonly items: number
  /** Rows of a table are counted separately. */
  readonly isRow?: boolean
}

/** How much a message leaves out. */
export interface Left {
  readonly rows: number
  readonly items: number
}

/** Topics that are not listed here follow in the order of the page. */
const ORDER: readonly Topic[] = [
  'unread-regions',
  'not-reached',
  'load-balancers',
  'gaps',
  'grant',
  'clean',
  'unsupported',
  'other',
]

/** A block without the sections around it. `label` is its section's heading. */
export interface Leaf {
  readonly block: Block
  readonly topic: Topic
  readonly label: string
}

/** All blocks, sections included, in the order of a chat message. */
export function inChatOrder({ details: blocks }: Report): readonly Leaf[] {
  const leaves = blocks.flatMap((block) => leavesOf(block, 'other', ''))
  return leaves.sort((a, b) => placeOf(a) - placeOf(b))
}

function placeOf({ topic }: Leaf): number {
  const place = ORDER.indexOf(topic)
  return place < 0 ? ORDER.length : place
}

function leavesOf(block: Block, outer: Topic, label: string): readonly Leaf[] {
  const topic = ('topic' in block ? block.topic : undefined) ?? outer
  if (block.kind !== 'section') return [{ block, topic, label }]
  return [
    { block, topic, label },
    ...block.blocks.flatMap((inner) => leavesOf(inner, topic, block.heading.text)),
  ]
}

/**
 * Chooses the pieces that fit into `room`, the lowest rank first. Returns their lines in the order of `pieces`, and how
 * much was left out. `costOf` and `room` have the same unit.
 */
export function fitting(
  pieces: readonly Piece[],
  room: number,
  costOf: (line: string) => number,
): { readonly lines: readonly string[]; readonly left: Left } {
  const kept = new Set<Piece>()
  let free = room
  for (const piece of [...pieces].sort((a, b) => a.rank - b.rank)) {
    const cost = piece.lines.reduce((sum, line) => sum + costOf(line), 0)
    if (cost > free || piece.rank === Number.POSITIVE_INFINITY) continue
    kept.add(piece)
    free -= cost
  }
  return {
    lines: pieces.flatMap((piece) => (kept.has(piece) ? piece.lines : [])),
    left: pieces.reduce((sum, piece) => (kept.has(piece) ? sum : withPiece(sum, piece)), {
      rows: 0,
      items: 0,
    }),
  }
}

const withPiece = ({ rows, items }: Left, piece: Piece): Left =>
  piece.isRow ? { rows: rows + piece.items, items } : { rows, items: items + piece.items }

/** A piece that is never shown, only counted as left out. */
export const countedOnly = (items: number): readonly Piece[] =>
  items === 0 ? [] : [{ lines: [], rank: Number.POSITIVE_INFINITY, items }]

export const piece = ({ rank, items }: Brief, ...lines: readonly string[]): readonly Piece[] => [
  { lines, rank, items },
]
