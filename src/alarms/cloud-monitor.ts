import type { Alarm } from '../model/alarm.ts'
import { isObject, text, unpacked } from '../model/untrusted.ts'
import { readConditions } from './condition.ts'
import { type Fields, fieldsOf, layered, pairsOf, positiveInteger } from './fields.ts'
import { identityOf } from './identity.ts'
import { guessedFrom, namesClb, type Product, readNamed, refusalFor } from './named.ts'
import { type Reading, taken } from './reading.ts'
import { inRegion } from './regions.ts'
import { instant } from './time.ts'

// Cloud Monitor's callback: cloud.tencent.com/document/product/248/9066, tencentcloud.com/document/product/248/38919.

/** Does the payload have the parts of a callback? */
export const isCloudMonitor = (payload: Fields): boolean =>
  isObject(unpacked(payload('alarmObjInfo'))) || isObject(unpacked(payload('alarmPolicyInfo')))

function kindOf(payload: Fields, conditions: Fields): Alarm['kind'] {
  const type = text(payload('alarmType'))?.toLowerCase()
  if (type === 'event' || type === 'prometheus' || type === 'metric') return type
  return conditions('eventName') === undefined ? 'metric' : 'event'
}

/** Event alarms have no namespace. Prometheus alarms name no product (intake facts 1.3, 1.4). */
function productOf(object: Fields, policy: Fields, conditions: Fields): Product {
  const stated = text(object('namespace')) ?? text(conditions('productName'))
  if (stated !== null) return namesClb(stated) ? 'clb' : 'other'
  return namesClb(text(policy('policyType')) ?? '') ? 'clb' : 'unknown'
}

// Names such as QCE/LB_RS_UNHEALTH, CLB_PORT_PRIVATE, LB_RS_PORT_STATUS and lb_rsport belong to alarms about a
// backend's port (intake facts 2).
const aboutBackends = (name: string | null): boolean => /_(?:rs|port|rsport)(?:_|$)/i.test(name ?? '')

/**
 * One alarm from a callback of type metric, event or prometheus. Status 0, as number or string, is a recovery, which
 * may lack its time. Any other status counts as firing. The worst that can cause is a needless diagnosis.
 */
export function readCloudMonitor(payload: Fields): Reading {
  const object = fieldsOf(payload('alarmObjInfo'))
  const policy = fieldsOf(payload('alarmPolicyInfo'))
  const conditions = fieldsOf(policy('conditions'))
  const dimensions = pairsOf(object('dimensions'))
  const tags = pairsOf(object('tags'))
  const fields = layered(
    dimensions,
    fieldsOf(dimensions('objDetail')),
    tags,
    pairsOf(payload('additionalMsg')),
  )
  const portIsBackends = aboutBackends(text(object('namespace'))) || aboutBackends(text(policy('policyType')))
  const kind = kindOf(payload, conditions)
  const stated = readNamed(fields, { portIsBackends })
  const named = kind === 'prometheus' ? guessedFrom(stated, tags) : stated
  const product = productOf(object, policy, conditions)
  const refusal = refusalFor(named, product, { aboutInstance: kind !== 'prometheus' })
  if (refusal !== null) return refusal
  const state = text(payload('alarmStatus')) === '0' ? 'resolved' : 'firing'
  const condition = readConditions(payload, conditions)
  const subject = text(conditions('metricName')) ?? text(conditions('eventName'))
  return taken({
    source: 'cloud-monitor',
    state,
    kind,
    clb: named.clb,
    // A Prometheus alarm's own region is that of the Prometheus instance. Its region label is the CLB's.
    ...inRegion(tags('region'), object('region'), dimensions('region')),
    listener: named.listener,
    backend: named.backend,
    policy: { id: text(policy('policyId')), name: text(policy('policyName')) },
    subject,
    condition,
    durationSeconds: positiveInteger(payload('durationTime')),
    sessionId: text(payload('sessionId')),
    identity: identityOf(
      kind,
      policy('policyId') ?? policy('policyName'),
      subject,
      condition?.level,
      // An event may have its address in objDetail only, and objDetail is one of the dimensions.
      object('dimensions'),
      object('tags'),
    ),
    firstOccurredAt: instant(payload('firstOccurTime')),
    recoveredAt: state === 'resolved' ? instant(payload('recoverTime')) : null,
  })
}
