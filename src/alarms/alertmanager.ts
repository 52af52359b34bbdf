import { isObject, text, unpacked } from '../model/untrusted.ts'
import { conditionOf, figure, levelOf } from './condition.ts'
import { type Fields, fieldsOf, layered, listOf } from './fields.ts'
import { identityOf } from './identity.ts'
import { guessedFrom, readNamed, refusalFor } from './named.ts'
import { type Reading, readBatch, refused, taken } from './reading.ts'
import { inRegion } from './regions.ts'
import { instant } from './time.ts'

// Alertmanager's webhook, version 4: prometheus.io/docs/alerting/latest/configuration/#webhook_config. Grafana's unified
// alerting sends the same with more fields. Labels and annotations name the CLB: loadbalancer_id, or vip with vpc_id.

export const isAlertmanager = (payload: Fields): boolean => listOf(payload('alerts')) !== null

/** What all alerts of a group share. Read once, because a group can be large. */
interface Group {
  readonly status: string | null
  /** Grafana's. Each of its organisations has rules of its own. */
  readonly organisation: unknown
  readonly labels: Fields
  readonly annotations: Fields
}

function readAlert(alert: unknown, group: Group): Reading {
  if (!isObject(alert)) return refused('unknown-shape', 'An entry of alerts is not an object.')
  const fields = fieldsOf(alert)
  const labels = layered(fieldsOf(fields('labels')), group.labels)
  const annotations = layered(fieldsOf(fields('annotations')), group.annotations)
  const named = guessedFrom(readNamed(layered(labels, annotations)), labels)
  const refusal = refusalFor(named, 'unknown')
  if (refusal !== null) return refusal
  const status = text(fields('status')) ?? group.status
  const state = status?.toLowerCase() === 'resolved' ? 'resolved' : 'firing'
  const name = text(labels('alertname'))
  return taken({
    source: 'alertmanager',
    state,
    kind: 'prometheus',
    clb: named.clb,
    ...inRegion(labels('region')),
    listener: named.listener,
    backend: named.backend,
    policy: { id: null, name },
    subject: name,
    // A rule's expression is not sent, only its labels and annotations. The alert's name is the policy's.
    condition: conditionOf({
      value: figure(annotations('value', 'current_value')) ?? onlyValue(fields('values')),
      level: levelOf(labels('severity'), labels('level')),
    }),
    durationSeconds: null,
    sessionId: text(fields('fingerprint')),
    // The fingerprint is that of all labels.
    identity: identityOf(
      group.organisation,
      fields('fingerprint') ?? [fields('labels'), group.labels('alertname')],
      [named.clb.loadBalancerId, named.clb.vip],
    ),
    firstOccurredAt: instant(fields('startsAt')),
    // While an alert fires, endsAt is the time at which it expires unless it is sent again.
    recoveredAt: state === 'resolved' ? instant(fields('endsAt')) : null,
  })
}

/** Grafana's `{"A":2}`. Several are the steps of its rule, and nothing says which of them is the metric. */
function onlyValue(values: unknown): string | null {
  const steps = unpacked(values)
  const given = isObject(steps) ? Object.values(steps) : []
  return given.length === 1 ? figure(given[0]) : null
}

/** One alarm per alert, in order. */
export function readAlertmanager(payload: Fields): Reading {
  const group: Group = {
    status: text(payload('status')),
    organisation: payload('orgId'),
    labels: fieldsOf(payload('commonLabels')),
    annotations: fieldsOf(payload('commonAnnotations')),
  }
  return readBatch(listOf(payload('alerts')) ?? [], (alert) => readAlert(alert, group))
}
