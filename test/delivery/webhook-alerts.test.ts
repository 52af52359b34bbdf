import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import type { Message } from '../../src/model/message.ts'
import { memberOf, noticeOf, PAGES } from '../support/notices.ts'
import { ALERT_GROUP, type AlertGroupBody, startAlertWebhook } from '../support/receivers/alert-webhook.ts'
import { row, scanOfRows } from '../support/scans.ts'
import { delivery } from './contract.ts'
import { blocked } from './diagnoses.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'

const PATH = '/p1anted-alerts-5f2a'

everyHttpReceiver({
  name: 'the webhook with the body alertmanager-v4',
  secrets: [PATH],
  address: (scheme, host) => `webhook+${scheme}://${host}${PATH}?body=alertmanager-v4`,
  standIn: () => startAlertWebhook(PATH),
  standInAddress: (url) => `webhook+${url}?body=alertmanager-v4`,
  accepts: { body: '' },
  refuses: { status: 400, body: '' },
  later: { status: 503, body: '' },
  inside200: null,
  limit: null,
  chat: null,
})

describe('the webhook with the body alertmanager-v4', () => {
  const lead = blocked()
  const other = memberOf(lead, { id: 'lb-other123', name: 'other' })

  /** Tells these messages one after the other, each with the reference of the one before. */
  async function told(messages: readonly Message[], keep = true) {
    const service = await startAlertWebhook(PATH)
    const receiver = receiverOf(`webhook+${service.url}?body=alertmanager-v4`)
    let reference: string | null = null
    for (const message of messages) {
      const outcome = await receiver.send(delivery(1, { message, reference }), AbortSignal.timeout(3_000))
      if (outcome.kind !== 'delivered') throw new Error(outcome.reason)
      reference = keep ? (outcome.reference ?? null) : null
    }
    await service.close()
    return service.shown.map(({ text }) => v.parse(ALERT_GROUP, JSON.parse(text)))
  }
  const brief = ({ alerts }: AlertGroupBody) =>
    alerts.map(({ status, labels: { clb, severity } }) => [status, clb, severity])

  it('has one alert for each CLB, with the labels of an Alertmanager and the texts of a message', async () => {
    const [group] = await told([noticeOf(lead, { members: [memberOf(lead), other], pages: PAGES })])
    expect(group).toMatchObject({
      status: 'firing',
      receiver: 'clb-doctor',
      groupKey: '{}:{alertname="ClbHealthCheck", incident="in-0000000000000001"}',
      groupLabels: { alertname: 'ClbHealthCheck', incident: 'in-0000000000000001' },
      commonLabels: { alertname: 'ClbHealthCheck', region: 'ap-guangzhou', severity: lead.attention },
      externalURL: 'https://clb.example.com',
    })
    expect(group?.commonLabels).not.toHaveProperty('clb')
    expect(group?.alerts[0]).toMatchObject({
      labels: { clb: 'lb-7dpmqwcu', cause: 'security-group/probe-blocked' },
      startsAt: '2026-11-19T23:55:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: PAGES.incident,
      annotations: {
        summary: expect.stringContaining('负载均衡异常'),
        description: expect.stringContaining('lb-7dpmqwcu'),
      },
    })
    const [english] = await told([noticeOf(blocked('en'))])
    expect(english?.alerts[0]?.annotations.summary).toContain('backends down')
  })

  it('ends on recovery what it began, by the same fingerprint, also if what was told last is lost', async () => {
    const over = noticeOf(lead, { incident: { state: 'recovered' }, news: ['recovered'] })
    for (const keep of [true, false]) {
      const [first, last] = await told([noticeOf(lead), over], keep)
      expect([first?.status, last?.status]).toEqual(['firing', 'resolved'])
      expect(last?.alerts[0]?.fingerprint).toBe(first?.alerts[0]?.fingerprint)
      expect(Date.parse(last?.alerts[0]?.endsAt ?? '')).toBeGreaterThan(Date.parse('2026-01-01'))
    }
  })

  it('ends the alert of a CLB that recovers or leaves, and none whose severity changes', async () => {
    const groups = await told([
      noticeOf(lead, { members: [memberOf(lead), other] }),
      noticeOf(lead, {
        members: [memberOf(lead, { attention: 'act-now' }), { ...other, hasRecovered: true }],
      }),
      noticeOf(lead, { members: [memberOf(lead, { attention: 'act-now' }), other] }),
      noticeOf(lead, { members: [memberOf(lead, { attention: 'act-now' })] }),
    ])
    expect(groups.map(brief)).toEqual([
      [
        ['firing', 'lb-7dpmqwcu', lead.attention],
        ['firing', 'lb-other123', lead.attention],
      ],
      [
        ['firing', 'lb-7dpmqwcu', 'act-now'],
        ['resolved', 'lb-other123', lead.attention],
      ],
      [
        ['firing', 'lb-7dpmqwcu', 'act-now'],
        ['firing', 'lb-other123', lead.attention],
      ],
      [
        ['firing', 'lb-7dpmqwcu', 'act-now'],
        ['resolved', 'lb-other123', lead.attention],
      ],
    ])
  })

  it('is read by our own intake, which finds the CLB and the state of each alert', async () => {
    const [first, last] = await told([
      noticeOf(lead, { members: [memberOf(lead), other] }),
      noticeOf(lead, { incident: { state: 'recovered' }, members: [memberOf(lead), other] }),
    ])
    for (const [group, state] of [
      [first, 'firing'],
      [last, 'resolved'],
    ] as const) {
      const parsed = parseAlarm(group)
      expect(parsed.alarms.map((alarm) => [alarm.clb.loadBalancerId, alarm.region, alarm.state])).toEqual([
        ['lb-7dpmqwcu', 'ap-guangzhou', state],
        ['lb-other123', 'ap-guangzhou', state],
      ])
    }
  })

  it('makes no alert of a scan, and takes no other body', async () => {
    expect(await told([scanOfRows('en', [row(1)])])).toEqual([])
    expect(() => parseReceiverAddresses('webhook+https://example.com/?body=text')).toThrow(/alertmanager-v4/)
  })
})
