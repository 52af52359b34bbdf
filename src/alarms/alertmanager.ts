import { isObject, text } from '../model/untrusted.ts'
import { conditionOf, figure, levelOf } from './condition.ts'
import { type Fields, fieldsOf, layered } from './fields.ts'
import { readNamed, refusalFor } from './named.ts'
import { type Reading, readBatch, refused, taken } from './reading.ts'
import { inRegion } from './regions.ts'
import { instant } from './time.ts'

// Alertmanager's webhook, version 4: prometheus.io/docs/alerting/latest/configuration/#webhook_config. Labels name the
// CLB: loadbalancer_id, or vip with vpc_id.

export const isAlertmanager = (payload: Fields): boolean => Array.isArray(payload('alerts'))

function readAlert(alert: unknown, group: Fields): Reading {
  if (!isObject(alert)) return refused('unknown-shape', 'An entry of alerts is not an object.')
  const fields = fieldsOf(alert)
  const labels = layered(fieldsOf(fields('labels')), fieldsOf(group('commonLabels')))
  const annotations = layered(fieldsOf(fields('annotations')), fieldsOf(group('commonAnnotations')))
  const named = readNamed(labels)
  const refusal = refusalFor(named, 'unknown')
  if (refusal !== null) return refusal
  const status = text(fields('status')) ?? text(group('status'))
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
      value: figure(annotations('value', 'current_value')),
      level: levelOf(labels('severity'), labels('level')),
    }),
    durationSeconds: null,
    sessionId: text(fields('fingerprint')),
    firstOccurredAt: instant(fields('startsAt')),
    // While an alert fires, endsAt is the time at which it expires unless it is sent again.
    recoveredAt: state === 'resolved' ? instant(fields('endsAt')) : null,
  })
}

/** One alarm per alert, in order. */
export function readAlertmanager(payload: Fields): Reading {
  const alerts = payload('alerts')
  return readBatch(Array.isArray(alerts) ? alerts : [], (alert) => readAlert(alert, payload))
}
