import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { loadConfig } from '../../src/app/config.ts'
import { ConfigError } from '../../src/app/config-error.ts'
import { run } from '../../src/cli/index.ts'
import type { Terminal } from '../../src/cli/io.ts'
import { readQuestion } from '../../src/http/question.ts'

// Each table of names goes through every entry that accepts such a name. All entries must have the same rule.

/** The stderr of a command. A valid command stops at the missing credentials. */
async function printed(...args: string[]): Promise<string> {
  let err = ''
  const io: Terminal = {
    out: () => {},
    err: (text) => {
      err += text
    },
    progress: () => {},
    status: () => {},
    env: {},
    isTerminal: false,
    color: false,
    width: 100,
    statusWidth: () => 80,
    untilStopped: () => new Promise(() => {}),
  }
  expect(await run(args, io)).toBe(2)
  return err
}
const isUnderstood = async (...args: string[]): Promise<boolean> =>
  /TENCENTCLOUD_SECRETID (?:is not set|没有设置)/.test(await printed(...args))

const isConfigured = (variable: string, value: string): boolean => {
  try {
    loadConfig({ TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key', [variable]: value })
    return true
  } catch (error) {
    if (error instanceof ConfigError && error.variable === variable) return false
    throw error
  }
}

const isAsked = (body: object): boolean => typeof readQuestion(body) !== 'string'

const callback = (dimensions: object, region = 'gz') =>
  parseAlarm({ alarmStatus: '1', alarmObjInfo: { namespace: 'qce/lb_public', region, dimensions } }).alarms[0]
const alert = (labels: object) =>
  parseAlarm({ alerts: [{ status: 'firing', labels: { alertname: 'X', ...labels } }] }).alarms[0]
const event = (id: string) =>
  parseAlarm({
    specversion: '1.0',
    source: 'clb.cloud.tencent',
    type: 'clb:ErrorEvent:Down',
    subject: id,
    data: {},
  }).alarms[0]
const VIP = '203.0.113.26'

describe('the id of a load balancer of another product', () => {
  it.each([
    ['alb-a1b2c3d4', 'an Application Load Balancer (ALB)'],
    ['gwlb-a1b2c3d4', 'a Gateway Load Balancer (GWLB)'],
  ])('%s is named as such on the command line and over HTTP', async (id, product) => {
    const [kind = ''] = /\(.*\)/.exec(product) ?? []
    expect(await printed('diagnose', id, '--region', 'ap-guangzhou', '--lang', 'en')).toContain(
      `${id} belongs to another product ${kind}`,
    )
    expect(readQuestion({ loadBalancerId: id })).toContain(`${id} is ${product}`)
  })
})

describe('a CLB id', () => {
  it.each([
    ['lb-7dpmqwcu', true],
    ['lb-123456', true],
    [' lb-7dpmqwcu\n', true],
    ['lb-ab12', false],
    ['lb-', false],
    ['LB-7DPMQWCU', false],
    ['lb-7dpm_wcu', false],
    ['lb-7dpmqwcu;x', false],
    ['clb-7dpmqwcu', false],
    ['lbl-7dpmqwcu', false],
    [`lb-${'a'.repeat(33)}`, false],
  ])('%j has the same result at every entry (accepted: %j)', async (id, isTaken) => {
    const taken = {
      'command line': await isUnderstood('diagnose', id),
      HTTP: isAsked({ loadBalancerId: id }),
      'Cloud Monitor': callback({ unLoadBalancerId: id })?.clb.loadBalancerId === id.trim(),
      Alertmanager: alert({ loadbalancer_id: id })?.clb.loadBalancerId === id.trim(),
      EventBridge: event(id)?.clb.loadBalancerId === id.trim(),
    }
    expect(new Set(Object.values(taken)), JSON.stringify(taken)).toEqual(new Set([isTaken]))
  })
})

describe('a VIP', () => {
  it.each([
    ['203.0.113.26', true],
    [' 203.0.113.26 ', true],
    ['2001:db8::1', true],
    ['fe80::1%eth0', false],
    ['203.0.113.256', false],
    ['203.0.113.0/24', false],
    ['shop.*.example.com', false],
  ])('%j has the same result at every entry (accepted: %j)', async (vip, isTaken) => {
    const taken = {
      'command line': await isUnderstood('diagnose', vip),
      HTTP: isAsked({ vip }),
      'Cloud Monitor': callback({ vip })?.clb.vip === vip.trim(),
      Alertmanager: alert({ vip })?.clb.vip === vip.trim(),
    }
    expect(new Set(Object.values(taken)), JSON.stringify(taken)).toEqual(new Set([isTaken]))
  })
})

describe('the domain of a CLB', () => {
  it.each([
    ['lb-x.clb.gz-tencentclb.com', true],
    [' LB-X.clb.gz-tencentclb.com ', true],
    ['localhost', false],
    ['a_b.example.com', false],
    ['203.0.113', false],
    [`${'a'.repeat(64)}.com`, false],
  ])('%j has the same result at every entry (accepted: %j)', async (domain, isTaken) => {
    const own = domain.trim().toLowerCase()
    const taken = {
      // A word without a dot is a name there.
      ...(domain.includes('.') ? { 'command line': await isUnderstood('diagnose', domain) } : {}),
      HTTP: isAsked({ vip: domain }),
      'Cloud Monitor': callback({ vip: domain })?.clb.domain === own,
      Alertmanager: alert({ vip: domain })?.clb.domain === own,
    }
    expect(new Set(Object.values(taken)), JSON.stringify(taken)).toEqual(new Set([isTaken]))
  })
})

describe('a VPC id', () => {
  it.each([
    ['vpc-1ywqac83', true],
    ['vpc-1y', false],
    ['vpc-1YWQAC83', false],
    ['1ywqac83', false],
  ])('%j has the same result at every entry (accepted: %j)', async (id, isTaken) => {
    const taken = {
      'command line': await isUnderstood('diagnose', VIP, '--vpc', id),
      HTTP: isAsked({ vip: VIP, vpcId: id }),
      'Cloud Monitor': callback({ vip: VIP, vpcId: id })?.clb.vpcId === id,
      Alertmanager: alert({ vip: VIP, vpc_id: id })?.clb.vpcId === id,
    }
    expect(new Set(Object.values(taken)), JSON.stringify(taken)).toEqual(new Set([isTaken]))
  })
})

describe('a listener id', () => {
  it.each([
    ['lbl-shop0443', true],
    ['lbl-ABC_1', false],
    ['lbl-abc_123', false],
    ['lb-7dpmqwcu', false],
    ['shop', false],
  ])('%j has the same result at every entry (accepted: %j)', async (id, isTaken) => {
    expect([
      await isUnderstood('diagnose', 'lb-7dpmqwcu', '--listener', id),
      isAsked({ loadBalancerId: 'lb-7dpmqwcu', listenerId: id }),
    ]).toEqual([isTaken, isTaken])
  })
})

describe('a region', () => {
  it.each([
    ['ap-guangzhou', true],
    ['na-siliconvalley', true],
    ['ap-shanghai-fsi', true],
    ['me-saudi-arabia', true],
    ['ap-guangzhou-3', false],
    ['cn-hangzhou', false],
    ['Mars!', false],
  ])('%j has the same result at every entry (accepted: %j)', async (region, isTaken) => {
    const timer = parseAlarm({
      Type: 'Timer',
      TriggerName: 't',
      Message: JSON.stringify({ task: 'scan', regions: [region] }),
    })
    const taken = {
      diagnose: await isUnderstood('diagnose', 'lb-7dpmqwcu', '--region', region),
      scan: await isUnderstood('scan', '--region', region),
      HTTP: isAsked({ loadBalancerId: 'lb-7dpmqwcu', region }),
      environment: isConfigured('TENCENTCLOUD_REGION', region),
      timer: timer.scan !== undefined,
      'Cloud Monitor': callback({ vip: VIP }, region)?.region === region,
    }
    expect(new Set(Object.values(taken)), JSON.stringify(taken)).toEqual(new Set([isTaken]))
  })
})

describe('a short region such as the one in alarms', () => {
  it.each([
    ['gz', true],
    ['SH', true],
    ['zz', false],
    ['4', false],
  ])('%j has the same result at every entry (accepted: %j)', async (region, isTaken) => {
    const taken = {
      diagnose: await isUnderstood('diagnose', 'lb-7dpmqwcu', '--region', region),
      scan: await isUnderstood('scan', '--region', region),
      HTTP: isAsked({ loadBalancerId: 'lb-7dpmqwcu', region }),
      environment: isConfigured('TENCENTCLOUD_REGION', region),
      'Cloud Monitor': callback({ vip: VIP }, region)?.region != null,
    }
    expect(new Set(Object.values(taken)), JSON.stringify(taken)).toEqual(new Set([isTaken]))
  })
})

describe('a language', () => {
  it.each([
    ['zh-CN', true],
    ['en', true],
    ['EN', true],
    ['zh-cn', true],
    ['zh', false],
    ['fr', false],
  ])('%j has the same result at every entry (accepted: %j)', async (language, isTaken) => {
    const demo = await printed('demo', 'no-such-scenario', '--lang', language)
    const taken = {
      diagnose: await isUnderstood('diagnose', 'lb-7dpmqwcu', '--lang', language),
      demo: demo.includes('no-such-scenario'),
      HTTP: isAsked({ loadBalancerId: 'lb-7dpmqwcu', language }),
      environment: isConfigured('CLB_DOCTOR_LANG', language),
    }
    expect(new Set(Object.values(taken)), JSON.stringify(taken)).toEqual(new Set([isTaken]))
  })
})
