import {
  type DeliveryEntry,
  type IncidentDetails,
  type IncidentMember,
  type IncidentPage,
  type IncidentView,
  isOver,
} from '../../model/incident.ts'
import { enumerated, mark, pad, t, widthOf, withAside, wrap } from '../../text/index.ts'
import type { Tone } from '../blocks.ts'
import { lastReadableText } from '../last-readable.ts'
import { clip, oneLine } from '../printers/safe.ts'
import { COLORS, type Screen } from '../printers/text.ts'
import { some } from '../some.ts'
import { TEXTS as REPORT } from '../texts.ts'
import { ATTENTION_TONES } from '../tones.ts'
import { TEXTS } from './texts.ts'
import { clbText, deliveryLine, LONGEST_NAME, type Reader, timeIn, timelineLine } from './words.ts'

// The incidents for a person at a terminal: what needs somebody stands in the first columns, and who was not told in a line
// of its own.

const WORDS = TEXTS.list
const INCIDENT = REPORT.notice
const MOST_NAMES = 6
const BOLD = 1

export function printIncidents(
  { incidents, next, waiting = 0 }: IncidentPage,
  reader: Reader,
  screen: Screen,
): string {
  const { language } = reader
  const waits = waiting === 0 ? [] : [t(WORDS.waiting, { count: waiting }, language)]
  if (incidents.length === 0) return `${[WORDS.none[language], ...waits].join('\n')}\n`
  const heads = incidents.map((one) => headOf(one, reader))
  const widths = [0, 1, 2].map((i) => Math.max(...heads.map((cells) => widthOf(cells[i] ?? ''))))
  const blocks = incidents.map((one, i) =>
    [headLine(one, heads[i] ?? [], widths, screen), ...factLines(one, reader, screen)].join('\n'),
  )
  const more = next === null ? [] : [t(WORDS.more, { id: next }, language)]
  return `${[...blocks, ...more, ...waits].join('\n\n')}\n`
}

/** One incident with what happened, the oldest first. */
export function printIncident(details: IncidentDetails, reader: Reader, screen: Screen): string {
  const { language } = reader
  const { deliveries, timeline = [] } = details
  const fold = (text: string): string => wrap(oneLine(text), screen.width, '  ')
  const heading = (text: string): string => paint(BOLD, text, screen)
  const told = deliveries.map((one) => fold(deliveryLine(one, reader)))
  return `${[
    headLine(details, headOf(details, reader), [0, 0, 0], screen),
    ...factLines(details, reader, screen),
    '',
    heading(TEXTS.page.timeline[language]),
    ...timeline.map((one) => fold(timelineLine(one, reader))),
    '',
    heading(TEXTS.page.deliveries[language]),
    ...(told.length > 0 ? told : [fold(TEXTS.page.nobody[language])]),
  ].join('\n')}\n`
}

const paint = (code: number, text: string, { color }: Screen): string =>
  color ? `\u001b[${code}m${text}\u001b[0m` : text

/** The state, what to do, since when, and the id. */
function headOf(incident: IncidentView, reader: Reader): readonly string[] {
  const { language } = reader
  const { id, state, attention, openedAt, recoveredAt } = incident
  const since = t(TEXTS.page.since, { time: timeIn(openedAt, reader) }, language)
  const until =
    recoveredAt === null ? null : t(TEXTS.page.recoveredAt, { time: timeIn(recoveredAt, reader) }, language)
  return [
    TEXTS.state[state][language],
    isOver(incident) ? '' : TEXTS.attention[attention][language],
    until === null ? since : `${since}${mark('comma', language)}${until}`,
    id,
  ]
}

function headLine(
  incident: IncidentView,
  cells: readonly string[],
  widths: readonly number[],
  screen: Screen,
): string {
  const tone: Tone = isOver(incident) ? 'green' : ATTENTION_TONES[incident.attention]
  const [state = '', attention = '', ...rest] = cells.map((cell, i) => pad(oneLine(cell), widths[i] ?? 0))
  const parts = [paint(COLORS[tone], `■ ${state}`, screen), attention, ...rest]
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .trimEnd()
}

function factLines(incident: IncidentView, reader: Reader, screen: Screen): readonly string[] {
  const { language } = reader
  const { loadBalancers, cause, reopened, mergedInto } = incident
  const names = some(
    loadBalancers.map((clb) => clbText(clb, language)),
    MOST_NAMES,
    language,
  )
  const { told, others } = toldIn(incident.deliveries, reader)
  const facts: readonly (readonly [string, string])[] = [
    [WORDS.clbs[language], names],
    ...(cause ? [[WORDS.cause[language], causeText(cause)] as const] : []),
    ...loadBalancers.flatMap((clb) => unreadFacts(clb, loadBalancers.length > 1, reader)),
    ...(told.length > 0 ? [[WORDS.told[language], enumerated(told, language)] as const] : []),
    ...(incident.toldNobody ? [[WORDS.untold[language], WORDS.nobody[language]] as const] : []),
    ...others.map((one) => [WORDS[labelOf(one)][language], deliveryLine(one, reader)] as const),
    ...personTexts(incident, reader).map((text) => [WORDS.person[language], text] as const),
    ...(reopened > 0
      ? [[WORDS.again[language], t(TEXTS.page.again, { count: reopened }, language)] as const]
      : []),
    ...(mergedInto === undefined ? [] : [[WORDS.merged[language], mergedInto] as const]),
  ]
  const width = Math.max(...facts.map(([label]) => widthOf(label)))
  return facts.map(([label, text]) =>
    wrap(`${pad(label, width)}  ${oneLine(text)}`, screen.width, '    ').replace(/^ {4}/, '  '),
  )
}

/** A CLB that cannot be read now, with what is known of it from before. */
function unreadFacts(
  { id, name, verdict, lastReadable }: IncidentMember,
  isNamed: boolean,
  reader: Reader,
): readonly (readonly [string, string])[] {
  const { language } = reader
  if (lastReadable === undefined) return []
  const { label, fix } = INCIDENT.lastReadable
  const text = lastReadableText({ verdict, lastReadable }, reader)
  const named = isNamed ? [clbText({ id, name }, language), text].join(mark('colon', language)) : text
  return [
    [label[language], named],
    ...(lastReadable.fix === undefined ? [] : [[fix[language], lastReadable.fix] as const]),
  ]
}

const causeText = ({ code, resource, rule }: NonNullable<IncidentView['cause']>): string =>
  [code, resource, ...(rule === null ? [] : [rule])].join(' · ')

function personTexts({ acknowledgedBy, silencedUntil }: IncidentView, reader: Reader): readonly string[] {
  const { language } = reader
  return [
    ...(acknowledgedBy === undefined
      ? []
      : [t(WORDS.has, { name: clip(oneLine(acknowledgedBy), LONGEST_NAME) }, language)]),
    ...(silencedUntil === undefined
      ? []
      : [t(WORDS.silenced, { time: timeIn(silencedUntil, reader) }, language)]),
  ]
}

/** `jira-1 (OPS-7)` */
function withTicket(receiver: string, own: readonly DeliveryEntry[], { language }: Reader): string {
  const ticket = own.findLast((one) => one.ticket !== undefined)?.ticket
  return ticket === undefined ? receiver : withAside(receiver, ticket, language)
}

/** A message that waits may have been sent a moment ago, if the process was killed. */
const labelOf = ({ outcome }: DeliveryEntry): 'pending' | 'untold' =>
  outcome === 'waiting' || outcome === 'unknown' ? 'pending' : 'untold'

/** Who got at least one message, and how the newest message to each ended if it did not arrive. */
function toldIn(deliveries: readonly DeliveryEntry[], reader: Reader) {
  const byReceiver = new Map<string, DeliveryEntry[]>()
  for (const one of deliveries) byReceiver.set(one.receiver, [...(byReceiver.get(one.receiver) ?? []), one])
  const all = [...byReceiver]
  const isTold = (own: readonly DeliveryEntry[]): boolean =>
    own.some(({ outcome }) => outcome === 'delivered')
  return {
    told: all.filter(([, own]) => isTold(own)).map(([receiver, own]) => withTicket(receiver, own, reader)),
    others: all.flatMap(([, own]) => own.at(-1) ?? []).filter(({ outcome }) => outcome !== 'delivered'),
  }
}
