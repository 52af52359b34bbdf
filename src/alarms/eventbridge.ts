import { isObject, text, unpacked } from '../model/untrusted.ts'
import { conditionOf, nameOf } from './condition.ts'
import { type Fields, fieldsOf, layered, listOf, loadBalancerId, pairsOf } from './fields.ts'
import { identityOf } from './identity.ts'
import { type Product, readNamed, refusalFor, withId } from './named.ts'
import { type Reading, readBatch, refused, taken } from './reading.ts'
import { inRegion } from './regions.ts'
import { instant } from './time.ts'

// EventBridge's envelope, tencentcloud.com/document/product/1108/46256: one event, or {"EventList":[…]}.

const EVENT_TYPE = /^([a-z0-9_-]{1,32}):([a-z]{1,32}):(.{1,128})$/i
const SOURCE = /^([a-z0-9_-]{1,32})\.cloud\.tencent$/i

export const isEventBatch = (payload: Fields): boolean => listOf(payload('EventList')) !== null

/** Is the payload the envelope of one event? */
export const isEventBridge = (payload: Fields): boolean =>
  payload('specversion') !== undefined ||
  SOURCE.test(text(payload('source')) ?? '') ||
  (isObject(unpacked(payload('data'))) && EVENT_TYPE.test(text(payload('type')) ?? ''))

/** Every event of a batch, in order. */
export function readEventBatch(payload: Fields): Reading {
  return readBatch(listOf(payload('EventList')) ?? [], (event) => {
    const fields = fieldsOf(event)
    return isEventBridge(fields)
      ? readEventBridge(fields)
      : refused('unknown-shape', 'An entry of EventList is not an event.')
  })
}

const productOf = (name: string | undefined): Product =>
  name === undefined ? 'unknown' : name.toLowerCase() === 'clb' ? 'clb' : 'other'

/**
 * One alarm from one event. Only `…:ErrorEvent:…` is an alarm; a `CloudEvent` reports an API or console call. Status 0
 * is a recovery. Status 1, `-` (stateless) and a missing status are firing.
 */
export function readEventBridge(payload: Fields): Reading {
  const [, typeProduct, typeClass, eventName] = EVENT_TYPE.exec(text(payload('type')) ?? '') ?? []
  const [, sourceProduct] = SOURCE.exec(text(payload('source')) ?? '') ?? []
  const data = fieldsOf(payload('data'))
  const fields = layered(pairsOf(data('dimensions')), data, pairsOf(data('additionalMsg')))
  // The vendor's own documents misspell the key (intake facts 3).
  const subject = loadBalancerId(payload('subject')) ?? loadBalancerId(payload('subjuect'))
  const named = withId(readNamed(fields), subject)
  const { clb } = named
  const refusal = refusalFor(named, productOf(typeProduct ?? sourceProduct), { aboutInstance: true })
  if (refusal !== null) return refusal
  if (typeClass !== undefined && typeClass.toLowerCase() !== 'errorevent') {
    return refused('unknown-shape', 'The event is about CLB, and it is not an alarm (ErrorEvent).')
  }
  const state = text(payload('status')) === '0' ? 'resolved' : 'firing'
  const at = instant(payload('time'))
  return taken({
    source: 'eventbridge',
    state,
    kind: 'event',
    clb,
    ...inRegion(payload('region'), data('region')),
    listener: named.listener,
    backend: named.backend,
    policy: { id: null, name: null },
    subject: eventName ?? null,
    condition: conditionOf({ metric: nameOf(eventName) }),
    durationSeconds: null,
    sessionId: text(payload('id')),
    identity: identityOf(
      payload('source') ?? payload('type'),
      eventName,
      [clb.loadBalancerId, clb.vip, clb.domain, clb.vpcId, clb.numericVpcId],
      named.listener,
      named.backend,
      data('dimensions'),
    ),
    // An event only has its own time. A recovery does not say when the fault began.
    firstOccurredAt: state === 'firing' ? at : null,
    recoveredAt: state === 'resolved' ? at : null,
    ...(text(payload('status')) === '-' ? { isStateless: true as const } : {}),
  })
}
