import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Message } from '../../src/model/message.ts'
import { memberOf, noticeOf } from '../support/notices.ts'
import { type Alertmanager, startAlertmanager } from '../support/receivers/alertmanager.ts'
import { standIn } from '../support/receivers/stand-in.ts'
import { row, scanOfRows } from '../support/scans.ts'
import { delivery } from './contract.ts'
import { blocked } from './diagnoses.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'

const PASSWORD = 'p1anted-pass/5f2a'
const LOGIN = `ops:${encodeURIComponent(PASSWORD)}`

everyHttpReceiver({
  name: 'Alertmanager',
  secrets: [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`ops:${PASSWORD}`).toString('base64')],
  address: (scheme, host) => `alertmanager+${scheme}://${LOGIN}@${host}`,
  standIn: () =>
    standIn('', ({ url, headers, body }) => {
      const login = `Basic ${Buffer.from(`ops:${PASSWORD}`).toString('base64')}`
      if (headers.authorization !== login) return { status: 401, body: '' }
      if (url.pathname !== '/api/v2/alerts') return { status: 404, body: '' }
      return { status: Array.isArray(JSON.parse(body)) ? 200 : 400, body: '' }
    }),
  standInAddress: (url) => url.replace('http://', `alertmanager+http://${LOGIN}@`),
  accepts: { body: '' },
  refuses: { status: 400, body: '"bad"' },
  later: { status: 503, body: '' },
  inside200: null,
  limit: null,
  chat: null,
})

it.each([
  [{ 'content-type': 'text/html' }, 'Log in'],
  [{}, '\n<!DOCTYPE html><html>'],
])('an alert that a web page took with HTTP 200 was not delivered: %j', async (headers, body) => {
  const server = await standIn('', () => ({ status: 200, headers, body }))
  const receiver = receiverOf(server.url.replace('http://', 'alertmanager+http://'))
  expect(await receiver.send(delivery(), AbortSignal.timeout(3_000))).toEqual({
    kind: 'unknown',
    reason: 'the answer is a web page',
  })
  await server.close()
})

describe('a real Alertmanager', () => {
  let server: Alertmanager
  beforeAll(async () => {
    server = await startAlertmanager()
  }, 30_000)
  afterAll(() => server.close())

  const lead = blocked()
  const say = (message: Message, reference: string | null = null) =>
    receiverOf(`alertmanager+http://${server.host}`).send(
      delivery(1, { reference, message }),
      AbortSignal.timeout(5_000),
    )
  const hasTold = (state: string, severity: string) =>
    vi.waitFor(
      () =>
        expect(
          server.told.some(({ status, labels }) => status === state && labels.severity === severity),
        ).toBe(true),
      { timeout: 8_000 },
    )
  const firing = async (incident: string) =>
    (await server.alerts()).filter(({ labels }) => labels.incident === incident).map(({ labels }) => labels)
  const incident = (id: string) => ({ id, openedAt: new Date(Date.now() - 60_000).toISOString() })
  const other = memberOf(lead, { id: 'lb-other', name: 'other' })

  it('has one alert for each CLB of an incident, with its labels and texts', async () => {
    await say(noticeOf(lead, { incident: incident('in-1'), members: [memberOf(lead), other] }))
    expect((await firing('in-1')).toSorted((a, b) => (a.clb ?? '').localeCompare(b.clb ?? ''))).toMatchObject(
      [
        { alertname: 'ClbHealthCheck', clb: 'lb-7dpmqwcu', region: 'ap-guangzhou', severity: lead.attention },
        { alertname: 'ClbHealthCheck', clb: 'lb-other' },
      ],
    )
    const [one] = (await server.alerts()).filter(({ labels }) => labels.clb === 'lb-7dpmqwcu')
    expect(one?.labels.cause).toBe('security-group/probe-blocked')
    expect(one?.annotations.description).toContain('负载均衡')
  })

  it('ends the alert of a severity that no longer holds, and all of them on recovery', async () => {
    const first = await say(noticeOf(lead, { incident: incident('in-2'), members: [memberOf(lead), other] }))
    if (first.kind !== 'delivered') throw new Error(first.reason)
    const members = [memberOf(lead, { attention: 'act-now' }), { ...other, hasRecovered: true }]
    const worse = await say(
      noticeOf(lead, { incident: incident('in-2'), members, news: ['worse'] }),
      first.reference ?? null,
    )
    if (worse.kind !== 'delivered') throw new Error(worse.reason)
    await vi.waitFor(async () =>
      expect((await firing('in-2')).map(({ clb, severity }) => [clb, severity])).toEqual([
        ['lb-7dpmqwcu', 'act-now'],
      ]),
    )
    await hasTold('firing', 'act-now')
    const over = noticeOf(lead, {
      incident: { ...incident('in-2'), state: 'recovered' },
      news: ['recovered'],
    })
    await say(over, worse.reference ?? null)
    await vi.waitFor(async () => expect(await firing('in-2')).toEqual([]))
    await hasTold('resolved', 'act-now')
  })

  it('has the same alerts while a look cannot read the CLBs, with what was known', async () => {
    const reason = 'security-group/probe-blocked' as const
    const of = { incident: incident('in-unread') }
    const possible = [memberOf(lead, { reason }), { ...other, reason }]
    const first = await say(noticeOf(lead, { ...of, members: possible }))
    if (first.kind !== 'delivered') throw new Error(first.reason)
    const before = await firing('in-unread')
    expect(before.map(({ cause }) => cause)).toEqual([reason, reason])
    const lastReadable = {
      at: '2026-11-20T00:00:00.000Z',
      unreadSince: '2026-11-20T00:05:00.000Z',
      cause: { code: reason, certainty: 'possible' as const, title: 'it may be blocked' },
    }
    const unread = { ...lead, loadBalancer: null, verdict: 'inconclusive' as const, pools: [], findings: [] }
    const members = possible.map((one) => ({ ...one, verdict: 'inconclusive' as const, lastReadable }))
    await say(noticeOf(unread, { ...of, members, news: ['changed'] }), first.reference ?? null)
    expect(await firing('in-unread')).toEqual(before)
    const alerts = (await server.alerts()).filter(({ labels }) => labels.incident === 'in-unread')
    for (const { annotations } of alerts)
      expect(annotations).toMatchObject({
        unread_since: '2026-11-20T00:05:00.000Z',
        last_readable_cause: 'it may be blocked',
      })
  })

  it('ends nothing by a guess if what was told last is lost', async () => {
    await say(noticeOf(lead, { incident: incident('in-3') }))
    const over = { ...incident('in-3'), state: 'recovered' } as const
    expect(await say(noticeOf(lead, { incident: over, news: ['recovered'] }))).toEqual({
      kind: 'delivered',
      reason: 'none of its alerts is known to be open',
    })
    expect(await firing('in-3')).toHaveLength(1)
  })

  it('gets a diagnosis without an incident, and nothing of a scan', async () => {
    await say(lead)
    expect((await server.alerts()).some(({ labels }) => labels.incident === undefined)).toBe(true)
    expect(await say(scanOfRows('en', [row(1)]))).toEqual({
      kind: 'delivered',
      reason: 'a scan makes no alert',
    })
  })

  it('must be told again every three minutes', () => {
    expect(receiverOf(`alertmanager+http://${server.host}`).resendMs).toBe(180_000)
  })
})

it('a real Alertmanager that groups by alertname tells of no end of an alert that did not begin', async () => {
  const server = await startAlertmanager('alertname')
  const lead = blocked()
  const receiver = receiverOf(`alertmanager+http://${server.host}`)
  let reference: string | null = null
  const say = async (attention: 'act-soon' | 'act-now', isOver = false) => {
    const incident = { id: 'in-1', openedAt: new Date(Date.now() - 60_000).toISOString() }
    const message = noticeOf(lead, {
      incident: isOver ? { ...incident, state: 'recovered' } : incident,
      members: [memberOf(lead, { attention })],
      news: [isOver ? 'recovered' : 'worse'],
    })
    const outcome = await receiver.send(delivery(1, { reference, message }), AbortSignal.timeout(5_000))
    if (outcome.kind !== 'delivered') throw new Error(outcome.reason)
    reference = outcome.reference ?? null
  }
  const brief = () =>
    server.notifications.map((alerts) =>
      alerts.map(({ status, labels }) => `${status} ${labels.severity}`).toSorted(),
    )
  const toldSoon = (last: readonly string[]) =>
    vi.waitFor(() => expect(brief().at(-1)).toEqual(last), { timeout: 8_000 })
  await say('act-soon')
  await toldSoon(['firing act-soon'])
  await say('act-now')
  await toldSoon(['firing act-now', 'resolved act-soon'])
  await say('act-now', true)
  await toldSoon(['resolved act-now'])
  expect(brief()[0]).toEqual(['firing act-soon'])
  await server.close()
}, 40_000)
