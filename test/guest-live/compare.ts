import type { GuestEvaluation, GuestPart } from '../../src/guest/index.ts'
import { type AddressSet, contains, parseAddresses, union } from '../../src/rules/index.ts'
import type { Fault } from './fault.ts'
import { rangesOf, SOURCES } from './lab.ts'

/** What the evaluation could look at. */
export interface Means {
  /** For the message: `dash`, `recorded` … */
  readonly name: string
  /** False: some tools were missing, so an outcome may be unknown and a cause unnamed. */
  readonly isComplete: boolean
  /** False: the counters were read once, so nobody knows which of them move. */
  readonly isSampledTwice: boolean
}

export const setOf = (text: string): AddressSet => {
  const set = parseAddresses(text)
  if (!set) throw new Error(`not an address: ${text}`)
  return set
}

export const rangeOf = ({ check }: Fault): AddressSet =>
  rangesOf(check)
    .map(setOf)
    .reduce((a, b) => union(a, b))

export const sourcesOf = ({ check }: Fault): readonly string[] => SOURCES[check.ip.includes(':') ? 6 : 4]

const partOf = ({ parts }: GuestEvaluation, source: string): GuestPart | undefined =>
  parts.find(({ sources }) => contains(sources, setOf(source)))

/** By source, in the order of what the fault meets. */
export const outcomesOf = (evaluation: GuestEvaluation, fault: Fault): readonly (string | undefined)[] =>
  sourcesOf(fault).map((source) => partOf(evaluation, source)?.outcome)

/** Where an evaluation says other things than the probes have met. Empty: nowhere. */
export function differences(evaluation: GuestEvaluation, fault: Fault, means: Means): readonly string[] {
  const found = [
    ...outcomeDifferences(evaluation, fault, means),
    ...reasonDifferences(evaluation, fault, means),
  ]
  return found.map((difference) => `${fault.name}, ${means.name}: ${difference}`)
}

/** The same where nobody knows the cause: outcomes, and causes of sources that got through. */
export function blindDifferences(evaluation: GuestEvaluation, fault: Fault, means: Means): readonly string[] {
  const found = [
    ...outcomeDifferences(evaluation, fault, means),
    ...innocentDifferences(evaluation.reasons, fault, means),
  ]
  return found.map((difference) => `${means.name}: ${difference}`)
}

function outcomeDifferences(evaluation: GuestEvaluation, fault: Fault, means: Means): readonly string[] {
  const mayBeUnknown = !means.isComplete || fault.mayBeUnknown !== null
  return outcomesOf(evaluation, fault).flatMap((outcome, i) => {
    const met = fault.meets[i]
    if (outcome === met || (outcome === 'unknown' && mayBeUnknown)) return []
    const source = sourcesOf(fault)[i] ?? ''
    const decides = partOf(evaluation, source)?.decidedBy ?? 'nothing decides'
    return [`${source} met ${met}, evaluated ${outcome} (${decides})`]
  })
}

function reasonDifferences({ reasons }: GuestEvaluation, fault: Fault, means: Means): readonly string[] {
  const { code: wanted, coarseCode } = fault
  const isRight = (code: string): boolean => code === wanted || (!means.isComplete && code === coarseCode)
  const wrong = reasons
    .filter(({ certainty, code }) => certainty === 'certain' && !isRight(code))
    .map(({ code, decidedBy }) => `${code} is certain and wrong (${decidedBy})`)
  const isNamed = wanted === null || !means.isComplete || reasons.some(({ code }) => code === wanted)
  const named = reasons.map(({ code }) => code).join(', ') || 'nothing'
  const unnamed = isNamed ? [] : [`${wanted} is not named, but ${named}`]
  return [
    ...innocentDifferences(reasons, fault, means),
    ...wrong,
    ...unnamed,
    ...certaintyDifferences(reasons, fault, means),
  ]
}

/**
 * Causes of sources that got through. Where a filter could not be read, a cause that is only likely may be named for a
 * source that the filter saves.
 */
function innocentDifferences(
  reasons: GuestEvaluation['reasons'],
  fault: Fault,
  { isComplete }: Means,
): readonly string[] {
  const through = sourcesOf(fault).filter((_, i) => fault.meets[i] === 'ok')
  return reasons
    .filter(({ certainty }) => isComplete || certainty === 'certain')
    .flatMap(({ code, sources }) =>
      through
        .filter((source) => contains(sources, setOf(source)))
        .map((source) => `${code} names ${source}, which got through`),
    )
}

/** A rule alone makes a cause likely. A counter that probes move makes it certain, or certain if nothing else explains. */
function certaintyDifferences(
  reasons: GuestEvaluation['reasons'],
  { code: wanted, isProven, isMoving: wasMoved }: Fault,
  { isComplete, isSampledTwice }: Means,
): readonly string[] {
  return reasons
    .filter(({ rule }) => rule !== null)
    .flatMap(({ code, certainty, isMoving, decidedBy }) => {
      if (!isSampledTwice)
        return certainty === 'certain' || isMoving ? [`${code} is seen without a counter (${decidedBy})`] : []
      if (!isComplete || code !== wanted) return []
      if (isProven && certainty !== 'certain') return [`${code} is only ${certainty} (${decidedBy})`]
      return wasMoved && isMoving !== true ? [`${code} is not seen to move (${decidedBy})`] : []
    })
}
