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
  it('lets the recovery at the end of a batch win, and keeps the onset', () => {
    const [alarm, ...rest] = coalesce(parseAlarm(sample('eventbridge-batch')).alarms)
    expect(rest).toEqual([])
    expect(alarm).toMatchObject({ state: 'resolved', firstOccurredAt: at('00'), recoveredAt: at('01') })
  })

  it('goes by the time, not by the place in the batch', () => {
    expect(coalesce([recovered('05'), fired('00')])).toMatchObject([{ state: 'resolved' }])
    expect(coalesce([recovered('05'), fired('06')])).toMatchObject([
      { state: 'firing', firstOccurredAt: at('06') },
    ])
  })

  it('goes by the position if the times do not tell', () => {
    expect(coalesce([event(), event({ state: 'resolved' })])).toMatchObject([{ state: 'resolved' }])
    expect(coalesce([event({ state: 'resolved' }), event()])).toMatchObject([{ state: 'firing' }])
  })

  it('begins the onset anew after a recovery', () => {
    const [alarm] = coalesce([fired('00'), recovered('02'), fired('04'), fired('06')])
    expect(alarm).toMatchObject({ state: 'firing', firstOccurredAt: at('04') })
  })

  it('does not close a CLB while another backend still fires', () => {
    const [alarm, ...rest] = coalesce([fired('00', { backend: other }), fired('01'), recovered('05')])
    expect(rest).toEqual([])
    expect(alarm).toMatchObject({
      state: 'firing',
      backend: other,
      firstOccurredAt: at('00'),
      recoveredAt: null,
    })
  })

  it('treats each alert of an Alertmanager group as a condition of its own', () => {
    const alert = { source: 'alertmanager', backend: null } as const
    expect(coalesce([fired('00', alert), recovered('05', alert)])).toMatchObject([{ state: 'firing' }])
  })

  it('names the whole CLB if listeners and backends differ', () => {
    const [alarm] = coalesce([
      fired('00', { listener: { port: 80, protocol: 'HTTP' } }),
      fired('01', { listener: { port: 443, protocol: 'HTTPS' }, backend: other }),
    ])
    expect(alarm).toMatchObject({ listener: null, backend: null })
  })

  it('keeps CLBs apart and in order', () => {
    const merged = coalesce([
      event({ clb: named('lb-bbbbbb') }),
      event(),
      event({ clb: named('lb-bbbbbb'), backend: other }),
    ])
    expect(merged.map(({ clb }) => clb.loadBalancerId)).toEqual(['lb-bbbbbb', 'lb-aaaaaa'])
  })

  it('keeps one VIP in two VPCs apart', () => {
    const inVpc = (vpcId: string) =>
      event({ clb: { loadBalancerId: null, vip: '10.0.0.10', vpcId, numericVpcId: null } })
    expect(coalesce([inVpc('vpc-aaaaaa'), inVpc('vpc-bbbbbb'), inVpc('vpc-aaaaaa')])).toHaveLength(2)
  })

  it('gathers what only some of the alarms say', () => {
    const withVip = event({ clb: { ...event().clb, vip: '10.0.0.10' }, region: null, backend: other })
    expect(coalesce([withVip, event()])).toMatchObject([
      { clb: { vip: '10.0.0.10' }, region: 'ap-guangzhou' },
    ])
  })

  it('keeps one VIP in a region that is known and in one that is not apart', () => {
    const clb = { loadBalancerId: null, vip: '10.0.0.10', vpcId: null, numericVpcId: null }
    const elsewhere = { region: null, unknownRegion: 'zz' }
    expect(coalesce([event({ clb }), event({ clb, ...elsewhere })])).toHaveLength(2)
  })

  it('leaves single alarms as they are', () => {
    const alarms = [event(), event({ clb: named('lb-bbbbbb') })]
    expect(coalesce(alarms)).toEqual(alarms)
    expect(coalesce([])).toEqual([])
  })
})
