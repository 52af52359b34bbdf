import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/model/language.ts'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import type { AuditRecord, GroupRule, World } from '../../src/simulator/world.ts'
import { auditRecord } from '../support/audit.ts'
import { postToServe, type Stage, setStage } from './support.ts'

// An alarm fires because of a rule, somebody changes something, and the recovery arrives. Beijing time.

const base = SCENARIOS.find(({ name }) => name === 'changed-before') ?? raise()
function raise(): never {
  throw new Error('no scenario')
}

const scanners: GroupRule = {
  protocol: 'TCP',
  port: '8000-9000',
  source: '203.0.113.0/24',
  action: 'DROP',
  note: 'block scanners',
}
const probe: GroupRule = { protocol: 'TCP', port: '8080', source: '203.0.113.26/32', action: 'ACCEPT' }
const elsewhere: GroupRule = { ...probe, port: '9090' }

const record = (time: string, event: string, fields: Partial<AuditRecord> = {}): AuditRecord =>
  auditRecord({ at: Date.parse(`2026-11-20T${time}:00+08:00`) / 1000, event, ...fields })

/** Puts a rule at the top of the group, as the console does it. */
function add(world: World, time: string, { protocol, port, source, action, note }: GroupRule): void {
  world.groups[0]?.rules.unshift({ protocol, port, source, action, ...(note ? { note } : {}) })
  const policy = { PolicyIndex: 0, Protocol: protocol, Port: port, CidrBlock: source, Action: action }
  const parameters = {
    SecurityGroupId: 'sg-shopweb1',
    SecurityGroupPolicySet: { Version: '7', Ingress: [policy] },
  }
  world.audit.push(record(time, 'CreateSecurityGroupPolicies', { parameters }))
}

const OVER = { alarmStatus: '0', recoverTime: '2026-11-20 07:25:00', durationTime: 1500 }

/** The last message of the group and the last diagnosis, after the firing, `meanwhile` and the recovery. */
async function toldAfter(
  meanwhile: (world: World, stage: Stage) => void,
  language: Language = 'zh-CN',
): Promise<readonly [string, Stage['hook']['diagnoses'][number] | undefined]> {
  const { world } = shop()
  world.groups[0]?.rules.unshift(scanners)
  const stage = await setStage({ ...base, build: () => world }, language)
  try {
    await postToServe(stage, base.alarm())
    expect(stage.hook.diagnoses.at(-1)?.verdict).toBe('down')
    meanwhile(world, stage)
    await postToServe(stage, { ...(base.alarm() as object), ...OVER })
    // A joiner keeps names with dots from becoming links.
    const message = stage.group.messages.at(-1)?.content ?? ''
    return [message.replaceAll('\u2060', ''), stage.hook.diagnoses.at(-1)]
  } finally {
    await stage.close()
  }
}

/** Deletes the rule at the top by its index. The log does not say what it was. */
function deleteFirst(world: World, time: string): void {
  world.groups[0]?.rules.shift()
  const parameters = {
    SecurityGroupId: 'sg-shopweb1',
    SecurityGroupPolicySet: { Version: '7', Ingress: [{ PolicyIndex: 0 }] },
  }
  world.audit.push(record(time, 'DeleteSecurityGroupPolicies', { parameters }))
}

describe('a recovery', () => {
  it.each([
    ['zh-CN', '其间 li.wei 于 11-20 07:20 新增了安全组规则，没有它 5 个后端的探测会被拦截'],
    [
      'en',
      'li.wei added security-group rules at 11-19 23:20; without that, the probes of 5 backends would be blocked',
    ],
  ] as const)('names who added the rule that mended it, in %s', async (language, line) => {
    const [message, diagnosis] = await toldAfter((world) => add(world, '07:20', probe), language)
    expect(message.replace(/\\/g, '')).toContain(line)
    expect(message).toMatch(/恢复已确认；异常持续了 25 分钟|the trouble lasted 25 minutes/)
    expect(diagnosis).toMatchObject({
      attention: 'none',
      mendedBy: { change: 0, backends: 5, certainty: 'likely' },
    })
  })

  it('names who deleted a rule by its index, and does not say that it mended it', async () => {
    const [message, diagnosis] = await toldAfter((world) => deleteFirst(world, '07:20'))
    expect(message).toContain('其间的改动：li.wei 于 11-20 07:20 删除了安全组规则')
    expect(diagnosis).not.toHaveProperty('mendedBy')
  })

  it('names who started a machine', async () => {
    const [message] = await toldAfter((world) => {
      world.groups[0]?.rules.shift()
      const machine = { resourceType: 'cvm', resourceId: 'ins-web00016' }
      world.audit.push(record('07:10', 'StartInstances', { ...machine, actor: 'zhang.san' }))
    })
    expect(message).toContain('其间的改动：zhang.san 于 11-20 07:10 启动了云服务器')
  })

  it.each<[string, (world: World, stage: Stage) => void]>([
    ['of a rule that does not matter for the probes', (world) => add(world, '07:20', elsewhere)],
    ['of a change after the recovery', (world) => add(world, '07:26', elsewhere)],
    [
      'if the audit log is denied',
      (world, { cloud }) => {
        add(world, '07:20', probe)
        cloud.faults.set('cloudaudit:DescribeEvents', { kind: 'error', code: 'UnauthorizedOperation' })
      },
    ],
    [
      'of a listener that was changed without its check',
      (world) => {
        const parameters = { LoadBalancerId: 'lb-7dpmqwcu', ListenerId: 'lbl-shop0443', ListenerName: 'x' }
        world.audit.push(
          record('07:20', 'ModifyListener', { resourceType: 'clb', resourceId: '', parameters }),
        )
      },
    ],
  ])('says nothing %s', async (_, meanwhile) => {
    const [message, diagnosis] = await toldAfter((world, stage) => {
      world.groups[0]?.rules.shift()
      meanwhile(world, stage)
    })
    expect(message).toContain('恢复已确认')
    expect(message).not.toContain('其间')
    expect([diagnosis?.attention, diagnosis?.gaps]).toEqual(['none', []])
  })

  it('of an alarm whose backends are still Dead says what was changed in the day before it, as before', async () => {
    const [message, diagnosis] = await toldAfter((world) => {
      world.audit.push(record('06:52', 'ModifySecurityGroupPolicies'))
      add(world, '07:20', { ...elsewhere, action: 'DROP' })
    })
    expect(message).toContain('告警已恢复，但仍有 5 个后端异常')
    expect(message).not.toContain('其间')
    expect(diagnosis?.changes.map(({ event }) => event)).toEqual(['ModifySecurityGroupPolicies'])
  })
})
