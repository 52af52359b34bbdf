import { describe, expect, it } from 'vitest'
import { coalesce, parseAlarm } from '../../src/alarms/index.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import { sample } from './samples.ts'

const event = (part: Partial<Alarm> = {}): Alarm => ({
  source: 'eventbridge',
  state: 'firing',
  kind: 'event',
  clb: { loadBalancerId: 'lb-aaaaaa', vip: null, vpcId: null, numericVpcId: null },
  region: 'ap-guangzhou',
  unknownRegion: null,
  listener: null,
  backend: { ip: '10.0.1.16', port: 8080 },
  policy: { id: null, name: null },
  subject: 'RsPortStatusChange',
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt: null,
  recoveredAt: null,
  ...part,
})
const at = (minute: string) => `2026-11-19T23:${minute}:00.000Z`
const fired = (minute: string, part: Partial<Alarm> = {}) => event({ firstOccurredAt: at(minute), ...part })
const recovered = (minute: string, part: Partial<Alarm> = {}) =>
  event({ state: 'resolved', recoveredAt: at(minute), ...part })
const other = { ip: '10.0.1.17', port: 8080 }
const named = (loadBalancerId: string) => ({ ...event().clb, loadBalancerId })

describe('coalesce', () => {
  it('gives a recovery with the time of the onset if a batch ends with a recovery', () => {
    const [alarm, ...rest] = coalesce(parseAlarm(sample('eventbridge-batch')).alarms)
    expect(rest).toEqual([])
    expect(alarm).toMatchObject({ state: 'resolved', firstOccurredAt: at('00'), recoveredAt: at('01') })
  })

  it('orders alarms by time, not by position in the batch', () => {
    expect(coalesce([recovered('05'), fired('00')])).toMatchObject([{ state: 'resolved' }])
    expect(coalesce([recovered('05'), fired('06')])).toMatchObject([
      { state: 'firing', firstOccurredAt: at('06') },
    ])
  })

  it('orders alarms by position if they have no times', () => {
    expect(coalesce([event(), event({ state: 'resolved' })])).toMatchObject([{ state: 'resolved' }])
    expect(coalesce([event({ state: 'resolved' }), event()])).toMatchObject([{ state: 'firing' }])
  })

  it('gives the first time after a recovery as the onset', () => {
    const [alarm] = coalesce([fired('00'), recovered('02'), fired('04'), fired('06')])
    expect(alarm).toMatchObject({ state: 'firing', firstOccurredAt: at('04') })
  })

  it('gives a firing alarm if another backend of the CLB has not recovered', () => {
    const [alarm, ...rest] = coalesce([fired('00', { backend: other }), fired('01'), recovered('05')])
    expect(rest).toEqual([])
    expect(alarm).toMatchObject({
      state: 'firing',
      backend: other,
      firstOccurredAt: at('00'),
      recoveredAt: null,
    })
  })

  it('gives a firing alarm if only one of two Alertmanager alerts has recovered', () => {
    const alert = { source: 'alertmanager', backend: null } as const
    expect(coalesce([fired('00', alert), recovered('05', alert)])).toMatchObject([{ state: 'firing' }])
  })

  it('names no listener and no backend if they differ', () => {
    const [alarm] = coalesce([
      fired('00', { listener: { port: 80, protocol: 'HTTP' } }),
      fired('01', { listener: { port: 443, protocol: 'HTTPS' }, backend: other }),
    ])
    expect(alarm).toMatchObject({ listener: null, backend: null })
  })

  it('gives one alarm for each CLB, in the order of the batch', () => {
    const merged = coalesce([
      event({ clb: named('lb-bbbbbb') }),
      event(),
      event({ clb: named('lb-bbbbbb'), backend: other }),
    ])
    expect(merged.map(({ clb }) => clb.loadBalancerId)).toEqual(['lb-bbbbbb', 'lb-aaaaaa'])
  })

  it('gives two alarms for one VIP in two VPCs', () => {
    const inVpc = (vpcId: string) =>
      event({ clb: { loadBalancerId: null, vip: '10.0.0.10', vpcId, numericVpcId: null } })
    expect(coalesce([inVpc('vpc-aaaaaa'), inVpc('vpc-bbbbbb'), inVpc('vpc-aaaaaa')])).toHaveLength(2)
  })

  it('combines fields that only some of the alarms have', () => {
    const withVip = event({ clb: { ...event().clb, vip: '10.0.0.10' }, region: null, backend: other })
    expect(coalesce([withVip, event()])).toMatchObject([
      { clb: { vip: '10.0.0.10' }, region: 'ap-guangzhou' },
    ])
  })

  it('gives two alarms for one VIP in a known and in an unknown region', () => {
    const clb = { loadBalancerId: null, vip: '10.0.0.10', vpcId: null, numericVpcId: null }
    const elsewhere = { region: null, unknownRegion: 'zz' }
    expect(coalesce([event({ clb }), event({ clb, ...elsewhere })])).toHaveLength(2)
  })

  it('does not change single alarms', () => {
    const alarms = [event(), event({ clb: named('lb-bbbbbb') })]
    expect(coalesce(alarms)).toEqual(alarms)
    expect(coalesce([])).toEqual([])
  })
})
