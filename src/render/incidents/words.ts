import type { DeliveryEntry, IncidentView, News, TimelineEntry } from '../../model/incident.ts'
import { ABSENCES, ENDINGS, NEWS_ORDER, TOLD_NOBODY } from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import { clauses, mark, t, withAside, zonedMinuteFor } from '../../text/index.ts'
import { clip, oneLine } from '../printers/safe.ts'
import { TEXTS } from './texts.ts'

// Lines about an incident that its page and its list share.

/** In characters. A person types the name into a page. */
export const LONGEST_NAME = 40

/** The reader of a text, and the moment at which it is made. */
export interface Reader {
  readonly language: Language
  readonly timeZone: string | null
  /** ISO 8601. */
  readonly createdAt: string
}

/** What a person said, and when it ends. */
export interface PersonUntil {
  readonly by: string
  readonly until: string
}

export const timeIn = (iso: string, { language, timeZone, createdAt }: Reader): string =>
  zonedMinuteFor(iso, createdAt, language, timeZone)

/** `已恢复，11-20 07:00 起，07:31 恢复` */
export function stateLine(incident: IncidentView, reader: Reader): string {
  const { language } = reader
  const { state, openedAt, recoveredAt, reopened } = incident
  return clauses(
    [
      TEXTS.state[state][language],
      t(TEXTS.page.since, { time: timeIn(openedAt, reader) }, language),
      ...(recoveredAt === null
        ? []
        : [t(TEXTS.page.recoveredAt, { time: timeIn(recoveredAt, reader) }, language)]),
      ...(reopened > 0 ? [t(TEXTS.page.again, { count: reopened }, language)] : []),
    ],
    language,
  )
}

export const newsWord = (news: string, language: Language): string => {
  const known = NEWS_ORDER.find((one): one is News => one === news)
  if (known) return TEXTS.news[known][language]
  return news === TOLD_NOBODY ? TEXTS.toldNobody[language] : news
}

/** `wecom-1：首次通知 · 已送达 · 07:01` */
export function deliveryLine(
  { receiver, reason, outcome, at, ticket, why }: DeliveryEntry,
  reader: Reader,
): string {
  const { language } = reader
  const parts = [
    newsWord(reason, language),
    TEXTS.outcome[outcome][language],
    timeIn(at, reader),
    ...(ticket ? [oneLine(ticket)] : []),
    ...(why ? [why] : []),
  ]
  return `${receiver}${mark('colon', language)}${parts.join(' · ')}`
}

/** `07:01 · 查看 lb-7dpmqwcu：2/5 后端异常` */
export function timelineLine(entry: TimelineEntry, reader: Reader): string {
  const { language } = reader
  const { at, loadBalancer } = entry
  const what =
    loadBalancer === undefined ? eventText(entry, reader) : `${eventText(entry, reader)} ${loadBalancer}`
  const detail = detailOf(entry, language)
  return `${timeIn(at, reader)} · ${detail === null ? what : `${what}${mark('colon', language)}${detail}`}`
}

const eventText = ({ event, by, detail }: TimelineEntry, reader: Reader): string => {
  const { language } = reader
  const name = clip(by ?? '', LONGEST_NAME)
  return event === 'acknowledged' || event === 'silenced'
    ? t(TEXTS.event[event], { name, time: detail === undefined ? '' : timeIn(detail, reader) }, language)
    : TEXTS.event[event][language]
}

function detailOf({ event, detail }: TimelineEntry, language: Language): string | null {
  if (detail === undefined || event === 'silenced') return null
  if (event === 'recovered') {
    const absent = ABSENCES.find((one) => one === detail)
    const ending = ENDINGS.find((one) => one === detail)
    return absent ? TEXTS.absent[absent][language] : ending ? TEXTS.ending[ending][language] : detail
  }
  return event === 'told'
    ? detail
        .split(', ')
        .map((news) => newsWord(news, language))
        .join(' · ')
    : detail
}

/** `shop-front (lb-7dpmqwcu)` */
export const clbText = (
  { id, name }: { readonly id: string; readonly name: string },
  language: Language,
): string => (name === '' || name === id ? id : withAside(name, id, language))
