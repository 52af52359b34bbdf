import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { coalesce, parseAlarm } from '../../src/alarms/index.ts'
import { ID_NAMES, VIP_NAMES } from '../../src/alarms/named.ts'
import { changed, only, reasons, sample } from './samples.ts'

const alert = (labels: object, annotations: object = {}) =>
  parseAlarm({ version: '4', alerts: [{ status: 'firing', labels, annotations }] })
const callback = (dimensions: unknown) =>
  parseAlarm({ alarmStatus: '1', alarmObjInfo: { namespace: 'qce/lb_public', region: 'gz', dimensions } })

describe('JSON text inside a string', () => {
  const text = JSON.stringify

  it('is read in objDetail', () => {
    expect(only(parseAlarm(sample('event-objdetail-text'))).clb.vip).toBe('203.0.113.26')
  })

  it.each(['alarmObjInfo', 'alarmPolicyInfo'])('is read in %s', (key) => {
    const payload = sample('metric-l7-listener')
    expect(parseAlarm({ ...payload, [key]: text(payload[key]) })).toEqual(parseAlarm(payload))
  })

  it.each([
    ['metric-l7-listener', ['alarmObjInfo', 'dimensions'], { vip: '203.0.113.26' }],
    ['prometheus', ['alarmObjInfo', 'tags'], { loadbalancer_id: 'lb-7dpmqwcu' }],
    ['event-vip-blocked', ['additionalMsg'], [{ key: 'vip', value: '203.0.113.26' }]],
    ['eventbridge-single', ['data'], { dimensions: text({ vip: '203.0.113.26' }) }],
  ])('is read in a part of %s', (name, path, value) => {
    expect(only(parseAlarm(changed(name, path, text(value))))).toEqual(
      only(parseAlarm(changed(name, path, value))),
    )
  })

  it.each([
    ['alertmanager-v4', 'alerts'],
    ['eventbridge-batch', 'EventList'],
    ['grafana-legacy', 'evalMatches'],
    ['grafana-legacy', 'tags'],
  ])('is read in a part of %s: %s', (name, key) => {
    const payload = sample(name)
    expect(parseAlarm({ ...payload, [key]: text(payload[key]) })).toEqual(parseAlarm(payload))
  })

  it('is read in the labels of an alert', () => {
    expect(only(parseAlarm({ alerts: [{ labels: text({ vip: '10.0.0.10' }) }] })).clb.vip).toBe('10.0.0.10')
  })

  it('with dimensions as a list of names and values is read', () => {
    expect(only(callback([{ Name: 'vip', Value: '203.0.113.26' }])).clb.vip).toBe('203.0.113.26')
  })
})

describe('the name of a CLB', () => {
  it.each(['vip', 'load_balancer_vip', 'LoadBalancerVip', 'loadBalancerVip', 'lb_vip', 'clb-vip'])(
    'can be a VIP in %s',
    (name) => {
      expect(only(alert({ [name]: '203.0.113.26' })).clb).toMatchObject({ vip: '203.0.113.26' })
      expect(only(callback({ [name]: '203.0.113.26' })).clb).toMatchObject({ vip: '203.0.113.26' })
    },
  )

  it('is the VIP under another listed name if the first is masked', () => {
    expect(only(alert({ vip: '203.0.*.*', load_balancer_vip: '203.0.113.26' })).clb.vip).toBe('203.0.113.26')
  })

  it.each(['clb_id', 'loadbalancer', 'LB', 'clb', 'service', 'what_is_it', 'instance'])(
    'can be an id in the label, annotation or dimension %s',
    (name) => {
      for (const parsed of [
        alert({ [name]: 'lb-7dpmqwcu' }),
        alert({}, { [name]: 'lb-7dpmqwcu' }),
        callback({ [name]: 'lb-7dpmqwcu' }),
      ])
        expect(only(parsed).clb.loadBalancerId).toBe('lb-7dpmqwcu')
    },
  )

  it('can be an id in a tag of a Prometheus alarm, in the data of an event and in a field of a template', () => {
    const own = { place: 'lb-7dpmqwcu' }
    for (const payload of [
      changed('prometheus', ['alarmObjInfo', 'tags'], own),
      { ...sample('eventbridge-single'), subject: null, data: own },
      { status: 'Trigger', object: 'shop-front', ...own },
    ])
      expect(only(parseAlarm(payload)).clb.loadBalancerId).toBe('lb-7dpmqwcu')
  })

  it('is not read out of a sentence', () => {
    expect(reasons(alert({}, { summary: 'lb-7dpmqwcu is down' }))).toEqual(['no-clb-named'])
  })

  it('is the id under a listed name if others have ids, too', () => {
    expect(only(alert({ loadbalancer_id: 'lb-7dpmqwcu', behind: 'lb-p2x4k8aa' })).clb.loadBalancerId).toBe(
      'lb-7dpmqwcu',
    )
  })

  it.each([
    ['two listed labels', alert({ clb_id: 'lb-7dpmqwcu', loadbalancer: 'lb-p2x4k8aa' })],
    ['a label and an annotation', alert({ clb_id: 'lb-7dpmqwcu' }, { lb: 'lb-p2x4k8aa' })],
    ['two other labels', alert({ a: 'lb-7dpmqwcu', b: 'lb-p2x4k8aa' })],
    ['two dimensions', callback({ lbId: 'lb-7dpmqwcu', instanceId: 'lb-p2x4k8aa' })],
    [
      'an event and its subject',
      parseAlarm({
        ...sample('eventbridge-single'),
        subject: 'lb-7dpmqwcu',
        data: { instanceId: 'lb-p2x4k8aa' },
      }),
    ],
    ['an object', parseAlarm({ status: 'Trigger', object: 'lb-7dpmqwcu | lb-p2x4k8aa' })],
  ])('is refused if %s name different ids, and the refusal has both', (_, parsed) => {
    expect(reasons(parsed)).toEqual(['several-clbs'])
    expect(parsed.refusals[0]?.detail).toContain('lb-7dpmqwcu')
    expect(parsed.refusals[0]?.detail).toContain('lb-p2x4k8aa')
  })
})

describe('the label instance', () => {
  it.each([
    ['203.0.113.26:443', '203.0.113.26', 443],
    ['203.0.113.26', '203.0.113.26', null],
    ['[2001:db8::1]:8443', '2001:db8::1', 8443],
    ['2001:db8::1', '2001:db8::1', null],
    ['https://203.0.113.26:443/health', '203.0.113.26', 443],
  ])('%s is a guess at the VIP if nothing else names the CLB', (instance, vip, port) => {
    const { clb, listener } = only(alert({ instance }))
    expect(clb).toMatchObject({ loadBalancerId: null, vip, guessed: true })
    expect(listener?.port ?? null).toBe(port)
    const prometheus = changed('prometheus', ['alarmObjInfo', 'tags'], { instance })
    expect(only(parseAlarm(prometheus)).clb).toMatchObject({ vip, guessed: true })
  })

  it.each([
    'web-1:9100',
    'https://shop.example.com/',
    '203.0.113:80',
    '',
    '203.0.113.26:443:1',
    'a'.repeat(2000),
  ])('%s is no guess', (instance) => {
    expect(reasons(alert({ instance }))).toEqual(['no-clb-named'])
  })

  it('is no guess beside a name, a wrong name or the id of another product', () => {
    const instance = '203.0.113.26:443'
    expect(only(alert({ instance, vip: '203.0.113.31' })).clb).toEqual({
      loadBalancerId: null,
      vip: '203.0.113.31',
      vpcId: null,
      numericVpcId: null,
    })
    expect(reasons(alert({ instance, vip: '203.0.*.*' }))).toEqual(['bad-vip'])
    expect(reasons(alert({ instance, lb_id: 'alb-a1b2c3d4' }))).toEqual(['not-clb'])
    expect(reasons(callback({ instance }))).toEqual(['no-clb-named'])
  })

  it('is settled by another alarm that names the same VIP', () => {
    const guessed = only(alert({ instance: '203.0.113.26:443' }))
    const stated = only(alert({ vip: '203.0.113.26' }))
    expect(coalesce([guessed, stated])[0]?.clb.guessed).toBeUndefined()
    expect(coalesce([guessed, guessed])[0]?.clb.guessed).toBe(true)
  })
})

describe('parseAlarm on Grafana', () => {
  it('reads the webhook of unified alerting as that of Alertmanager', () => {
    expect(only(parseAlarm(sample('grafana-unified')))).toMatchObject({
      source: 'alertmanager',
      state: 'firing',
      clb: { loadBalancerId: 'lb-7dpmqwcu' },
      region: 'ap-guangzhou',
      condition: { value: '2' },
      sessionId: '57c6d9296de2ad39',
      firstOccurredAt: '2026-11-19T23:00:00.000Z',
    })
  })

  it('reads the legacy webhook, of which the tags name the CLB', () => {
    expect(only(parseAlarm(sample('grafana-legacy')))).toMatchObject({
      source: 'grafana',
      state: 'firing',
      kind: 'prometheus',
      clb: { loadBalancerId: 'lb-rep00001', vip: '203.0.113.26' },
      listener: null,
      policy: { id: '1', name: 'CLB unhealthy' },
      condition: { metric: 'UnhealthRsCount', value: '2' },
    })
  })

  it('reads one alarm for each CLB in the series, and a recovery from the tags', () => {
    const series = ['lb-7dpmqwcu', 'lb-p2x4k8aa', 'lb-7dpmqwcu'].map((lb_id, value) => ({
      value,
      tags: { lb_id },
    }))
    const { alarms } = parseAlarm({ ...sample('grafana-legacy'), tags: {}, evalMatches: series })
    expect(alarms.map(({ clb }) => clb.loadBalancerId)).toEqual(['lb-7dpmqwcu', 'lb-p2x4k8aa'])
    const over = { ...sample('grafana-legacy'), state: 'ok', evalMatches: null }
    expect(only(parseAlarm(over))).toMatchObject({
      state: 'resolved',
      clb: { loadBalancerId: 'lb-rep00001' },
    })
  })

  it.each(['no_data', 'paused', 'pending'])(
    'refuses the state %s, which says nothing about the CLB',
    (state) => {
      expect(reasons(parseAlarm({ ...sample('grafana-legacy'), state }))).toEqual(['unknown-shape'])
    },
  )
})

describe('docs/alarms.md', () => {
  const page = readFileSync(new URL('../../docs/alarms.md', import.meta.url), 'utf8')
  const listed = (mark: string) =>
    [...((page.split(`<!-- ${mark} -->`)[1] ?? '').split('<!--')[0]?.matchAll(/`(\w+)`/g) ?? [])].map(
      ([, name]) => name,
    )

  it('lists the names of the id and of the VIP', () => {
    expect(listed('ids')).toEqual(ID_NAMES)
    expect(listed('vips')).toEqual(VIP_NAMES)
  })

  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text)

  it.each(examples)('has an example that is read: %s', (text) => {
    const { alarms, refusals } = parseAlarm(JSON.parse(text))
    expect([alarms.length, refusals]).toEqual([1, []])
  })
})
