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
 * One row per source. A source whose probes meet several outcomes has one per CIDR that meets one, so that a part is never
 * told as the whole. Without sources: the whole range, in as few CIDRs as have different outcomes.
 */
export function outcomesOf(
  { parts }: GuestEvaluation,
  sources: readonly string[] | null,
): readonly SourceOutcome[] {
  if (sources === null) return ofRange(parts)
  return sources.flatMap((text) => {
    const set = parseAddresses(text) ?? emptySet(4)
    const own = parts.flatMap((part) => {
      const hit = intersect(set, part.sources)
      return isEmpty(hit) ? [] : [{ ...part, sources: hit }]
    })
    const [group, ...others] = byOutcome(own)
    const source = toCidrs(set).join(', ')
    if (group === undefined) return [{ source, outcome: 'unknown' as const, decidedBy: null }]
    return others.length > 0
      ? ofRange(own)
      : [{ source, outcome: group.outcome, decidedBy: decidedBy(group) }]
  })
}

const decidedBy = ({ deciders }: Group): string | null => (deciders.length === 0 ? null : deciders.join('; '))

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
  byOutcome(parts).flatMap((group) =>
    toCidrs(group.sources).map((source) => ({
      source,
      outcome: group.outcome,
      decidedBy: decidedBy(group),
    })),
  )
