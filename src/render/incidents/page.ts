import { type IncidentDetails, type IncidentNotice, isOver } from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import { t } from '../../text/index.ts'
import type { Link, Part, Report, Section, Tone } from '../blocks.ts'
import { markup, printHtml } from '../printers/html.ts'
import { clip } from '../printers/safe.ts'
import { some } from '../some.ts'
import { ATTENTION_TONES } from '../tones.ts'
import { actionMarkup } from './button.ts'
import { TEXTS } from './texts.ts'
import {
  clbText,
  deliveryLine,
  LONGEST_NAME,
  type PersonUntil,
  type Reader,
  stateLine,
  timeIn,
  timelineLine,
} from './words.ts'

// The page that a person opens from a message: the message as it would be now, and what happened.

const WORDS = TEXTS.page
const MOST_LINES = { deliveries: 60, timeline: 150 } as const
const MOST_NAMES = 10

export interface IncidentPageContent extends Reader {
  readonly incident: IncidentDetails
  /** The message about it, without its pages. Null: its diagnoses are no longer kept. */
  readonly notice: IncidentNotice | null
  readonly acknowledged: PersonUntil | null
  readonly silenced: PersonUntil | null
  /** Addresses of the pages of one button. Null: there is nothing to take over, or no key. */
  readonly actions: { readonly acknowledge: string; readonly silence: string } | null
  /** The page of the incident that took this one over. */
  readonly mergedInto: string | null
}

export function printIncidentPage(content: IncidentPageContent, report: Report | null): string {
  const { actions, language } = content
  const base = report ?? plainReport(content)
  const summary = base.summary.filter(({ topic }) => topic !== 'handling')
  const page: Report = {
    ...base,
    summary: [...stateParts(content), ...summary],
    details: [...sectionsOf(content), ...base.details],
    omitted: base.omitted,
  }
  const buttons = actions
    ? [
        markup`<div style="margin:12px 0">${actionMarkup(actions.acknowledge, WORDS.acknowledge[language])} ${actionMarkup(actions.silence, WORDS.silence[language])}</div>`,
      ]
    : []
  return printHtml(page, buttons)
}

/** The state, who has it and what is silenced, in lines of their own. */
function stateParts(content: IncidentPageContent): readonly Part[] {
  const { incident, acknowledged, silenced, mergedInto, language } = content
  const person = (text: (typeof WORDS)['acknowledged' | 'silenced'], given: PersonUntil): string =>
    t(text, { name: clip(given.by, LONGEST_NAME), time: timeIn(given.until, content) }, language)
  const quotes = [
    ...(acknowledged ? [person(WORDS.acknowledged, acknowledged)] : []),
    ...(silenced ? [person(WORDS.silenced, silenced)] : []),
    ...(incident.mergedInto === undefined ? [] : [`${WORDS.merged[language]} ${incident.mergedInto}`]),
  ]
  const links: readonly Link[] = mergedInto === null ? [] : [{ text: WORDS.open[language], url: mergedInto }]
  return [
    {
      kind: 'part',
      topic: 'incident',
      text: stateLine(incident, content),
      quotes,
      links,
      brief: { rank: 0.5, items: 0 },
    },
  ]
}

function sectionsOf({ incident, ...reader }: IncidentPageContent): readonly Section[] {
  const { deliveries, timeline = [] } = incident
  const { language } = reader
  const section = (topic: 'deliveries' | 'timeline', lines: readonly string[]): Section => {
    const rest = lines.length - MOST_LINES[topic]
    const shown = lines.slice(0, MOST_LINES[topic])
    return {
      kind: 'section',
      topic,
      heading: { text: WORDS[topic][language] },
      blocks: [
        {
          kind: 'list',
          isBulleted: true,
          items: [...shown, ...(rest > 0 ? [t(WORDS.older, { count: rest }, language)] : [])].map((text) => ({
            text,
          })),
        },
      ],
    }
  }
  const told = deliveries.map((one) => deliveryLine(one, reader)).reverse()
  return [
    section('deliveries', told.length > 0 ? told : [WORDS.nobody[language]]),
    section('timeline', timeline.map((one) => timelineLine(one, reader)).reverse()),
  ]
}

/** Without a diagnosis: what the record of the incident says. */
function plainReport({ incident, createdAt, language }: IncidentPageContent): Report {
  const { id, state, attention, cause, loadBalancers } = incident
  const tone: Tone = isOver(incident) ? 'green' : ATTENTION_TONES[attention]
  const names = some(
    loadBalancers.map((clb) => clbText(clb, language)),
    MOST_NAMES,
    language,
  )
  const lines = [names, ...(cause ? [`${cause.code} ${cause.resource}`] : []), WORDS.noDiagnosis[language]]
  return {
    language,
    subject: names,
    preheader: names,
    notification: names,
    title: { tone, state: TEXTS.state[state][language], name: id, brief: { rank: 0, items: 1 } },
    summary: lines.map((text) => ({ kind: 'part', topic: 'incident', text, brief: { rank: 1, items: 1 } })),
    details: [],
    place: '',
    foot: { lines: [], id, cost: '', createdAt, brief: { rank: 7, items: 0 } },
    isWide: false,
    omitted: (count) => omitted(count, language),
    omittedRows: (count) => omitted(count, language),
  }
}

const omitted = (count: number, language: Language): string => t(WORDS.older, { count }, language)
