import type { FindingCode } from '../../model/diagnosis.ts'
import type { GuestOutcome } from '../../model/guest.ts'
import { type AddressSet, intersect, isEmpty, subtract, union } from '../../rules/index.ts'
import type { GuestPart, GuestReason, GuestStage, Observed } from '../evaluation.ts'
import type { NotSeen } from '../facts.ts'

/** Something that stops the probes of these sources, if they come as far. */
export interface Stop {
  readonly sources: AddressSet
  /** `unknown`: it may stop them. */
  readonly outcome: Exclude<GuestOutcome, 'ok'>
  readonly stage: GuestStage
  readonly decidedBy: string | null
  readonly code: FindingCode | null
  /** Of `unknown`: what the probes meet if it stops them. */
  readonly could: readonly GuestOutcome[]
  readonly observed?: Observed
}

/** What one stage says: the stops in the order in which a packet meets them, and the reasons behind them. */
export interface Verdicts {
  readonly stops: readonly Stop[]
  readonly reasons: readonly GuestReason[]
  readonly notSeen: readonly NotSeen[]
}

export const NOTHING: Verdicts = { stops: [], reasons: [], notSeen: [] }

export const verdictsOf = (all: readonly Verdicts[]): Verdicts => ({
  stops: all.flatMap(({ stops }) => stops),
  reasons: all.flatMap(({ reasons }) => reasons),
  notSeen: all.flatMap(({ notSeen }) => notSeen),
})

/** A stop that is the consequence of a reason. */
export const stopOf = ({ sources, outcome, stage, decidedBy, code }: GuestReason): readonly Stop[] =>
  outcome === 'ok' ? [] : [{ sources, outcome, stage, decidedBy, code, could: [] }]

/** A reason with its stop. */
export const stoppedBy = (reason: GuestReason): Verdicts => ({
  stops: stopOf(reason),
  reasons: [reason],
  notSeen: [],
})

interface Doubt {
  readonly sources: AddressSet
  readonly stage: GuestStage
  readonly decidedBy: string | null
  readonly could?: readonly GuestOutcome[]
  readonly code?: FindingCode | null
  readonly observed?: Observed
  readonly notSeen: readonly NotSeen[]
}

/** What silence of the machine looks like to a prober, and every answer but an open connection. */
export const ANY_REFUSAL: readonly GuestOutcome[] = ['timeout', 'refused', 'rejected']

/** Something that may stop the probes. Without `could` it drops them. */
export const inDoubt = ({ could = ['timeout'], code = null, notSeen, ...doubt }: Doubt): Verdicts => ({
  stops: isEmpty(doubt.sources) ? [] : [{ ...doubt, outcome: 'unknown', code, could }],
  reasons: [],
  notSeen: isEmpty(doubt.sources) ? [] : notSeen,
})

interface Open {
  readonly sources: AddressSet
  /** What may have stopped them before. */
  readonly doubts: readonly Stop[]
}

/**
 * The outcome of each source. The first stop decides. If one before it may have stopped the probe with another outcome,
 * the outcome is unknown.
 */
export function partsOf(sources: AddressSet, stops: readonly Stop[]): readonly GuestPart[] {
  let open: readonly Open[] = [{ sources, doubts: [] }]
  const parts: GuestPart[] = []
  for (const stop of stops) {
    const next: Open[] = []
    for (const piece of open) {
      const hit = intersect(piece.sources, stop.sources)
      const rest = subtract(piece.sources, stop.sources)
      if (!isEmpty(rest)) next.push({ ...piece, sources: rest })
      if (isEmpty(hit)) continue
      if (stop.outcome === 'unknown') next.push({ sources: hit, doubts: [...piece.doubts, stop] })
      else parts.push(partOf({ ...piece, sources: hit }, stop))
    }
    open = next
  }
  return merged([...parts, ...open.map((piece) => partOf(piece, null))])
}

function partOf({ sources, doubts }: Open, stop: Stop | null): GuestPart {
  const decisive = doubts.find(({ could }) => could.some((outcome) => outcome !== stop?.outcome)) ?? stop
  if (decisive === null) return { sources, outcome: 'ok', stage: null, decidedBy: null, code: null }
  const { outcome, stage, decidedBy, code, observed } = decisive
  return { sources, outcome, stage, decidedBy, code, ...(observed ? { observed } : {}) }
}

function merged(parts: readonly GuestPart[]): readonly GuestPart[] {
  const found = new Map<string, GuestPart>()
  for (const part of parts) {
    const key = JSON.stringify([part.outcome, part.stage, part.decidedBy, part.code])
    const other = found.get(key)
    found.set(key, other === undefined ? part : { ...part, sources: union(other.sources, part.sources) })
  }
  return [...found.values()].sort(byFirstAddress)
}

const firstOf = ({ sources }: GuestPart) => sources.borders[0] ?? 0
const byFirstAddress = (a: GuestPart, b: GuestPart): number => (firstOf(a) < firstOf(b) ? -1 : 1)

/** Is any of these sources still open, if the stops before are certain? */
export function openBehind(sources: AddressSet, stops: readonly Stop[]): AddressSet {
  let open = sources
  for (const stop of stops) if (stop.outcome !== 'unknown') open = subtract(open, stop.sources)
  return open
}
