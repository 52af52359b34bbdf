import { type AddressSet, contains, isEmpty, sizeOf, subtract, unionOf } from './addresses.ts'
import { type Area, decide, type Split } from './decide.ts'
import { unite, uniteAll } from './intervals.ts'
import { classesOf, countOf, formatPorts, type PortSet } from './ports.ts'
import type { Decider, Term } from './rule-list.ts'
import type { PieceVerdict } from './terms.ts'
import type { UnclearPart } from './unclear.ts'

/** A rectangle of prober addresses × prober ports with one verdict. The pieces of one outcome do not overlap. */
export interface Piece {
  readonly sources: AddressSet
  readonly ports: PortSet
  readonly verdict: PieceVerdict
  /** For `unknown`: the first rule that may decide otherwise. */
  readonly by: Decider
  /** Only for `unknown`: the parts of that rule that leave the verdict open. */
  readonly unclear?: readonly UnclearPart[]
}

/** What a block leaves open: addresses that get through on some port, and ports on which some address gets through. */
export interface Remainder {
  readonly sources: AddressSet
  /** Null if the open addresses get through on every port. */
  readonly ports: { readonly open: readonly string[]; readonly of: bigint } | null
}

/** A prober almost never hits what leaves less than one packet in this many open, so it counts as a block. */
const RARELY = 1000

export interface Outcome {
  readonly verdict: 'pass' | 'partial' | 'block' | 'unknown'
  /** In the order of the rules that decide them. */
  readonly pieces: readonly Piece[]
  /** Addresses that are denied on every port. */
  readonly blocked: AddressSet
  /** Prober ports on which some addresses are denied that other ports let through. */
  readonly closedPorts: readonly string[]
  /** The little that a block leaves open. Null if it leaves nothing open, and for every other verdict. */
  readonly remainder: Remainder | null
  /** The terms that were evaluated, in list order. */
  readonly terms: readonly Term[]
}

/** The piece with the most addresses; the first of equals. */
export const largest = (pieces: readonly Piece[]): Piece | null =>
  pieces.reduce<Piece | null>(
    (most, piece) => (most === null || sizeOf(piece.sources) > sizeOf(most.sources) ? piece : most),
    null,
  )

/** Addresses that are, or may be, let in on more than one port in a thousand. Less than that is no way in. */
export function openAddresses({ blocked, pieces }: Outcome): AddressSet {
  const all = countOf(uniteAll(pieces.map(({ ports }) => ports)))
  const wide = pieces.filter(({ verdict, ports }) => verdict !== 'deny' && countOf(ports) * RARELY > all)
  return unionOf(
    blocked.family,
    wide.map(({ sources }) => sources),
  )
}

/**
 * First match over sets. The addresses are cut at every border of a term. Each cell belongs to the first term that
 * covers it; a cell that no term covers is denied. If an earlier term may match, both cases are followed, and the cell
 * is unknown only if they differ. So an unclear rule never turns a deny into a pass. Prober ports that the same terms
 * cover are evaluated once. An empty set of sources gives `unknown`.
 */
export function firstMatch(
  sources: AddressSet,
  ports: PortSet,
  terms: readonly Term[],
  otherwise: Decider,
): Outcome {
  const decided = classesOf(
    ports,
    terms.map((term) => term.ports),
  ).map(({ ports, members }) => ({
    ports,
    ...decide(sources, terms, members),
  }))
  const pieces = piecesOf(decided, terms, otherwise)
  return { pieces, terms, ...summaryOf(sources, ports, decided) }
}

/** A class of prober ports, and the decision on every address under it. */
interface DecidedClass extends Split {
  readonly ports: PortSet
}

type Rectangle = Area & { readonly ports: PortSet }

/** Joins equal areas of several port classes into one rectangle. Within one class no two areas are equal. */
function merged(decided: readonly DecidedClass[]): readonly Rectangle[] {
  const found = new Map<string, Rectangle>()
  for (const { ports, areas } of decided)
    for (const { rank, verdict, sources } of areas) {
      const key = `${rank} ${verdict} ${sources.borders.join()}`
      const twin = found.get(key)
      found.set(key, { rank, verdict, sources, ports: twin ? unite(twin.ports, ports) : ports })
    }
  return [...found.values()]
}

function piecesOf(
  decided: readonly DecidedClass[],
  terms: readonly Term[],
  otherwise: Decider,
): readonly Piece[] {
  const [only, ...others] = decided
  const pieceOf = ({ sources, verdict, rank }: Area, ports: PortSet): Piece => {
    const by = terms[rank]?.by() ?? otherwise
    const unclear = verdict === 'unknown' ? terms[rank]?.unclear(sources) : undefined
    return { sources, ports, verdict, by, ...(unclear ? { unclear } : {}) }
  }
  return only && others.length === 0
    ? inOrder(only.areas).map((area) => pieceOf(area, only.ports))
    : inOrder(merged(decided)).map((area) => pieceOf(area, area.ports))
}

const inOrder = <A extends Area>(areas: readonly A[]): readonly A[] =>
  [...areas].sort((a, b) => a.rank - b.rank)

function summaryOf(
  sources: AddressSet,
  ports: PortSet,
  decided: readonly DecidedClass[],
): Pick<Outcome, 'verdict' | 'blocked' | 'closedPorts' | 'remainder'> {
  const anywhere = unionOf(
    sources.family,
    decided.map(({ reached }) => reached),
  )
  const closed = decided.filter(({ reached }) => !contains(reached, anywhere))
  const mixed = verdictOf(decided.flatMap(({ areas }) => areas.map(({ verdict }) => verdict)))
  const isRare = mixed === 'partial' && isRarelyOpen(sources, ports, decided)
  return {
    verdict: isRare ? 'block' : mixed,
    blocked: subtract(sources, anywhere),
    closedPorts: formatPorts(uniteAll(closed.map(({ ports }) => ports))),
    remainder: isRare
      ? { sources: anywhere, ports: closed.length > 0 ? openPorts(ports, decided) : null }
      : null,
  }
}

const openPorts = (ports: PortSet, decided: readonly DecidedClass[]) => ({
  open: formatPorts(uniteAll(decided.filter(({ reached }) => !isEmpty(reached)).map(({ ports }) => ports))),
  of: BigInt(countOf(ports)),
})

/** Is less than one in a thousand of the packets let through? */
function isRarelyOpen(sources: AddressSet, ports: PortSet, decided: readonly DecidedClass[]): boolean {
  const open = decided.reduce((sum, { reached, ports }) => sum + sizeOf(reached) * BigInt(countOf(ports)), 0n)
  return open * BigInt(RARELY) < sizeOf(sources) * BigInt(countOf(ports))
}

function verdictOf(verdicts: readonly PieceVerdict[]): Outcome['verdict'] {
  const found = new Set(verdicts)
  if (found.size === 0) return 'unknown'
  if (!found.has('deny')) return found.has('unknown') ? 'unknown' : 'pass'
  if (found.size === 1) return 'block'
  return found.has('unknown') ? 'unknown' : 'partial'
}
