import { otherBalancer, parseId } from '../model/ids.ts'
import { text } from '../model/untrusted.ts'
import { readSentence } from './condition.ts'
import { type Fields, loadBalancerId } from './fields.ts'
import { identityOf } from './identity.ts'
import { endpointInName, hostOf, type Named, readNamed, refusalFor, withId } from './named.ts'
import { type Reading, taken } from './reading.ts'
import { inRegion } from './regions.ts'
import { instant } from './time.ts'

// A body that the account's owner wrote from Cloud Monitor's template variables
// (cloud.tencent.com/document/product/248/112746). No variable gives the dimensions. So only `object` names the CLB,
// unless the owner added one of our field names.

const statusOf = (payload: Fields): string | null =>
  [payload('status'), payload('alarmStatus'), payload('status_fmt')]
    .map((word) => text(word)?.toLowerCase() ?? null)
    .find((word) => word !== null) ?? null

// The owner of a template may write words of its own in place of the variable's.
const RECOVERED = new Set(['recovery', 'recovered', 'resolved', 'ok', '0', '恢复', '已恢复', '告警恢复'])
const FIRING = new Set([
  'trigger',
  'triggered',
  'firing',
  'alerting',
  'alarm',
  '1',
  '告警',
  '触发',
  '告警触发',
])

/** A word that nobody knows counts as firing, unless a recovery after the trigger is given. */
function isOver(status: string | null, began: string | null, recoveredAt: string | null): boolean {
  if (status !== null && RECOVERED.has(status)) return true
  if (status !== null && FIRING.has(status)) return false
  return recoveredAt !== null && (began === null || recoveredAt > began)
}

/** Does the payload have the variable `object`, or a status in the template's words? */
export const isTemplate = (payload: Fields): boolean =>
  text(payload('object'), 65_536) !== null || ['trigger', 'recovery'].includes(statusOf(payload) ?? '')

/** Dimensions that nothing else here reads. The owner may have added them. */
const OWN_FIELDS = ['domain', 'url'] as const

function readObject(payload: Fields): Named {
  const object = text(payload('object'), 65_536) ?? ''
  const parts = object.split('|').map((part) => part.trim())
  const found = endpointInName(object)
  const ids = parts.flatMap((part) => loadBalancerId(part) ?? [])
  const named = readNamed(payload)
  const isNamed = named.clb.loadBalancerId !== null || named.severalIds.length > 0
  const own = isNamed ? named : ids.reduce(withId, named)
  return {
    clb: {
      ...own.clb,
      vip: own.clb.vip ?? found.vip,
      ...(own.clb.domain === undefined && found.domain !== null ? { domain: found.domain } : {}),
    },
    listener:
      own.listener ??
      (hostOf(found) === null || (own.clb.vip !== null && own.clb.vip !== found.vip)
        ? null
        : { port: found.port, protocol: found.protocol }),
    backend: own.backend,
    badVip: own.badVip || found.badVip,
    // The documented object of a CVM alarm is "10.0.0.1 (内) | ins-123456 | as-tke-np-abc" (intake facts 1.5).
    foreignInstance: own.foreignInstance || parts.some((part) => parseId(part, 'ins') !== null),
    severalIds: own.severalIds,
    otherBalancer: own.otherBalancer ?? parts.map(otherBalancer).find((one) => one !== null) ?? null,
  }
}

/**
 * One alarm. An address without a port in `object` does not count as a VIP, because the objects of other products have
 * one too.
 */
export function readTemplate(payload: Fields): Reading {
  const named = readObject(payload)
  const refusal = refusalFor(named, 'unknown')
  if (refusal !== null) return refusal
  const recoveredAt = instant(payload('recovery_time')) ?? instant(payload('recovery_time_fmt'))
  const firstOccurredAt = instant(payload('first_trigger_time')) ?? instant(payload('first_trigger_time_fmt'))
  const resolved = isOver(statusOf(payload), firstOccurredAt, recoveredAt)
  const condition = readSentence(payload)
  return taken({
    source: 'cloud-monitor',
    state: resolved ? 'resolved' : 'firing',
    kind: 'template',
    clb: named.clb,
    ...inRegion(payload('region')),
    listener: named.listener,
    backend: named.backend,
    policy: { id: text(payload('policy_id')), name: text(payload('policy_name')) },
    subject: text(payload('content')),
    condition,
    // The unit of the variable `duration` is not documented.
    durationSeconds: null,
    sessionId: text(payload('sessionId')),
    identity: identityOf(
      payload('policy_id') ?? payload('policy_name'),
      // The sentence may end in the current value.
      condition?.operator
        ? [condition.shownName, condition.operator, condition.threshold]
        : payload('content'),
      payload('object'),
      [named.clb.loadBalancerId, named.clb.vip, named.clb.domain],
      named.listener,
      named.backend,
      OWN_FIELDS.map((name) => payload(name)),
    ),
    firstOccurredAt,
    recoveredAt: resolved ? recoveredAt : null,
  })
}
