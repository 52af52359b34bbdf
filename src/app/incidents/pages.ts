import type { Incident, Person } from '../../incidents/index.ts'
import { isOver, type News } from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import {
  type ButtonPage,
  type IncidentPageContent,
  type RefusedLink,
  renderButtonPage,
  renderIncidentPage,
  renderRefusedLink,
} from '../../render/index.ts'
import type { AppContext } from '../context.ts'
import { createLinks, type LinkPurpose } from '../links.ts'
import { incidentDetails } from './history.ts'
import { noticeOf } from './notice.ts'
import { hear, isRunning, type PersonAction, type PersonOutcome } from './persons.ts'
import { readOne } from './records.ts'

// The pages that a person opens from a message. Links between them are relative, so that they work behind any proxy.

/** How long a person may silence an incident. The longest is a day. */
export const SILENCE_HOURS = [1, 2, 4, 8, 24] as const
const PROPOSED_HOURS = 2
/** In characters. */
const LONGEST_NAME = 40

/** Who looks: the links of a page end when the link that led to it does. */
export interface Visit {
  readonly incident: string
  readonly language: Language
  /** Seconds since the epoch. Null: a token was shown in place of a link. */
  readonly until: number | null
}

/** How a page ended. `gone`: the incident is not kept. */
export interface Page {
  readonly html: string
  readonly isGone: boolean
}

export async function incidentPage(visit: Visit, context: AppContext): Promise<Page> {
  const { store, clock, config } = context
  const { language } = visit
  const now = clock.now()
  const [{ value: incident }, details] = await Promise.all([
    readOne(store, 'incidents', visit.incident),
    incidentDetails(visit.incident, store, now, language),
  ])
  if (incident === null || details === null) return gone('acknowledge', visit, context)
  const news: readonly News[] = isOver(incident) ? ['recovered'] : ['first']
  const notice = await noticeOf(incident, { id: incident.id, news, language }, context)
  // Diagnoses are kept in the languages of the receivers. A page is in one language.
  const kept = notice?.lead.language ?? language
  if (kept !== language) return incidentPage({ ...visit, language: kept }, context)
  const acknowledge = pathTo('acknowledge', incident.id, visit, context)
  const silence = pathTo('silence', incident.id, visit, context)
  const content: IncidentPageContent = {
    language,
    timeZone: config.timeZone,
    createdAt: new Date(now).toISOString(),
    incident: details,
    notice: notice && { ...notice, pages: null },
    acknowledged: untilOf(incident.acknowledged, now),
    silenced: untilOf(incident.silenced, now),
    actions:
      isOver(incident) || acknowledge === null || silence === null
        ? null
        : { acknowledge: `${incident.id}/${acknowledge}`, silence: `${incident.id}/${silence}` },
    mergedInto: incident.mergedInto === null ? null : pathTo('incident', incident.mergedInto, visit, context),
  }
  return { html: await renderIncidentPage(content), isGone: false }
}

const untilOf = (person: Person | null, now: number): IncidentPageContent['silenced'] =>
  isRunning(person, now) ? { by: person.by, until: new Date(person.until).toISOString() } : null

/** The page of one button. It reads and never writes. */
export async function buttonPage(
  purpose: PersonAction['kind'],
  visit: Visit,
  context: AppContext,
): Promise<Page> {
  const incident = await readThrough(visit.incident, context)
  if (incident === null) return gone(purpose, visit, context)
  const hours = purpose === 'silence' ? SILENCE_HOURS : []
  return buttonOf(
    purpose,
    incident,
    isOver(incident) ? { kind: 'over' } : { kind: 'ask', hours, proposed: PROPOSED_HOURS },
    visit,
    context,
  )
}

/** Does what the button says, and shows what came of it. */
export async function pressed(
  action: PersonAction,
  by: string,
  visit: Visit,
  context: AppContext,
): Promise<Page> {
  const outcome = await hear(visit.incident, action, cleanName(by), context)
  if (outcome.kind === 'unknown') return gone(action.kind, visit, context)
  return buttonOf(action.kind, outcome.incident, stepOf(action, outcome), visit, context)
}

function stepOf(
  action: PersonAction,
  outcome: Exclude<PersonOutcome, { kind: 'unknown' }>,
): ButtonPage['step'] {
  if (outcome.kind === 'over') return { kind: 'over' }
  if (outcome.kind === 'shorter')
    return { kind: 'shorter', hours: action.kind === 'silence' ? action.hours : 0 }
  return { kind: 'done', by: outcome.person.by, until: new Date(outcome.person.until).toISOString() }
}

export const refusedLink = (why: RefusedLink['why'], language: Language): Promise<string> =>
  renderRefusedLink({ why, language })

/** One line that a person typed: no control characters, no half characters. */
const cleanName = (text: string): string =>
  [
    ...text
      .toWellFormed()
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]+/gu, ' ')
      .trim(),
  ]
    .slice(0, LONGEST_NAME)
    .join('')
    .trim()

/** The incident, or the one that took it over. */
async function readThrough(id: string, context: AppContext): Promise<Incident | null> {
  const { value } = await readOne(context.store, 'incidents', id)
  return value?.mergedInto ? readThrough(value.mergedInto, context) : value
}

async function buttonOf(
  purpose: PersonAction['kind'],
  { id, parts, acknowledged, silenced }: Pick<Incident, 'id' | 'parts' | 'acknowledged' | 'silenced'>,
  step: ButtonPage['step'],
  visit: Visit,
  context: AppContext,
): Promise<Page> {
  const { clock, config } = context
  const page: ButtonPage = {
    language: visit.language,
    timeZone: config.timeZone,
    createdAt: new Date(clock.now()).toISOString(),
    purpose,
    loadBalancers: parts,
    acknowledged: untilOf(acknowledged, clock.now()),
    silenced: untilOf(silenced, clock.now()),
    step,
    back: `../${pathTo('incident', id, visit, context) ?? id}`,
    action: pathTo(purpose, visit.incident, visit, context) ?? purpose,
  }
  return { html: await renderButtonPage(page), isGone: step.kind === 'gone' }
}

const gone = (purpose: PersonAction['kind'], visit: Visit, context: AppContext): Promise<Page> =>
  buttonOf(
    purpose,
    { id: visit.incident, parts: [], acknowledged: null, silenced: null },
    { kind: 'gone' },
    visit,
    context,
  )

/** A page by its address within `/incidents/…`. Null: nobody has signed the visit, or there is no key. */
function pathTo(
  purpose: LinkPurpose,
  incident: string,
  { until, language }: Visit,
  { config }: AppContext,
): string | null {
  const query = until === null ? null : createLinks(config).queryOf({ purpose, incident, until, language })
  if (query === null) return null
  return `${purpose === 'incident' ? incident : purpose}?${query}`
}
