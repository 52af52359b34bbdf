import { readdirSync, readFileSync } from 'node:fs'
import { evaluateGuest, factsOf, type GuestEvaluation } from '../../src/guest/index.ts'
import { contains } from '../../src/rules/index.ts'
import { outcomesOf, rangeOf, setOf, sourcesOf } from '../guest-live/compare.ts'
import type { Fault } from '../guest-live/fault.ts'
import { FAULTS } from '../guest-live/faults/index.ts'
import type { Lines } from './losses.ts'

// What an evaluation of a recorded output says that is not so. An output with parts lost may say less, and never that.

const FOLDER = new URL('../fixtures/guest-probe/', import.meta.url)

export interface Output {
  /** `service-down/probe.txt` */
  readonly name: string
  readonly fault: Fault
  readonly lines: Lines
}

/** Every output of the probe: with every tool, and with BusyBox alone. */
export const OUTPUTS: readonly Output[] = readdirSync(FOLDER).flatMap((folder) => {
  const fault = FAULTS.find(({ name }) => name === folder)
  return fault === undefined
    ? []
    : ['probe.txt', 'probe-busybox.txt'].map((file) => ({
        name: `${folder}/${file}`,
        fault,
        lines: readFileSync(new URL(`${folder}/${file}`, FOLDER), 'utf8').split('\n'),
      }))
})

/** `what`: what was lost, for the message. Empty: nothing untrue is said. */
export function untrueOf({ name, fault }: Output, lines: Lines, what: string): readonly string[] {
  const text = lines.join('\n')
  const facts = factsOf({ kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })
  const evaluation = evaluateGuest(facts, fault.check, rangeOf(fault))
  return [...ofOutcomes(evaluation, fault), ...ofReasons(evaluation, fault)].map(
    (untrue) => `${name} ${what}: ${untrue}`,
  )
}

function ofOutcomes(evaluation: GuestEvaluation, fault: Fault): readonly string[] {
  const outcomes = outcomesOf(evaluation, fault)
  const isExplained = evaluation.notSeen.some(({ layer }) => layer !== 'counters')
  return [
    ...outcomes.flatMap((outcome, i) =>
      outcome === 'unknown' || outcome === fault.meets[i]
        ? []
        : [`${sourcesOf(fault)[i]} met ${fault.meets[i]}, evaluated ${outcome}`],
    ),
    // What was seen of the probes explains it, too.
    ...(outcomes.includes('unknown') && !isExplained && !evaluation.parts.some(({ observed }) => observed)
      ? ['unknown without an explanation']
      : []),
  ]
}

function ofReasons({ reasons }: GuestEvaluation, fault: Fault): readonly string[] {
  const through = sourcesOf(fault).filter((_, i) => fault.meets[i] === 'ok')
  return reasons
    .filter(({ certainty }) => certainty !== 'possible')
    .flatMap(({ code, certainty, sources, decidedBy }) => [
      ...(code === fault.code || code === fault.coarseCode
        ? []
        : [`${code} is ${certainty} in place of ${fault.code} (${decidedBy})`]),
      ...through
        .filter((source) => contains(sources, setOf(source)))
        .map((source) => `${code} (${certainty}) names ${source}, which got through`),
    ])
}
