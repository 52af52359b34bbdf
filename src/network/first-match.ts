import { type AddressSet, intersect, isEmpty, subtract, union } from './addresses.ts'
import { formatPorts, intersectPorts, type PortSet, subtractPorts, unionPorts } from './ports.ts'

export type PieceVerdict = 'accept' | 'deny' | 'unknown'

/** What decided: a rule, or the implicit deny at the end (`index` null). */
export interface Decider {
  readonly kind: 'security-group' | 'network-acl'
  readonly id: string
  /** PolicyIndex of a security-group rule, Priority of an ACL entry. */
  readonly index: number | null
  readonly ruleId: string | null
  /** The rule as the console shows it, free of language; null for the implicit deny. */
  readonly words: string | null
  /** For the implicit deny of several security groups: all of them. */
  readonly groups?: readonly string[]
}

/** A rectangle of prober addresses × prober ports with one answer. Pieces of one outcome do not overlap. */
export interface Piece {
  readonly sources: AddressSet
  readonly ports: PortSet
  readonly verdict: PieceVerdict
  /** For `unknown`: the first rule that leaves it open. */
  readonly by: Decider
}

export interface Outcome {
  readonly verdict: 'pass' | 'partial' | 'block' | 'unknown'
  readonly pieces: readonly Piece[]
  /** Addresses that get through from no port at all. */
  readonly blocked: AddressSet
  /** Prober ports that are denied to addresses that get through from others. */
  readonly closedPorts: readonly string[]
}

/** A rule reduced to one probe: what it surely matches, and what it might, for want of understanding a part of it. */
export interface Term {
  readonly sure: AddressSet
  /** Disjoint from `sure`. */
  readonly maybe: AddressSet
  /** Prober ports that it applies to. */
  readonly ports: PortSet
  readonly verdict: PieceVerdict
  readonly by: Decider
}

interface Cell {
  readonly sources: AddressSet
  readonly ports: PortSet
  /** What earlier rules may have decided already, each for want of understanding. */
  readonly pending: readonly { readonly verdict: PieceVerdict; readonly by: Decider }[]
}

/**
 * First match over sets: take from what is left what a rule matches, give it the rule's verdict, go on until nothing is
 * left; what remains is denied. Where a rule might match, both ways are followed: if they end alike, that is the
 * answer, and only if they differ the piece is unknown. So an unclear rule never turns a deny into a pass. Of no
 * address at all nothing can be told.
 */
export function firstMatch(
  sources: AddressSet,
  ports: PortSet,
  terms: readonly Term[],
  otherwise: Decider,
): Outcome {
  const pieces: Piece[] = []
  let open: readonly Cell[] = isEmpty(sources) ? [] : [{ sources, ports, pending: [] }]
  for (const term of terms) {
    if (open.length === 0) break
    if (isEmpty(term.sure) && isEmpty(term.maybe)) continue
    const left: Cell[] = []
    for (const cell of open) {
      const shared = intersectPorts(cell.ports, term.ports)
      const hit = shared.length === 0 ? null : intersect(cell.sources, term.sure)
      const maybe = shared.length === 0 ? null : intersect(cell.sources, term.maybe)
      if (!hit || !maybe || (isEmpty(hit) && isEmpty(maybe))) {
        left.push(cell)
        continue
      }
      if (!isEmpty(hit)) pieces.push(decide({ ...cell, sources: hit, ports: shared }, term.verdict, term.by))
      if (!isEmpty(maybe))
        left.push({
          sources: maybe,
          ports: shared,
          pending: [...cell.pending, { verdict: term.verdict, by: term.by }],
        })
      const touched = union(hit, maybe)
      const beside = subtract(cell.sources, touched)
      if (!isEmpty(beside)) left.push({ ...cell, sources: beside })
      const otherPorts = subtractPorts(cell.ports, shared)
      if (otherPorts.length > 0) left.push({ ...cell, sources: touched, ports: otherPorts })
    }
    open = left
  }
  for (const cell of open) pieces.push(decide(cell, 'deny', otherwise))
  return summarise(sources, pieces)
}

function decide({ sources, ports, pending }: Cell, verdict: PieceVerdict, by: Decider): Piece {
  const other = pending.find((one) => one.verdict !== verdict || one.verdict === 'unknown')
  return other ? { sources, ports, verdict: 'unknown', by: other.by } : { sources, ports, verdict, by }
}

function summarise(sources: AddressSet, pieces: readonly Piece[]): Outcome {
  const of = (verdict: PieceVerdict): readonly Piece[] => pieces.filter((piece) => piece.verdict === verdict)
  const reach = (found: readonly Piece[]): AddressSet =>
    found.reduce((all, piece) => union(all, piece.sources), {
      family: sources.family,
      ranges: [],
    } as AddressSet)
  const denied = of('deny')
  const notDenied = reach([...of('accept'), ...of('unknown')])
  const blocked = subtract(reach(denied), notDenied)
  const closed = denied
    .filter((piece) => !isEmpty(intersect(piece.sources, notDenied)))
    .reduce<PortSet>((all, piece) => unionPorts(all, piece.ports), [])
  const verdict =
    pieces.length === 0
      ? 'unknown'
      : denied.length === pieces.length
        ? 'block'
        : of('unknown').length > 0
          ? 'unknown'
          : denied.length > 0
            ? 'partial'
            : 'pass'
  return { verdict, pieces, blocked, closedPorts: formatPorts(closed) }
}
