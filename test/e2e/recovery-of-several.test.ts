import { expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import type { AppContext } from '../../src/app/context.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { GroupRule, World } from '../../src/simulator/world.ts'
import { idOf, worldOf } from '../scan/support.ts'
import { auditRecord } from '../support/audit.ts'
import { contextOf, setStage } from './support.ts'

// Four CLBs are down because of one rule. Somebody lets the probes of three of them in again. Beijing time.

const base = findScenario('changed-before') ?? raise()
function raise(): never {
  throw new Error('no scenario')
}

const COUNT = 4
const rule = (source: string, action: 'ACCEPT' | 'DROP'): GroupRule => ({
  protocol: 'TCP',
  port: '8080',
  source,
  action,
})

/** The alarm of one CLB, as Cloud Monitor sends it. */
function alarmOf(n: number, fields: object = {}): object {
  const alarm = base.alarm() as { readonly alarmObjInfo: object }
  const dimensions = { loadBalancerId: idOf(n), vip: `203.0.113.${n + 1}`, port: '80', protocol: 'tcp' }
  return { ...alarm, ...fields, alarmObjInfo: { ...alarm.alarmObjInfo, dimensions } }
}

const OVER = { alarmStatus: '0', recoverTime: '2026-11-20 07:25:00', durationTime: 1500 }

/** Somebody puts an ACCEPT for the first three VIPs at the top of the group that all machines have. */
function letIn({ groups, audit }: World): void {
  const added = rule('203.0.113.0/30', 'ACCEPT')
  groups[0]?.rules.unshift(added)
  audit.push(
    auditRecord({
      at: Date.parse('2026-11-20T07:20:00+08:00') / 1000,
      event: 'CreateSecurityGroupPolicies',
      parameters: {
        SecurityGroupId: 'sg-shopweb1',
        SecurityGroupPolicySet: {
          Version: '7',
          Ingress: [
            { PolicyIndex: 0, Protocol: 'TCP', Port: '8080', CidrBlock: added.source, Action: 'ACCEPT' },
          ],
        },
      },
    }),
  )
}

/** The machines of the last CLB get a group that lets everything in. The audit log does not have it. */
function regroup(world: World): void {
  world.groups.push({ id: 'sg-open0001', name: 'open', rules: [rule('0.0.0.0/0', 'ACCEPT')] })
  for (const machine of world.machines)
    if (machine.name.startsWith(`fleet-${COUNT - 1}-`)) machine.groups = ['sg-open0001']
}

/** The alarms of all CLBs, one after the other. */
async function handled(context: AppContext, fields: object): Promise<void> {
  for (let n = 0; n < COUNT; n++) {
    const { alarms } = parseAlarms(alarmOf(n, fields), silentLog)
    await handleInPlace(alarms, context, { read: 10_000, total: 60_000 })
  }
}

/** The last message of the group after all alarms, `meanwhile` and all recoveries. */
async function toldAfter(language: 'zh-CN' | 'en', meanwhile: (world: World) => void): Promise<string> {
  const world = worldOf(COUNT)
  world.groups[0]?.rules.unshift(rule('203.0.113.0/24', 'DROP'))
  const stage = await setStage({ ...base, build: () => world }, language)
  const context = contextOf(stage)
  try {
    await handled(context, {})
    meanwhile(world)
    await handled(context, OVER)
    return (stage.group.messages.at(-1)?.content ?? '').replace(/[\\\u2060]/g, '')
  } finally {
    context.close()
    await stage.close()
  }
}

it.each([
  [
    'zh-CN',
    '4 个负载均衡已恢复',
    '原因已消除：li.wei 于 11-20 07:20 新增了安全组规则（sg-shopweb1），没有它 3 个负载均衡的探测会被拦截',
    'fleet-3 的恢复另有原因，尚不清楚',
  ],
  [
    'en',
    '4 load balancers recovered',
    'The cause was removed: li.wei added security-group rules at 11-19 23:20 (sg-shopweb1); without that, the probes of 3 load balancers would be blocked',
    'Back for another reason, which is not known: fleet-3',
  ],
] as const)(
  'a recovery of several CLBs says once who removed the cause, and which came back without it, in %s',
  async (language, title, cause, other) => {
    const message = await toldAfter(language, (world) => {
      letIn(world)
      regroup(world)
    })
    expect(message).toContain(title)
    expect(message.split(cause)).toHaveLength(2)
    expect(message).toContain(other)
  },
)

it('a recovery of several CLBs for no reason that the log shows says so', async () => {
  const message = await toldAfter('zh-CN', (world) => {
    world.groups[0]?.rules.shift()
  })
  expect(message).toContain('4 个负载均衡已恢复')
  expect(message).toContain('没有查到让它们恢复的改动')
})
