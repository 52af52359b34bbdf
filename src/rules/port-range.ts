import type { SecurityGroup } from '../model/snapshot.ts'
import type { Outcome } from './first-match.ts'
import type { References } from './references.ts'
import type { Probe } from './terms.ts'

// It is not documented which port of a backend is probed behind a listener for a range of ports (platform facts C3).

/**
 * The answer for every port that may be probed. Rules that cover a part of the ports are followed both ways first. If that
 * leaves the answer open, each class of ports that the rules treat alike is evaluated. If all classes get one answer, that
 * is it; if not, the answer stays unknown.
 */
export function overPorts(
  probe: Probe,
  texts: () => readonly (string | null)[],
  evaluate: (probe: Probe) => Outcome,
): Outcome {
  const whole = evaluate(probe)
  if (probe.port === null || probe.endPort == null || whole.verdict !== 'unknown') return whole
  const outcomes = startsIn(probe.port, probe.endPort, texts()).map((port) =>
    evaluate({ ...probe, port, endPort: null }),
  )
  const [first] = outcomes
  const isOne = new Set(outcomes.map(answerIn)).size === 1
  // A new rule must stand before every rule that denies one of the ports.
  return first && isOne && first.verdict !== 'unknown' ? { ...first, terms: whole.terms } : whole
}

const answerIn = ({ verdict, blocked, closedPorts }: Outcome): string =>
  `${verdict} ${blocked.borders.join()} ${closedPorts.join()}`

/** The first port of each class. No text names a port within a class without the others. */
function startsIn(from: number, to: number, texts: readonly (string | null)[]): readonly number[] {
  const named = texts.flatMap((text) => text?.match(/\d+/g) ?? []).map(Number)
  const starts = [from, ...named.flatMap((port) => [port, port + 1])]
  return [...new Set(starts.filter((port) => from <= port && port <= to))].sort((a, b) => a - b)
}

/** Every text of these groups that may name a port. */
export const portTextsOf = (
  groups: readonly SecurityGroup[],
  references: References,
): readonly (string | null)[] =>
  groups
    .flatMap(({ ingress }) => ingress.flatMap((rule) => [rule, ...(rule.expanded ?? [])]))
    .flatMap(({ port, service }) => [port, ...(service ? (references.services(service) ?? []) : [])])
