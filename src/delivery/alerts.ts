import { type Attention, type Diagnosis, isReason } from '../model/diagnosis.ts'
import { type IncidentNotice, isOver, type LastReadable } from '../model/incident.ts'
import { kindOf, type Message } from '../model/message.ts'
import { isObject, parseJson } from '../model/untrusted.ts'

// Which alerts of Alertmanager a message makes, and which it ends. An Alertmanager gets them by its API, and a webhook with
// the body alertmanager-v4 as an Alertmanager would tell them.

export type Labels = Readonly<Record<string, string>>

export interface Alert {
  readonly labels: Labels
  readonly annotations: Labels
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL?: string
}

/** The texts of a report. */
export interface Words {
  readonly summary: string
  readonly description: string
}

interface Given {
  readonly words: Words
  readonly now: number
  /** The labels of the alerts that the last message about the incident left open. Null: not known. */
  readonly known: readonly Labels[] | null
}

/** An open alert that is not told again ends by itself after this time. */
const OPEN_MS = 10 * 60_000
const FIRING: readonly Attention[] = ['act-now', 'act-soon', 'watch']

/** `sent`: the alerts of the request. `open`: the labels of those that fire. */
export function alertsIn(
  message: Message,
  given: Given,
): { readonly sent: readonly Alert[]; readonly open: readonly Labels[] } {
  const states = statesIn(message, given.words)
  const firing = states.filter(({ isOpen }) => isOpen)
  const open = firing.map(({ labels }) => labels)
  const held = new Set(open.map(keyOf))
  // Alertmanager tells people of the end of an alert that it did not have, in a group with others. So only what was told is
  // ended. What was told and is not known any more ends by itself.
  const over = (given.known ?? []).filter((labels) => !held.has(keyOf(labels)))
  const ended = new Map(over.map((labels) => [keyOf(labels), labels]))
  const end = new Date(given.now).toISOString()
  return {
    open,
    sent: [
      ...firing.map((state) => alertOf(state, new Date(given.now + OPEN_MS).toISOString())),
      ...[...ended.values()].map((labels) => {
        const own = states.find((state) => state.labels.clb === labels.clb) ?? states[0]
        return alertOf({ ...(own ?? EMPTY), labels }, end)
      }),
    ],
  }
}

const keyOf = (labels: Labels): string => JSON.stringify(Object.entries(labels).toSorted())

/** The reference of the last message. Null if this receiver did not make it. */
export function knownOf(reference: string | null): readonly Labels[] | null {
  const known = parseJson(reference ?? 'null')
  if (!Array.isArray(known)) return null
  return known
    .filter(isObject)
    .map((labels) =>
      Object.fromEntries(
        Object.entries(labels).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      ),
    )
}

/** One CLB of a message. */
export interface AlertState {
  readonly labels: Labels
  readonly annotations: Labels
  readonly isOpen: boolean
  readonly startsAt: string
  readonly page?: string
}

const EMPTY: AlertState = { labels: {}, annotations: {}, isOpen: false, startsAt: '' }

/** What a message says of each CLB. A scan says nothing of one. */
export function statesIn(message: Message, words: Words): readonly AlertState[] {
  if (!('kind' in message)) return 'loadBalancers' in message ? [] : [diagnosisState(message, words)]
  switch (message.kind) {
    case 'incident':
      return noticeStates(message, words)
    case 'digest':
      return message.notices.flatMap((notice) =>
        noticeStates(notice, { summary: notice.lead.headline, description: notice.lead.headline }),
      )
    case 'test':
    case 'note':
      return [
        {
          labels: {
            alertname: kindOf(message) === 'test' ? 'ClbDoctorTest' : 'ClbDoctorNote',
            severity: kindOf(message) === 'test' ? 'none' : 'watch',
          },
          annotations: annotationsOf(words),
          isOpen: true,
          startsAt: message.createdAt,
        },
      ]
  }
}

/** A CLB that was looked at without an incident. */
function diagnosisState(diagnosis: Diagnosis, words: Words): AlertState {
  const { loadBalancer: clb, attention = 'watch', createdAt } = diagnosis
  return {
    labels: labelsOf({
      clb: clb?.id ?? diagnosis.trigger.alarm?.clb.vip ?? '',
      region: clb?.region ?? '',
      severity: attention,
      cause: causeOf(diagnosis),
    }),
    annotations: annotationsOf(words, clb?.name),
    isOpen: FIRING.includes(attention),
    startsAt: createdAt,
  }
}

const causeOf = ({ findings }: Diagnosis): string => findings.find(isReason)?.code ?? ''

function noticeStates(notice: IncidentNotice, words: Words): readonly AlertState[] {
  const { incident, members, lead, pages } = notice
  return members.map(({ id, name, region, attention, headline, hasRecovered, reason, lastReadable }) => {
    // A look that could not read a CLB does not know its id.
    const isLead = members.length === 1 || id === lead.loadBalancer?.id
    return {
      labels: labelsOf({
        clb: id,
        region,
        severity: attention,
        // A look that cannot read the cause does not make another alert.
        cause: incident.cause?.code ?? reason ?? (isLead ? causeOf(lead) : ''),
        incident: incident.id,
      }),
      annotations: {
        ...annotationsOf(isLead ? words : { ...words, summary: headline }, name),
        ...lastOf(hasRecovered ? undefined : lastReadable),
      },
      isOpen: !isOver(incident) && !hasRecovered && FIRING.includes(attention),
      startsAt: incident.openedAt,
      ...(pages ? { page: pages.incident } : {}),
    }
  })
}

/** What stood there when it could be read. */
const lastOf = (last: LastReadable | undefined): Labels =>
  last === undefined
    ? {}
    : {
        unread_since: last.unreadSince,
        last_readable_at: last.at,
        ...(last.cause ? { last_readable_cause: last.cause.title } : {}),
        ...(last.fix === undefined ? {} : { last_readable_fix: last.fix }),
      }

/** Alertmanager drops empty labels. Left out, they cannot differ either. */
const labelsOf = (labels: Labels): Labels => ({
  alertname: 'ClbHealthCheck',
  ...Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')),
})

const annotationsOf = ({ summary, description }: Words, name = ''): Labels => ({
  summary,
  description,
  ...(name === '' ? {} : { name }),
})

function alertOf({ labels, annotations, startsAt, page }: AlertState, endsAt: string): Alert {
  return {
    labels,
    annotations,
    // Alertmanager refuses an alert that ends before it starts.
    startsAt: startsAt !== '' && startsAt < endsAt ? startsAt : endsAt,
    endsAt,
    ...(page === undefined ? {} : { generatorURL: page }),
  }
}
