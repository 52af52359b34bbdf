import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { changed, only, reasons, sample } from './samples.ts'

const dimensions = (value: unknown, name = 'metric-l7-listener') =>
  changed(name, ['alarmObjInfo', 'dimensions'], value)

describe('parseAlarm on metric callbacks', () => {
  it('reads every field of a layer-7 listener alarm', () => {
    expect(parseAlarm(sample('metric-l7-listener'))).toEqual({
      alarms: [
        {
          source: 'cloud-monitor',
          state: 'firing',
          kind: 'metric',
          clb: { loadBalancerId: null, vip: '203.0.113.26', vpcId: null, numericVpcId: null },
          region: 'ap-guangzhou',
          unknownRegion: null,
          listener: { port: 443, protocol: 'HTTPS' },
          backend: null,
          policy: { id: 'policy-n4exeh88', name: 'clb-health' },
          subject: 'UnhealthRsCount',
          condition: {
            metric: 'UnhealthRsCount',
            shownName: '健康检查异常数',
            operator: '>=',
            threshold: '1',
            value: '3',
            unit: '个',
            periodSeconds: 60,
            level: null,
          },
          durationSeconds: 60,
          sessionId: 'ECkYDW5CbFIIPabdCq4y7w3t',
          identity: expect.stringMatching(/^[0-9a-f]{32}$/),
          firstOccurredAt: '2026-11-19T23:00:00.000Z',
          recoveredAt: null,
        },
      ],
      refusals: [],
      sessionId: 'ECkYDW5CbFIIPabdCq4y7w3t',
    })
  })

  it.each([
    ['metric-l7-listener-recovered', 'resolved', '2026-11-19T23:31:00.000Z'],
    ['metric-recovered-without-time', 'resolved', null],
    ['metric-number-status', 'firing', null],
  ])('reads the state and the recovery time of %s', (name, state, recoveredAt) => {
    expect(only(parseAlarm(sample(name)))).toMatchObject({ state, recoveredAt })
  })

  it('reads the number 0 as a recovery', () => {
    expect(only(parseAlarm(changed('metric-l7-listener', ['alarmStatus'], 0))).state).toBe('resolved')
  })

  it('gives no recovery time if the alarm is firing', () => {
    const payload = changed('metric-l7-listener', ['recoverTime'], '2026-11-20 07:31:00')
    expect(only(parseAlarm(payload)).recoveredAt).toBeNull()
  })

  it.each([
    ['metric-public-listener', { vip: '203.0.113.31', vpcId: null, numericVpcId: null }, 443],
    ['metric-private-listener', { vip: '10.0.0.10', vpcId: 'vpc-1ywqac83', numericVpcId: null }, 6379],
    ['metric-private-listener-numeric-vpc', { vip: '10.0.0.10', vpcId: null, numericVpcId: 86323 }, 6379],
  ])('reads VIP, VPC and listener of %s', (name, clb, port) => {
    expect(only(parseAlarm(sample(name)))).toMatchObject({
      clb,
      listener: { port, protocol: 'TCP' },
      backend: null,
    })
  })

  it("reads the backend's port and the listener's port of a backend alarm", () => {
    expect(only(parseAlarm(sample('metric-server-port')))).toMatchObject({
      clb: { loadBalancerId: null, vip: '203.0.113.26', vpcId: 'vpc-1ywqac83' },
      listener: { port: 443, protocol: 'HTTPS' },
      backend: { ip: '10.0.1.16', port: 8080 },
    })
  })

  it('reads both the CLB id and the VIP of an alarm', () => {
    expect(only(parseAlarm(sample('metric-server-port-with-lb-id'))).clb).toEqual({
      loadBalancerId: 'lb-7dpmqwcu',
      vip: '203.0.113.26',
      vpcId: null,
      numericVpcId: 123,
    })
  })

  it("does not read the port of a backend alarm as the listener's port", () => {
    const payload = dimensions({ vip: '203.0.113.26', port: '8080' }, 'metric-server-port')
    expect(only(parseAlarm(payload))).toMatchObject({ listener: null, backend: null })
  })

  it('reads VIP and listener from objId or objName if they have no fields of their own', () => {
    expect(only(parseAlarm(dimensions({ objId: '203.0.113.26#443#https' })))).toMatchObject({
      clb: { vip: '203.0.113.26' },
      listener: { port: 443, protocol: 'HTTPS' },
    })
    const objName = 'shop | Default-VPC | 2402:4e00::26(tcp:8443) | a:b, c:d(e)'
    expect(only(parseAlarm(dimensions({ objName })))).toMatchObject({
      clb: { vip: '2402:4e00::26' },
      listener: { port: 8443, protocol: 'TCP' },
    })
  })

  it('does not use a name with two addresses', () => {
    const objName = 'a | 203.0.113.1(tcp:80) | 203.0.113.2(tcp:80)'
    expect(reasons(parseAlarm(dimensions({ objName })))).toEqual(['no-clb-named'])
  })

  it.each([
    { sessionID: 's1', dims: { unLoadBalancerID: 'lb-7dpmqwcu', vPort: 443 } },
    { sessionid: 's1', dims: { UNINSTANCEID: 'lb-7dpmqwcu', VPORT: '443' } },
    { SessionId: 's1', dims: { loadbalancer_id: 'lb-7dpmqwcu', v_port: ' 443 ' } },
  ])('ignores case and underscores in keys: %j', ({ dims, ...ids }) => {
    const alarmObjInfo = { namespace: 'QCE/LB_PUBLIC', REGION: 'gz', Dimensions: dims }
    const parsed = parseAlarm({ ...ids, alarmstatus: '1', alarmObjInfo })
    expect(parsed.sessionId).toBe('s1')
    expect(only(parsed)).toMatchObject({
      clb: { loadBalancerId: 'lb-7dpmqwcu' },
      listener: { port: 443 },
      region: 'ap-guangzhou',
    })
  })

  it.each([
    { vip: 'LB-x.CLB.gz-tencentclb.com', vport: '443', protocol: 'tcp' },
    { objId: 'lb-x.clb.gz-tencentclb.com#443#tcp' },
    { objName: 'shop | Default-VPC | lb-x.clb.gz-tencentclb.com(tcp:443) | a:b' },
  ])('reads the domain of a CLB in place of its VIP: %j', (given) => {
    expect(only(parseAlarm(dimensions(given)))).toMatchObject({
      clb: { loadBalancerId: null, vip: null, domain: 'lb-x.clb.gz-tencentclb.com' },
      listener: { port: 443, protocol: 'TCP' },
    })
  })

  it('takes the VIP before a domain, and the domain of a rule for nothing', () => {
    const objName = 'shop | Default-VPC | lb-x.clb.gz-tencentclb.com(tcp:443)'
    const { clb } = only(parseAlarm(dimensions({ vip: '203.0.113.26', domain: 'shop.example.com', objName })))
    expect([clb.vip, clb.domain]).toEqual(['203.0.113.26', undefined])
    expect(reasons(parseAlarm(dimensions({ domain: 'shop.example.com' })))).toEqual(['no-clb-named'])
  })

  it.each([
    ['203.0.*.*', 'bad-vip'],
    ['clb.*.example.com', 'bad-vip'],
    ['203.0.113', 'bad-vip'],
    ['fe80::1%eth0', 'bad-vip'],
    ['', 'no-clb-named'],
    [undefined, 'no-clb-named'],
  ])('refuses the VIP %j', (vip, reason) => {
    const parsed = parseAlarm(dimensions({ vip, vport: '443' }))
    expect(parsed.alarms).toEqual([])
    expect(reasons(parsed)).toEqual([reason])
    expect(parsed.sessionId).toBe('ECkYDW5CbFIIPabdCq4y7w3t')
    expect(parsed.refusals[0]?.detail).not.toContain('eth0')
  })

  it('accepts an alarm with a masked VIP if it has the CLB id', () => {
    const payload = dimensions({ vip: '203.0.*.*', unLoadBalancerId: 'lb-7dpmqwcu' })
    expect(only(parseAlarm(payload)).clb).toMatchObject({ loadBalancerId: 'lb-7dpmqwcu', vip: null })
  })

  it.each(['lb-', 'lb-12345', 'clb-test12', 'LB-7DPMQWCU', 'lb-7dpmqwcu;x', ['lb-7dpmqwcu'], 7])(
    'does not read %j as a CLB id',
    (unLoadBalancerId) => {
      expect(reasons(parseAlarm(dimensions({ unLoadBalancerId })))).toEqual(['no-clb-named'])
    },
  )

  it.each([0, 65536, -1, 1.5, '80a', true, {}, ''])('does not read %j as a port', (vport) => {
    const payload = dimensions({ vip: '203.0.113.26', vport })
    expect(only(parseAlarm(payload)).listener).toBeNull()
  })

  it('gives no region for an unknown code, and keeps the code unless it is "-"', () => {
    const alarm = only(parseAlarm(changed('metric-l7-listener', ['alarmObjInfo', 'region'], 'zz')))
    expect(alarm).toMatchObject({ region: null, unknownRegion: 'zz' })
    const dash = only(parseAlarm(changed('metric-l7-listener', ['alarmObjInfo', 'region'], '-')))
    expect(dash).toMatchObject({ region: null, unknownRegion: null })
  })
})

describe('parseAlarm on alarms of other products', () => {
  it.each(['qce/cvm', 'qce/alb', 'QCE/GWLB', 'qce/redis_mem'])('refuses the namespace %s', (namespace) => {
    const parsed = parseAlarm(changed('metric-l7-listener', ['alarmObjInfo', 'namespace'], namespace))
    expect(reasons(parsed)).toEqual(['not-clb'])
    expect(parsed.sessionId).not.toBeNull()
  })

  it('refuses an event of another product, which has no namespace', () => {
    const payload = changed('event-vip-blocked', ['alarmPolicyInfo', 'conditions', 'productName'], 'cvm')
    expect(reasons(parseAlarm(payload))).toEqual(['not-clb'])
  })

  it('does not read the VIP of a database as the VIP of a CLB', () => {
    const dims = { unInstanceId: 'crs-8ab3kd91', vip: '10.0.0.10' }
    expect(reasons(parseAlarm({ alarmType: 'metric', alarmObjInfo: { dimensions: dims } }))).toEqual([
      'not-clb',
    ])
  })
})

describe('parseAlarm on event and Prometheus callbacks', () => {
  it.each([
    ['event-vip-blocked', 'VipBlockInfo', 'policy-n4exeh88', null],
    ['event-server-port', 'RsPortStatusChange', null, { ip: '10.0.1.16', port: 8080 }],
  ])('reads %s', (name, subject, policyId, backend) => {
    expect(only(parseAlarm(sample(name)))).toMatchObject({
      source: 'cloud-monitor',
      kind: 'event',
      clb: { loadBalancerId: 'lb-7dpmqwcu', vip: '203.0.113.26' },
      policy: { id: policyId, name: 'clb-events' },
      listener: null,
      subject,
      backend,
    })
  })

  it('reads the VIP from extra fields that are pairs of key and value', () => {
    const payload = changed('event-vip-blocked', ['alarmObjInfo', 'dimensions'], { unInstanceId: 'clb-test' })
    expect(only(parseAlarm(payload)).clb).toMatchObject({ loadBalancerId: null, vip: '203.0.113.26' })
  })

  it('reads the tags of a Prometheus alarm, and prefers a region in the tags', () => {
    const payload = changed('prometheus', ['alarmObjInfo', 'tags', 'region'], 'ap-shanghai')
    expect(only(parseAlarm(payload))).toMatchObject({
      kind: 'prometheus',
      clb: { loadBalancerId: 'lb-7dpmqwcu', vip: '203.0.113.26' },
      region: 'ap-shanghai',
      policy: { id: 'alert-1', name: 'clb-unhealthy' },
      subject: null,
    })
    expect(only(parseAlarm(sample('prometheus'))).region).toBe('ap-guangzhou')
  })
})
