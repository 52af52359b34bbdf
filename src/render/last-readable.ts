import type { IncidentMember, IncidentNotice, LastReadable, NoticeMember } from '../model/incident.ts'
import type { Language } from '../model/language.ts'
import { mark, minuteFor, type TimeZone, t, zonedMinuteFor } from '../text/index.ts'
import type { Part } from './blocks.ts'
import { bareCause } from './causes.ts'
import { namesOf } from './names.ts'
import { sickIn } from './news.ts'
import { TEXTS } from './texts.ts'

// CLBs that no look can read now: since when, and what the last look found that could. It may not hold now.

const WORDS = TEXTS.notice.lastReadable
const MOST_LINES = 3
/** In characters. */
const MOST_OF_LINE = 400

/** A CLB of which newer looks cannot read the state, or only not the cause. */
type Unread = Pick<IncidentMember, 'verdict'> & { readonly lastReadable: LastReadable }

interface Reader {
  readonly createdAt: string
  readonly language: Language
  readonly timeZone?: TimeZone | null
}

/** `07:20 起读取失败，现状未知；最近一次成功读取（07:01）时：…` */
export function lastReadableText(
  { verdict, lastReadable }: Unread,
  { createdAt, language, timeZone }: Reader,
): string {
  const { at, unreadSince, cause, headline } = lastReadable
  const words = WORDS[verdict === 'inconclusive' ? 'state' : 'cause']
  const found = cause ? bareCause(cause, language) : headline
  const times = {
    since: minuteFor(unreadSince, createdAt, language, timeZone),
    time: zonedMinuteFor(at, createdAt, language, timeZone),
  }
  return found === undefined ? t(words.when, times, language) : t(words.found, { ...times, found }, language)
}

/** A clause as a sentence of its own. */
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What is known of its backends is from before. */
export const isStateUnread = ({ verdict, lastReadable }: NoticeMember): boolean =>
  verdict === 'inconclusive' && lastReadable !== undefined

/** The CLBs of a message that cannot be read now, and could before. */
const unreadIn = (notice: IncidentNotice): readonly (NoticeMember & { lastReadable: LastReadable })[] =>
  sickIn(notice).flatMap(({ lastReadable, ...member }) => (lastReadable ? [{ ...member, lastReadable }] : []))

export function lastReadableParts(notice: IncidentNotice): readonly Part[] {
  const { members, language } = notice
  const unread = unreadIn(notice)
  const part = (text: string, label: string | null, rank: number, quotes: readonly string[] = []): Part => ({
    kind: 'part',
    topic: 'also',
    ...(label === null ? {} : { label }),
    text,
    quotes,
    brief: { rank, items: 1, most: MOST_OF_LINE },
  })
  const [only] = unread
  if (members.length === 1 && only) {
    const { fix } = only.lastReadable
    return [
      part(capitalised(lastReadableText(only, notice)), WORDS.label[language], 3.2),
      ...(fix === undefined ? [] : [part(fix, WORDS.fix[language], 3.3)]),
    ]
  }
  const lines = unread.slice(0, MOST_LINES).map((one) => {
    const clause = lastReadableText(one, notice)
    const { fix } = one.lastReadable
    const advice = fix === undefined ? [] : [[WORDS.fix[language], fix].join(mark('colon', language))]
    const text = t(TEXTS.notice.changed.of, { names: namesOf([one], 1, language), clause }, language)
    return { text, advice }
  })
  const rest = unread.length - lines.length
  const more = rest > 0 ? [{ text: t(TEXTS.summary.more, { count: rest }, language), advice: [] }] : []
  return [...lines, ...more].map(({ text, advice }, i) =>
    part(text, i === 0 ? WORDS.label[language] : null, 3.2 + i / 100, advice),
  )
}

/** Behind the cause and what to do. */
export function withLastReadable(summary: readonly Part[], notice: IncidentNotice): readonly Part[] {
  const parts = lastReadableParts(notice)
  if (parts.length === 0) return summary
  const place =
    summary.findLastIndex(({ topic }) => topic === 'impact' || topic === 'cause' || topic === 'action') + 1
  return [...summary.slice(0, place), ...parts, ...summary.slice(place)]
}
