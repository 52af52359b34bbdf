import type { GuestEvaluation, NotSeen } from '../../guest/index.ts'
import type { Language } from '../../model/language.ts'
import { t } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

/** Whose proof gets better with the counters of the kernel. */
const COUNTED: ReadonlySet<string> = new Set(['guest-kernel/rp-filter', 'guest-port/backlog-full'])

/** What can only tell of probes that do not get through. */
const OF_TROUBLE: ReadonlySet<string> = new Set(['connections', 'otherSockets'])

/** The layers that were not read, a line each. `isRecorded`: a folder of recordings, in which nobody left anything out. */
export function notSeenLines(
  { notSeen, facts, parts, reasons }: GuestEvaluation,
  isRecorded: boolean,
  language: Language,
): readonly string[] {
  const lines = notSeen
    .filter(({ layer }) => layer !== 'counters' || reasons.some(({ code }) => COUNTED.has(code)))
    .filter(
      ({ layer }) =>
        layer !== 'tcx' || parts.some(({ outcome }) => outcome === 'ok' || outcome === 'unknown'),
    )
    .filter(({ layer }) => !OF_TROUBLE.has(layer) || parts.some(({ outcome }) => outcome !== 'ok'))
    .map((one) => lineOf(one, isRecorded, language))
  return [...new Set([...(facts.isComplete ? [] : [TEXTS.cut[language]]), ...lines])]
}

function lineOf({ layer, why, what }: NotSeen, isRecorded: boolean, language: Language): string {
  const reason = why === 'left-out' && isRecorded ? 'unrecorded' : why
  return t(TEXTS.why[reason], { layer: TEXTS.layers[layer], what }, language)
}
