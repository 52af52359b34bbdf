import { expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'

const LABELS = { alertname: 'A' }

it.each<[object, string]>([
  [{ loadBalancerVips: ['203.0.113.26'] }, '203.0.113.26'],
  [{ loadBalancerVips: '["203.0.113.26"]' }, '203.0.113.26'],
  [{ vip: '[2402:4e00::1]' }, '2402:4e00::1'],
  [{ loadBalancerVips: ['[2402:4e00::1]'] }, '2402:4e00::1'],
])('labels %j name the VIP', (labels, vip) => {
  const { alarms } = parseAlarm({ version: '4', alerts: [{ labels: { ...LABELS, ...labels } }] })
  expect(alarms).toMatchObject([{ clb: { vip } }])
})

it('a list of several VIPs names no CLB', () => {
  const labels = { ...LABELS, vip: ['203.0.113.26', '203.0.113.27'] }
  expect(parseAlarm({ version: '4', alerts: [{ labels }] }).alarms).toEqual([])
})
