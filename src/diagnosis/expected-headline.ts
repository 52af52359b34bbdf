import {
  type Accepted,
  type Certainty,
  type Finding,
  isExpectedCause,
  type Pool,
  type TargetKey,
} from '../model/diagnosis.ts'
import { endOf } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { backendsIn } from '../model/requests.ts'
import { mark, type TimeZone, t, untilFor } from '../text/index.ts'
import { TEXTS } from './texts.ts'

type Expected = Finding & { readonly accepted: Accepted }

/** Findings that would be causes if the user did not expect them. */
export const expectedCauses = (findings: readonly Finding[]): readonly Expected[] =>
  findings.filter(isExpectedCause)

/**
 * Names the expected cause, how many Dead backends it explains, and how many stay unexplained.
 * @param open what could not be read, and what could not be judged on the way to backends that nothing explains
 */
export function expectedLine(
  causes: readonly [Expected, ...(readonly Expected[])],
  pools: readonly Pool[],
  { unread, unjudged }: { readonly unread: string | null; readonly unjudged: string | null },
  language: Language,
  zone: TimeZone,
): string {
  const dead = pools.reduce((total, { counts }) => total + counts.dead, 0)
  const certain = explainedBy(causes, 'certain')
  const sure = new Set([...certain, ...explainedBy(causes, 'likely')])
  const possible = new Set([...sure, ...explainedBy(causes, 'possible')])
  const ends = causes.map(({ accepted }) => accepted.until).sort((a, b) => (endOf(a) ?? 0) - (endOf(b) ?? 0))
  const told = sure.size > 0 ? sure : possible
  const left = backendsIn(pools, ({ key, status }) => status === 'Dead' && !told.has(key)).size
  const params = {
    sure: backendsIn(pools, ({ key }) => sure.has(key)).size,
    left,
    until: untilFor(ends[0] ?? '', language, zone),
    gap: unread ?? '',
    subject: unjudged ?? '',
  }
  const lead = leadOf(dead, sure.size, certain.size, possible.size)
  const more = causes.length > 1 ? t(TEXTS.expectedHeadline.more, { count: causes.length - 1 }, language) : ''
  const { open, unseen, unjudged: openHop } = TEXTS.expectedHeadline
  const text = unread !== null ? unseen : unjudged !== null ? openHop : open
  const rest = left > 0 ? t(text, params, language) : ''
  return `${t(lead, params, language)}${causes[0].title}${more}${mark('stop', language)}${rest}`
}

const explainedBy = (causes: readonly Expected[], how: Certainty): ReadonlySet<TargetKey> =>
  new Set(causes.filter(({ certainty }) => certainty === how).flatMap(({ explains }) => explains))

function leadOf(dead: number, sure: number, certain: number, possible: number): Text {
  if (sure === 0) return possible > 0 ? TEXTS.expectedHeadline.possible : TEXTS.expectedHeadline.unserved
  return TEXTS.expectedHeadline[sure === dead ? 'all' : 'some'][certain === sure ? 'certain' : 'likely']
}
