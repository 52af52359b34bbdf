import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { audienceOf, withHearers } from '../../src/app/incidents/audience.ts'
import {
  type ClbLook,
  dueOf,
  type Incident,
  looked,
  REMINDERS,
  toldNow,
  withDelivery,
} from '../../src/incidents/index.ts'
import type { Attention } from '../../src/model/diagnosis.ts'
import type { RouteMatch, Routing } from '../../src/model/routing.ts'

const wecom = (key: string): string => `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`
const base = loadConfig({
  TENCENTCLOUD_SECRETID: 'id',
  TENCENTCLOUD_SECRETKEY: 'key',
  CLB_DOCTOR_SINKS: [wecom('a'), wecom('b'), wecom('c')].join(' '),
})
const [A, B, C] = ['wecom-1', 'wecom-2', 'wecom-3'] as const
const config = (routing: Routing) => ({ ...base, routing })
const route = (match: RouteMatch, ...to: readonly string[]) => ({ match, to, continue: false })

const look = (id: string, fields: Partial<ClbLook> = {}): ClbLook => ({
  id,
  isFound: true,
  names: [id],
  name: id,
  region: 'ap-guangzhou',
  verdict: 'down',
  attention: 'act-now',
  headline: '',
  cause: null,
  backends: { total: 2, dead: 2 },
  deadTargets: 2,
  emptyPools: [],
  isFiring: true,
  firings: 1,
  isFlapping: false,
  firstOccurredAt: 0,
  recoveredAt: null,
  diagnosis: `dx-${id}`,
  routeFacts: { tags: { team: id }, vpc: null, policies: [], codes: [] },
  ...fields,
})

const CAUSE = { code: 'security-group/probe-blocked', resource: 'sg-1', rule: 'in x' } as const
const at = (now: number, newId: string) => ({ now, newId, knownSince: 0 })

function opened(one: ClbLook, newId: string, now = 0): Incident {
  const [incident] = looked({ own: [], alike: null }, one, at(now, newId)).changed
  if (!incident) throw new Error('no incident')
  return incident
}

const told = (incident: Incident, receiver: string): Incident =>
  withDelivery(
    { ...incident, told: toldNow(incident, 0) },
    { receiver, reason: 'first', outcome: 'delivered', at: '2026-11-20T00:00:00Z' },
  )

const BY_TEAM = config({
  routes: [route({ tag: { team: ['shop'] } }, A), route({ tag: { team: ['pay'] } }, B)],
  default: [],
})

describe('those who hear of an incident', () => {
  it('are the receivers of each of its CLBs', () => {
    const one = opened(look('shop', { cause: CAUSE }), 'in-1')
    expect(audienceOf(one, { news: ['first'] }, BY_TEAM)).toEqual([{ receiver: A, news: ['first'] }])
    const joined = looked({ own: [], alike: one }, look('pay', { cause: CAUSE }), at(1, 'in-2'))
    const [both] = joined.changed
    if (!both) throw new Error('no incident')
    expect(audienceOf(told(both, A), { news: ['another CLB'] }, BY_TEAM)).toEqual([
      { receiver: A, news: ['another CLB'] },
      { receiver: B, news: ['first'] },
    ])
  })

  it.each<[Attention, readonly string[]]>([
    ['watch', []],
    ['act-soon', [A]],
    ['act-now', [A, B]],
  ])('change with its attention: %s', (attention, names) => {
    const own = config({
      routes: [route({ attention: ['act-now'] }, A, B), route({ attention: ['act-soon'] }, A)],
      default: [],
    })
    const incident = opened(look('shop', { attention }), 'in-1')
    expect(audienceOf(incident, { news: ['first'] }, own).map(({ receiver }) => receiver)).toEqual(names)
  })

  it('get its updates if no route names them any more, and its recovery, which goes to nobody else', () => {
    const incident = told(opened(look('shop'), 'in-1'), C)
    expect(audienceOf(incident, { news: ['worse'] }, BY_TEAM)).toEqual([
      { receiver: A, news: ['first'] },
      { receiver: C, news: ['worse'] },
    ])
    expect(audienceOf(incident, { news: ['recovered'] }, BY_TEAM)).toEqual([
      { receiver: C, news: ['recovered'] },
    ])
  })

  it('are those of its routes if the recovery is all that this memory knows of the trouble', () => {
    const over = look('shop', { isFiring: false, attention: 'none', verdict: 'healthy', recoveredAt: 5 })
    const [known] = looked({ own: [], alike: null }, over, { ...at(9, 'in-1'), knownSince: 7 }).changed
    if (!known) throw new Error('no incident')
    expect(audienceOf(known, { news: ['first'] }, BY_TEAM)).toEqual([{ receiver: A, news: ['first'] }])
  })

  it('hear of the recovery of a CLB whose incident was taken over by another one', () => {
    const shop = told(opened(look('shop', { cause: CAUSE }), 'in-1'), A)
    const pay = told(opened(look('pay'), 'in-2', 10), B)
    const moved = looked({ own: [pay], alike: shop }, look('pay', { cause: CAUSE }), at(20, 'in-3'))
    const [now, taken] = withHearers(moved.changed, { look: look('pay'), ids: ['pay'] })
    if (!now) throw new Error('no incident')
    expect([now.id, taken?.mergedInto]).toEqual(['in-1', 'in-1'])
    expect(audienceOf(now, { news: ['recovered'] }, BY_TEAM).map(({ receiver }) => receiver)).toEqual([A, B])
    // Of this incident it has heard nothing yet.
    expect(audienceOf(now, { news: ['another CLB'] }, BY_TEAM)).toEqual([
      { receiver: A, news: ['another CLB'] },
      { receiver: B, news: ['first'] },
    ])
  })

  it('hear of the recovery of a CLB that moved to another incident', () => {
    const shop = told(opened(look('shop', { cause: CAUSE }), 'in-1'), A)
    const other = { ...CAUSE, resource: 'sg-2' }
    const one = opened(look('pay', { cause: other }), 'in-2', 10)
    const [two] = looked({ own: [], alike: one }, look('search', { cause: other }), at(11, 'in-3')).changed
    if (!two) throw new Error('no incident')
    const moved = looked({ own: [told(two, B)], alike: shop }, look('pay', { cause: CAUSE }), at(20, 'in-4'))
    const [now, left] = withHearers(moved.changed, { look: look('pay'), ids: ['pay'] })
    if (!now || !left) throw new Error('it did not move')
    expect([now.id, left.id, left.mergedInto]).toEqual(['in-1', 'in-2', null])
    expect(audienceOf(now, { news: ['recovered'] }, BY_TEAM).map(({ receiver }) => receiver)).toEqual([A, B])
    expect(audienceOf(left, { news: ['recovered'] }, BY_TEAM).map(({ receiver }) => receiver)).toEqual([B])
  })

  it('hear of the recovery of a CLB that two incidents had before it moved to a third one', () => {
    const shop = told(opened(look('shop', { cause: CAUSE }), 'in-1'), A)
    const byId = told(opened(look('pay', { isFound: false }), 'in-2', 10), B)
    const byAddress = told(opened(look('10.0.0.1', { isFound: false }), 'in-3', 20), C)
    const found = look('pay', { names: ['pay', '10.0.0.1'], cause: CAUSE })
    const { changed } = looked({ own: [byId, byAddress], alike: shop }, found, at(30, 'in-4'))
    expect(changed.map(({ id, mergedInto }) => [id, mergedInto])).toEqual([
      ['in-1', null],
      ['in-2', 'in-1'],
      ['in-3', 'in-2'],
    ])
    const [now] = withHearers(changed, { look: found, ids: ['pay', '10.0.0.1'] })
    if (!now) throw new Error('no incident')
    expect(audienceOf(now, { news: ['recovered'] }, BY_TEAM).map(({ receiver }) => receiver)).toEqual([
      A,
      B,
      C,
    ])
  })

  it('do not hear of the recovery of an incident that their CLB has left again', () => {
    const other = { ...CAUSE, resource: 'sg-2' }
    const shop = told(opened(look('shop', { cause: CAUSE }), 'in-1'), A)
    const one = opened(look('pay', { cause: other }), 'in-2', 10)
    const [two] = looked({ own: [], alike: one }, look('search', { cause: other }), at(11, 'in-3')).changed
    if (!two) throw new Error('no incident')
    const pay = { look: look('pay'), ids: ['pay'] }
    const there = looked({ own: [told(two, B)], alike: shop }, look('pay', { cause: CAUSE }), at(20, 'in-4'))
    const [now, left] = withHearers(there.changed, pay)
    if (!now || !left) throw new Error('it did not move')
    const { changed } = looked({ own: [now], alike: left }, look('pay', { cause: other }), at(30, 'in-5'))
    const [back, rest] = withHearers(changed, pay)
    expect([back?.id, rest?.id]).toEqual(['in-2', 'in-1'])
    expect(rest && audienceOf(rest, { news: ['recovered'] }, BY_TEAM)).toEqual([
      { receiver: A, news: ['recovered'] },
    ])
  })

  it('hear of the recovery of what stays in an incident that took over another one', () => {
    const shop = told(opened(look('shop', { cause: CAUSE }), 'in-1'), A)
    const other = { ...CAUSE, resource: 'sg-2' }
    const byId = told(opened(look('pay', { isFound: false }), 'in-2', 10), B)
    const one = opened(look('10.0.0.1', { isFound: false, cause: other }), 'in-3', 20)
    const [two] = looked({ own: [], alike: one }, look('search', { cause: other }), at(21, 'in-5')).changed
    if (!two) throw new Error('no incident')
    const found = look('pay', { names: ['pay', '10.0.0.1'], cause: CAUSE })
    const { changed } = looked({ own: [byId, told(two, C)], alike: shop }, found, at(30, 'in-6'))
    const [now, kept, taken] = withHearers(changed, { look: found, ids: ['pay', '10.0.0.1'] })
    if (!now || !kept || !taken) throw new Error('it did not move')
    expect([now, kept, taken].map(({ id, mergedInto }) => [id, mergedInto])).toEqual([
      ['in-1', null],
      ['in-2', null],
      ['in-3', 'in-2'],
    ])
    expect(kept.parts.map(({ id }) => id)).toEqual(['search'])
    const hearers = [now, kept].map((incident) => audienceOf(incident, { news: ['recovered'] }, BY_TEAM))
    expect(hearers.map((all) => all.map(({ receiver }) => receiver))).toEqual([
      [A, B, C],
      [B, C],
    ])
  })
})

it('nobody is reminded if the file turns reminders off', () => {
  const off = { ...REMINDERS, 'act-now': Number.POSITIVE_INFINITY }
  const { incident, news } = dueOf(opened(look('shop'), 'in-1'), { now: 0, reminders: off, isQuiet: true })
  expect(news).toEqual(['first'])
  const now = 20 * 3_600_000
  const parts = incident.parts.map((part) => ({ ...part, lookedAt: now }))
  const later = (reminders: typeof REMINDERS) =>
    dueOf({ ...incident, parts }, { now, reminders, isQuiet: true }).news
  expect([later(off), later(REMINDERS)]).toEqual([[], ['reminder']])
})
