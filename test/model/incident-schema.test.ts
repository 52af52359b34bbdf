import { describe, expect, it } from 'vitest'
import { ATTENTION_ORDER, type Diagnosis, VERDICT_ORDER } from '../../src/model/diagnosis.ts'
import {
  DELIVERY_OUTCOMES,
  type DeliveryEntry,
  INCIDENT_STATES,
  type IncidentDetails,
  type IncidentMember,
  type IncidentPage,
  type LastReadable,
  NEWS_ORDER,
  type SharedCause,
  type TimelineEntry,
} from '../../src/model/incident.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { noticeOf } from '../support/notices.ts'
import { errorsOfIncident, errorsOfPage, incidentSchema } from '../support/schema.ts'

const AT = '2026-11-20T00:00:00.000Z'

// The compiler asks for every field of the types.
const cause: Required<SharedCause> = { code: 'security-group/probe-blocked', resource: 'sg-1', rule: null }
const lastReadable: Required<LastReadable> = {
  at: AT,
  unreadSince: AT,
  headline: 'what was seen',
  cause: { code: 'security-group/probe-blocked', certainty: 'certain', title: 'it is blocked' },
  fix: 'let it in',
}
const member: Required<IncidentMember> = {
  id: 'lb-7dpmqwcu',
  name: 'shop-front',
  region: 'ap-guangzhou',
  verdict: 'down',
  lastReadable,
}
const delivery: Required<DeliveryEntry> = {
  receiver: 'oncall',
  reason: 'first',
  outcome: 'permanent',
  at: AT,
  ticket: 'OPS-1',
  why: 'the bot was removed',
}
const entry: Required<TimelineEntry> = {
  at: AT,
  event: 'joined',
  loadBalancer: 'lb-7dpmqwcu',
  detail: 'firing',
  by: 'zhangsan',
}
const diagnoses: readonly Diagnosis[] = [blocked('en')]
const whole: Required<IncidentDetails> = {
  id: 'in-0000000000000001',
  state: 'open',
  attention: 'act-now',
  openedAt: AT,
  updatedAt: AT,
  recoveredAt: null,
  reopened: 0,
  cause,
  loadBalancers: [member],
  deliveries: [delivery],
  toldNobody: true,
  acknowledgedBy: 'zhangsan',
  silencedUntil: AT,
  mergedInto: 'in-0000000000000000',
  timeline: [entry],
  diagnoses,
}

type Node = { readonly [name: string]: unknown }
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
/** The part of the schema at this path. */
const partAt = (...path: readonly (string | number)[]): Node =>
  path.reduce<Node>((node, name) => {
    const next = node[name]
    if (!isNode(next)) throw new Error(`no ${name} in the schema`)
    return next
  }, incidentSchema)
const OBJECTS: readonly (readonly [object, Node])[] = [
  [whole, partAt()],
  [cause, partAt('properties', 'cause', 'oneOf', 1)],
  [member, partAt('properties', 'loadBalancers', 'items')],
  [lastReadable, partAt('properties', 'loadBalancers', 'items', 'properties', 'lastReadable')],
  [delivery, partAt('properties', 'deliveries', 'items')],
  [entry, partAt('properties', 'timeline', 'items')],
]
const propertiesOf = ({ properties }: Node): readonly string[] =>
  isNode(properties) ? Object.keys(properties) : []

describe('docs/incident.schema.json', () => {
  it('has every field of an incident, and no other', () => {
    expect(errorsOfIncident(whole)).toEqual([])
    for (const [value, schema] of OBJECTS)
      expect(propertiesOf(schema).toSorted()).toEqual(Object.keys(value).sort())
    expect(errorsOfIncident({ ...whole, other: 1 })).not.toEqual([])
  })

  it('asks for the fields that every incident has', () => {
    const {
      toldNobody: _n,
      acknowledgedBy: _a,
      silencedUntil: _s,
      mergedInto: _m,
      timeline: _t,
      diagnoses: _d,
      ...least
    } = whole
    expect(errorsOfIncident({ ...least, cause: null })).toEqual([])
    for (const name of Object.keys(least))
      expect([name, errorsOfIncident({ ...least, [name]: undefined }).length]).toEqual([name, 1])
  })

  it('has the words of the code', () => {
    const words = (...path: readonly string[]): unknown => partAt('properties', ...path).enum
    expect(words('state')).toEqual(INCIDENT_STATES)
    expect(words('attention')).toEqual(ATTENTION_ORDER)
    expect(words('loadBalancers', 'items', 'properties', 'verdict')).toEqual(VERDICT_ORDER)
    expect(words('deliveries', 'items', 'properties', 'reason')).toEqual(NEWS_ORDER)
    expect(words('deliveries', 'items', 'properties', 'outcome')).toEqual(DELIVERY_OUTCOMES)
  })

  it('holds a page of incidents', () => {
    const page: IncidentPage = { incidents: [whole, noticeOf(blocked('en')).incident], next: whole.id }
    expect(errorsOfPage(page)).toEqual([])
    expect(errorsOfPage({ ...page, next: null })).toEqual([])
    expect(errorsOfPage({ incidents: [{ ...whole, state: 'mended' }], next: null })).not.toEqual([])
  })
})
