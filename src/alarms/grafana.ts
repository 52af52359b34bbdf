import type { Alarm } from '../model/alarm.ts'
import { text } from '../model/untrusted.ts'
import { coalesce } from './coalesce.ts'
import { conditionOf, figure, nameOf } from './condition.ts'
import { type Fields, fieldsOf, layered, listOf } from './fields.ts'
import { identityOf } from './identity.ts'
import { guessedFrom, readNamed, refusalFor } from './named.ts'
import { type Reading, readBatch, refused, taken } from './reading.ts'
import { inRegion } from './regions.ts'

// The webhook of Grafana's alerting before version 9: grafana.com/docs/grafana/v8.5/alerting/old-alerting/notifications.
// Unified alerting sends Alertmanager's shape, which alertmanager.ts reads.

export const isGrafana = (payload: Fields): boolean =>
  text(payload('state')) !== null &&
  payload('ruleName', 'ruleId') !== undefined &&
  (payload('evalMatches') !== undefined || payload('ruleUrl') !== undefined)

/**
 * One alarm per CLB. The rule's tags name it, or the series in `evalMatches` do. A recovery has no series, so an alarm
 * names no listener: otherwise nobody could tell that the recovery ends it. Other states, such as `no_data` and `paused`,
 * say nothing about the CLB.
 */
export function readGrafana(payload: Fields): Reading {
  const word = text(payload('state'))?.toLowerCase()
  if (word !== 'alerting' && word !== 'ok')
    return refused('unknown-shape', 'The state of the Grafana rule is neither alerting nor ok.')
  const state = word === 'ok' ? 'resolved' : 'firing'
  const tags = fieldsOf(payload('tags'))
  const matches = listOf(payload('evalMatches')) ?? []
  const reading = readBatch(matches.length > 0 ? matches : [null], (match) =>
    readMatch(fieldsOf(match), tags, payload, state),
  )
  return { ...reading, alarms: coalesce(reading.alarms) }
}

function readMatch(match: Fields, ruleTags: Fields, payload: Fields, state: Alarm['state']): Reading {
  const tags = layered(fieldsOf(match('tags')), ruleTags)
  const named = guessedFrom(readNamed(tags), tags)
  const refusal = refusalFor(named, 'unknown')
  if (refusal !== null) return refusal
  const name = nameOf(payload('ruleName'))
  return taken({
    source: 'grafana',
    state,
    kind: 'prometheus',
    clb: named.clb,
    ...inRegion(tags('region')),
    listener: null,
    backend: null,
    policy: { id: text(payload('ruleId')), name },
    subject: name,
    condition: conditionOf({ metric: nameOf(match('metric')), value: figure(match('value')) }),
    durationSeconds: null,
    sessionId: null,
    identity: identityOf(hostOf(payload('ruleUrl')), payload('orgId'), payload('ruleId') ?? name),
    firstOccurredAt: null,
    recoveredAt: null,
  })
}

/** Rules of two Grafanas may have the same number. Only the host counts, because the rest is a link for people. */
const hostOf = (address: unknown): string | null => {
  const given = text(address) ?? ''
  return URL.canParse(given) ? new URL(given).host : null
}
