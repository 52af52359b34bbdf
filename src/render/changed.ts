import { ABSENCES, type IncidentNotice, type NoticeMember } from '../model/incident.ts'
import type { Text } from '../model/language.ts'
import { filled, t } from '../text/index.ts'
import { namesOf } from './names.ts'
import { TEXTS } from './texts.ts'

// What changed since the last message: the cause, the word of the sender, or what is known.

const WORDS = TEXTS.notice.changed
const MOST_NAMED = 4

/** Something else changed, so the reader knows the cause. */
export const hasKnownCause = ({ change }: IncidentNotice): boolean =>
  change.cause === undefined &&
  [change.disputed, change.firing, change.unread, change.readable].some((ids) => ids !== undefined)

/** @param hasFired the message already says that the alarm fired again */
export function changedClauses(
  notice: IncidentNotice,
  { hasFired }: { readonly hasFired: boolean },
): readonly string[] {
  const { change, members, language } = notice
  const { cause, disputed = [], firing = [], unread = [], readable = [] } = change
  const isIn = (ids: readonly string[]): readonly NoticeMember[] =>
    members.filter(({ id }) => ids.includes(id))
  const clause = (own: readonly NoticeMember[], text: Text): readonly string[] => {
    if (own.length === 0) return []
    if (members.length === 1) return [text[language]]
    const names = namesOf(own, MOST_NAMED, language)
    return [t(WORDS.of, { names, clause: text[language] }, language)]
  }
  return [
    ...(cause === undefined ? [] : [WORDS.cause[cause][language]]),
    ...(['dead', 'trouble', 'unsure'] as const).flatMap((kind) =>
      clause(
        isIn(disputed).filter((one) => doubtOf(one) === kind),
        WORDS.disputed[kind],
      ),
    ),
    ...(hasFired ? [] : clause(isIn(firing), WORDS.firing)),
    ...ABSENCES.flatMap((absent) =>
      clause(
        isIn(unread).filter((one) => one.absent === absent),
        filled(TEXTS.notice.absent.firing, { what: TEXTS.notice.absent[absent] }),
      ),
    ),
    ...clause(
      isIn(unread).filter(({ absent }) => absent === undefined),
      members.length === 1 && notice.lead.pools.length === 0 ? WORDS.unread : WORDS.untold,
    ),
    ...clause(isIn(readable), WORDS.readable),
  ]
}

/** Why no look agrees with a sender that says that it is over. */
const doubtOf = ({ verdict, backends }: NoticeMember): 'dead' | 'trouble' | 'unsure' =>
  verdict === 'inconclusive' ? 'unsure' : backends.dead > 0 ? 'dead' : 'trouble'
