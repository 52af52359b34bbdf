import { createHash } from 'node:crypto'
import type { Message } from '../../model/message.ts'
import { type AlertState, knownOf, type Labels, statesIn, type Words } from '../alerts.ts'

// The body of Alertmanager's webhook, version 4: prometheus.io/docs/alerting/latest/configuration/#webhook_config. Many
// programs take it.

/** Alertmanager writes Go's zero time for an alert that fires. */
const NOT_OVER = '0001-01-01T00:00:00Z'

interface GroupAlert {
  readonly status: 'firing' | 'resolved'
  readonly labels: Labels
  readonly annotations: Labels
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
  readonly fingerprint: string
}

export interface AlertGroup {
  readonly body: Readonly<Record<string, unknown>>
  /** The labels of the alerts that fire, for the next message of the incident. */
  readonly reference: string
}

/** Null: the message makes no alert. */
export function alertGroupOf(
  message: Message,
  {
    words,
    now,
    reference,
  }: { readonly words: Words; readonly now: number; readonly reference: string | null },
): AlertGroup | null {
  const states = statesIn(message, words)
  const incidents = new Set(states.map(({ labels }) => labels.incident))
  // A digest has several incidents, so the reference can hold alerts of others.
  const known = knownOf(reference)?.filter(({ incident }) => incidents.has(incident)) ?? null
  const open = states.filter(({ isOpen }) => isOpen)
  const firing = open.map((state) => alertOf(state, null))
  const isFiring = new Set(firing.map(({ fingerprint }) => fingerprint))
  const end = new Date(now).toISOString()
  // Without the last labels, what the message itself says to be over is ended.
  const over = known ?? states.filter(({ isOpen }) => !isOpen).map(({ labels }) => labels)
  const resolved = over
    .filter((labels) => !isFiring.has(fingerprintOf(labels)))
    .map((labels) => alertOf({ ...stateFor(labels, states), labels }, end))
  const alerts = [...firing, ...resolved]
  const [first] = alerts
  if (!first) return null
  const groupLabels = commonOf(
    alerts.map(({ labels: { alertname = '', incident = '' } }) => ({ alertname, incident })),
  )
  return {
    reference: JSON.stringify(open.map(({ labels }) => labels)),
    body: {
      version: '4',
      groupKey: `{}:{${Object.entries(groupLabels)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(', ')}}`,
      truncatedAlerts: 0,
      status: firing.length > 0 ? 'firing' : 'resolved',
      receiver: 'clb-doctor',
      groupLabels,
      commonLabels: commonOf(alerts.map(({ labels }) => labels)),
      commonAnnotations: commonOf(alerts.map(({ annotations }) => annotations)),
      externalURL: first.generatorURL === '' ? '' : new URL(first.generatorURL).origin,
      alerts,
    },
  }
}

/** What is known of a CLB that is over. One that left the incident has the texts of its message. */
const stateFor = (labels: Labels, states: readonly AlertState[]): AlertState => {
  const own = states.find((state) => state.labels.clb === labels.clb) ?? states[0]
  return own ?? { labels, annotations: {}, isOpen: false, startsAt: '' }
}

/** `end`: null while it fires. */
function alertOf({ labels, annotations, startsAt, page = '' }: AlertState, end: string | null): GroupAlert {
  return {
    status: end === null ? 'firing' : 'resolved',
    labels,
    annotations,
    startsAt: startsAt || (end ?? ''),
    endsAt: end ?? NOT_OVER,
    generatorURL: page,
    fingerprint: fingerprintOf(labels),
  }
}

/** The same while the severity or the cause changes, so that the end of an alert finds its begin. */
function fingerprintOf({ alertname = '', incident = '', clb = '' }: Labels): string {
  return createHash('sha256')
    .update(JSON.stringify([alertname, incident, clb]))
    .digest('hex')
    .slice(0, 16)
}

/** What all of them have with one value. */
function commonOf(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all
  return Object.fromEntries(
    Object.entries(first).filter(
      ([name, value]) => value !== '' && others.every((labels) => labels[name] === value),
    ),
  )
}
