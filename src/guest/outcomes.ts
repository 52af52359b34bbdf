import type { GuestOutcome } from '../model/guest.ts'
import {
  type AddressSet,
  emptySet,
  everything,
  type Family,
  intersect,
  isEmpty,
  PROBE_100_64,
  parseAddresses,
  sizeOf,
  toCidrs,
  unionOf,
} from '../rules/index.ts'
import type { GuestEvaluation, GuestPart } from './evaluation.ts'

/** The outcome of the probes from one CIDR. */
export interface SourceOutcome {
  readonly source: string
  readonly outcome: GuestOutcome
  /** Null for `ok`, and for `unknown` if nothing is suspected. */
  readonly decidedBy: string | null
}

/** Parses CIDRs as a person writes them. Null if one is not a CIDR, or if it is of another family than the rest. */
export function sourcesIn(texts: readonly string[], family: Family): AddressSet | null {
  const sets = texts.map((text) => parseAddresses(text))
  const all = sets.filter((set) => set !== null)
  return all.length < sets.length || all.some((set) => set.family !== family) ? null : unionOf(family, all)
}

/** Where the probes of a CLB come from, if nobody says it. An IPv6 probe has the VIP, which may be any address. */
export const usualSources = (family: Family): AddressSet => (family === 4 ? PROBE_100_64 : everything(6))

export const cidrsOf = (set: AddressSet): readonly string[] => toCidrs(set)

/**
 * One outcome per source. If the probes of a source meet several, it is the one that stops most of them, and `decidedBy`
 * says which. Without sources: the whole range, in as few CIDRs as have different outcomes.
 */
export function outcomesOf(
  { parts }: GuestEvaluation,
  sources: readonly string[] | null,
): readonly SourceOutcome[] {
  if (sources === null) return ofRange(parts)
  return sources.map((text) => {
    const set = parseAddresses(text) ?? emptySet(4)
    const own = parts.flatMap((part) => {
      const hit = intersect(set, part.sources)
      return isEmpty(hit) ? [] : [{ ...part, sources: hit }]
    })
    return { source: toCidrs(set).join(', '), ...together(own) }
  })
}

function together(parts: readonly GuestPart[]): Omit<SourceOutcome, 'source'> {
  const groups = byOutcome(parts)
  const [first = null] = groups.toSorted(
    (a, b) => rank(a) - rank(b) || (sizeOf(a.sources) < sizeOf(b.sources) ? 1 : -1),
  )
  if (first === null) return { outcome: 'unknown', decidedBy: null }
  const { outcome, deciders, sources } = first
  const only = groups.length > 1 ? `${toCidrs(sources).slice(0, MOST).join(', ')}: ` : ''
  return { outcome, decidedBy: deciders.length === 0 ? null : `${only}${deciders.join('; ')}` }
}

const MOST = 4

/** What stops probes comes first, then the unknown. */
const rank = ({ outcome }: Group): number => (outcome === 'ok' ? 2 : outcome === 'unknown' ? 1 : 0)

interface Group {
  readonly outcome: GuestOutcome
  readonly sources: AddressSet
  readonly deciders: readonly string[]
}

function byOutcome(parts: readonly GuestPart[]): readonly Group[] {
  const outcomes = [...new Set(parts.map(({ outcome }) => outcome))]
  return outcomes.map((outcome) => {
    const own = parts.filter((part) => part.outcome === outcome)
    return {
      outcome,
      sources: unionOf(
        own[0]?.sources.family ?? 4,
        own.map(({ sources }) => sources),
      ),
      deciders: [...new Set(own.flatMap(({ decidedBy }) => decidedBy ?? []))],
    }
  })
}

/** Each CIDR of a part is a row of its own, so that every source is a CIDR. */
const ofRange = (parts: readonly GuestPart[]): readonly SourceOutcome[] =>
  byOutcome(parts).flatMap(({ outcome, sources, deciders }) =>
    toCidrs(sources).map((source) => ({
      source,
      outcome,
      decidedBy: deciders.length === 0 ? null : deciders.join('; '),
    })),
  )
