import { describe, expect, it } from 'vitest'
import type { Alarm } from '../../src/model/alarm.ts'
import { known } from '../../src/model/fact.ts'
import { SHOP, shop } from '../../src/simulator/base.ts'
import type { AuditRecord, HealthFlip, World } from '../../src/simulator/world.ts'
import { findingOf } from '../support/findings.ts'
import { alarmSince, askSimulated } from '../support/simulated.ts'

const ONSET = '2026-11-19T23:00:00.000Z'
const DAY = 86_400
const at = (secondsBefore: number): number => Date.parse(ONSET) / 1000 - secondsBefore
const iso = (secondsBefore: number): string => new Date(at(secondsBefore) * 1000).toISOString()

const PLANTED = ['AKIDplantedAuditSecretId000001', 'planted-session-token-7f3a9c', 'planted-password-41']

const record = (secondsBefore: number, fields: Partial<AuditRecord> = {}): AuditRecord => ({
  at: at(secondsBefore),
  event: 'ModifySecurityGroupPolicies',
  write: true,
  resourceType: 'vpc',
  resourceId: 'sg-shopweb1',
  actor: 'alice',
  sourceIp: '198.51.100.7',
  secretId: PLANTED[0] ?? '',
  token: PLANTED[1] ?? '',
  apiErrorCode: 0,
  ...fields,
})

/** The shop with a stopped machine and this audit log. */
function broken(audit: readonly AuditRecord[] = []) {
  const made = shop()
  made.machine(18).state = 'STOPPED'
  made.world.audit.push(...audit)
  return made
}

const read = async (audit: readonly AuditRecord[]) => {
  const { snapshot } = await askSimulated(broken(audit).world, { alarm: alarmSince(ONSET) })
  const log = known(snapshot?.auditEvents['ap-guangzhou'])
  if (!log) throw new Error('no audit log')
  return { ...log, events: log.events.map((one) => `${one.at} ${one.event} ${one.resourceIds} ${one.actor}`) }
}

describe('the audit log', () => {
  it('is read from a day before the alarm up to the alarm', async () => {
    const { events, ...window } = await read([-1, 0, 480, DAY, DAY + 1].map((s) => record(s)))
    expect(window).toEqual({ from: iso(DAY), to: iso(0), complete: true })
    expect(events).toEqual(
      [0, 480, DAY].map((s) => `${iso(s)} ModifySecurityGroupPolicies sg-shopweb1 alice`),
    )
  })

  it('gives only the successful writes that changed a resource on the path of the probes', async () => {
    const { events } = await read([
      record(10, { write: false }),
      record(20, { apiErrorCode: 4104 }),
      record(30, { resourceId: 'sg-elsewhere' }),
      record(40, { event: 'CreateSecurityGroup' }),
      record(50, { event: 'DescribeSecurityGroupPolicies' }),
      record(60, { resourceId: '', parameters: { SecurityGroupId: 'sg-shopweb12' } }),
      record(70, { resourceId: 'x-sg-shopweb1' }),
      record(80),
    ])
    expect(events).toEqual([`${iso(80)} ModifySecurityGroupPolicies sg-shopweb1 alice`])
  })

  it('gives every operation that can change the path of the probes', async () => {
    const operations: readonly (readonly [string, Record<string, unknown>, string])[] = [
      ['CreateNetworkAclEntries', { NetworkAclId: 'acl-shopweb1' }, 'acl-shopweb1'],
      ['DeleteNetworkAclEntries', { NetworkAclId: 'acl-shopweb1' }, 'acl-shopweb1'],
      ['BatchRegisterTargets', { LoadBalancerId: SHOP }, SHOP],
      ['BatchDeregisterTargets', { LoadBalancerId: SHOP }, SHOP],
      ['BatchModifyTargetWeight', { LoadBalancerId: SHOP }, SHOP],
      ['ModifyDomainAttributes', { LoadBalancerId: SHOP }, SHOP],
      ['ModifyInstancesVpcAttribute', { InstanceIds: ['ins-web00018'] }, 'ins-web00018'],
      [
        'DeleteTemplateMember',
        { TemplateId: 'ipm-shop0001', TemplateMember: [{ Member: '203.0.113.9' }] },
        'ipm-shop0001',
      ],
      ['AddTemplateMember', { TemplateId: 'ipm-shop0001' }, 'ipm-shop0001'],
      ['ModifyTemplateMember', { TemplateId: 'ipm-shop0001' }, 'ipm-shop0001'],
    ]
    const { world } = broken(
      operations.map(([event, parameters], i) => record(10 + i, { event, resourceId: '', parameters })),
    )
    world.addressTemplates = { 'ipm-shop0001': ['203.0.113.0/24'] }
    for (const { rules } of world.groups)
      rules.push({ protocol: 'TCP', port: '8080', source: 'ipm-shop0001', action: 'ACCEPT' })
    const { snapshot } = await askSimulated(world, { alarm: alarmSince(ONSET) })
    const log = known(snapshot?.auditEvents['ap-guangzhou'])
    expect(log?.events.map(({ event, resourceIds }) => `${event} ${resourceIds}`)).toEqual(
      operations.map(([event, , id]) => `${event} ${id}`),
    )
  })

  it('gives the changed resources and not the resources that a parameter only names', async () => {
    const named = (event: string, parameters: Record<string, unknown>) =>
      record(10, { event, resourceId: '', parameters })
    const cases: readonly (readonly [AuditRecord, string])[] = [
      [
        named('ModifySecurityGroupPolicies', {
          SecurityGroupId: 'sg-elsewhere',
          SecurityGroupPolicySet: { Ingress: [{ SecurityGroupId: 'sg-shopweb1' }] },
        }),
        '',
      ],
      [
        named('AssociateSecurityGroups', {
          InstanceIds: ['ins-web00017'],
          SecurityGroupIds: ['sg-shopweb1'],
        }),
        'ins-web00017',
      ],
      [
        named('AssociateSecurityGroups', {
          InstanceIds: ['ins-elsewhere'],
          SecurityGroupIds: ['sg-shopweb1'],
        }),
        '',
      ],
      [
        named('RegisterTargets', {
          LoadBalancerId: 'lb-7dpmqwcu',
          ListenerId: 'lbl-shop0443',
          LocationId: 'loc-shop0001',
          Targets: [{ InstanceId: 'ins-web00017' }],
        }),
        'loc-shop0001',
      ],
      [
        named('ModifyListener', { LoadBalancerId: 'lb-7dpmqwcu', ListenerId: 'lbl-shop0443' }),
        'lbl-shop0443',
      ],
      [
        named('AssociateNetworkAclSubnets', {
          NetworkAclId: 'acl-shopweb1',
          SubnetIds: ['subnet-web00001', 'subnet-elsewher'],
        }),
        'subnet-web00001',
      ],
    ]
    for (const [one, ids] of cases) {
      const { events } = await read([one])
      expect([one.event, events.map((line) => line.split(' ')[2])]).toEqual([
        one.event,
        ids === '' ? [] : [ids],
      ])
    }
  })

  it('with more than fifty operations is read page by page to the last one', async () => {
    const { events, complete } = await read(Array.from({ length: 173 }, (_, i) => record(i + 1)))
    expect([events.length, new Set(events).size, complete]).toEqual([173, 173, true])
  })

  it('with more than five hundred operations is read in part, with the start time of that part', async () => {
    const { events, ...window } = await read(Array.from({ length: 612 }, (_, i) => record(i + 1)))
    expect(events).toHaveLength(500)
    expect(window).toEqual({ from: iso(499), to: iso(0), complete: false })
  })

  it('is also read in the region of the backends', async () => {
    const { world, front } = broken()
    front.targetRegion = { region: 'ap-shanghai', vpcId: 'vpc-1ywqac83' }
    const { snapshot } = await askSimulated(world, { alarm: alarmSince(ONSET) })
    expect(Object.keys(snapshot?.auditEvents ?? {})).toEqual(['ap-guangzhou', 'ap-shanghai'])
  })

  it('is not read for a healthy CLB, unless an alarm is firing', async () => {
    const well = await askSimulated(shop().world)
    expect([well.snapshot?.auditEvents, well.calls.count('cloudaudit:DescribeEvents')]).toEqual([{}, 0])
    const resolved = alarmSince(ONSET, { state: 'resolved' })
    expect((await askSimulated(shop().world, { alarm: resolved })).snapshot?.auditEvents).toEqual({})
    const firing = await askSimulated(shop().world, { alarm: alarmSince(ONSET) })
    expect(Object.keys(firing.snapshot?.auditEvents ?? {})).toEqual(['ap-guangzhou'])
  })

  it('is read for the last day if there is no alarm', async () => {
    const { snapshot } = await askSimulated(broken().world)
    const log = known(snapshot?.auditEvents['ap-guangzhou'])
    const taken = Date.parse(snapshot?.takenAt ?? '')
    expect([log?.from, log?.to]).toEqual([
      new Date(taken - DAY * 1000).toISOString(),
      new Date(taken).toISOString(),
    ])
  })

  it.each([
    ['denied', { kind: 'error', code: 'AuthFailure.UnauthorizedOperation' }, 'denied'],
    ['failing', { kind: 'error', code: 'InternalError' }, 'failed'],
    ['rate limited', { kind: 'error', code: 'LimitExceeded.OverAmount' }, 'failed'],
    // This is longer than the timeout of the test, so the diagnosis must not wait for it.
    ['slow', { kind: 'slow', ms: 60_000 }, 'failed'],
  ] as const)('that is %s does not change the cause', async (_, fault, state) => {
    const { snapshot, diagnosis } = await askSimulated(broken().world, {
      alarm: alarmSince(ONSET),
      faults: { 'cloudaudit:DescribeEvents': fault },
    })
    expect(snapshot?.auditEvents['ap-guangzhou']).toMatchObject({
      state,
      failure: { action: 'cloudaudit:DescribeEvents' },
    })
    expect(findingOf(diagnosis, 'instance-state/not-running')).toMatchObject({
      code: 'instance-state/not-running',
      certainty: 'certain',
    })
  })
})

describe('the health check log', () => {
  const flip = (secondsBefore: number, fields: Partial<HealthFlip> = {}): HealthFlip => ({
    at: at(secondsBefore) * 1000,
    ip: '10.0.1.18',
    port: 8080,
    vip: '203.0.113.26',
    vport: 443,
    healthy: false,
    ...fields,
  })
  const logged = (flips: HealthFlip[]) => {
    const { world, front } = broken()
    front.healthLogTopic = 'topic-health'
    world.healthLogs['topic-health'] = flips
    return askSimulated(world, { alarm: alarmSince(ONSET) })
  }
  const flipsOf = ({ snapshot }: Awaited<ReturnType<typeof logged>>) =>
    known(snapshot?.healthLogs['topic-health']) ?? null

  it('is read from a day before the alarm, newest first, only for the VIPs of the CLB', async () => {
    const answer = await logged([
      flip(60),
      flip(30, { healthy: true }),
      flip(20, { vip: '203.0.113.99' }),
      flip(DAY + 60),
      flip(-60),
    ])
    expect(flipsOf(answer)?.map(({ at: when, healthy }) => [when, healthy])).toEqual([
      [iso(-60), false],
      [iso(30), true],
      [iso(60), false],
    ])
    expect(flipsOf(answer)?.[0]).toEqual({
      at: iso(-60),
      ip: '10.0.1.18',
      port: 8080,
      listenerPort: 443,
      domain: null,
      url: null,
      healthy: false,
    })
  })

  it('is read page by page, up to three thousand lines', async () => {
    const flips = Array.from({ length: 3_100 }, (_, i) => flip(i))
    expect(flipsOf(await logged(flips))).toHaveLength(3_000)
  })

  it('is a failed fact if it cannot be read, and is not read if the CLB has no log', async () => {
    const { world, front } = broken()
    front.healthLogTopic = 'topic-gone'
    const gone = await askSimulated(world, { alarm: alarmSince(ONSET) })
    expect(gone.snapshot?.healthLogs['topic-gone']).toMatchObject({ state: 'failed' })
    const none = await askSimulated(broken().world, { alarm: alarmSince(ONSET) })
    expect([none.snapshot?.healthLogs, none.calls.count('cls:SearchLog')]).toEqual([{}, 0])
  })
})

describe('the audit log of a recovery', () => {
  const OVER = iso(-1_500)
  const over = (fields: Partial<Alarm> = {}) =>
    alarmSince(ONSET, { state: 'resolved', subject: 'UnhealthRsCount', recoveredAt: OVER, ...fields })
  const audit = [-1_501, -1_500, -600, 0, 1].map((seconds) => record(seconds))

  async function recovered(world: World, alarm: Alarm) {
    world.audit.push(...audit, record(-300, { event: 'StartInstances', resourceId: 'ins-web00018' }))
    const { snapshot, calls } = await askSimulated(world, { alarm })
    const log = known(snapshot?.auditEvents['ap-guangzhou'])
    return { log, count: calls.count('cloudaudit:DescribeEvents') }
  }

  it('is read from the alarm to its end, with machines that were started', async () => {
    const { log } = await recovered(shop().world, over())
    expect([log?.from, log?.to, log?.complete]).toEqual([ONSET, OVER, true])
    expect(log?.events.map(({ at, event }) => `${at} ${event}`)).toEqual([
      `${OVER} ModifySecurityGroupPolicies`,
      `${iso(-600)} ModifySecurityGroupPolicies`,
      `${iso(-300)} StartInstances`,
      `${ONSET} ModifySecurityGroupPolicies`,
    ])
  })

  it('is read of the last 29 days of a longer one, and says so', async () => {
    const long = iso(40 * DAY)
    const { log } = await recovered(shop().world, over({ firstOccurredAt: long, recoveredAt: ONSET }))
    expect([log?.from, log?.to]).toEqual([iso(29 * DAY), ONSET])
  })

  it('is the log of the day before the alarm if a backend is still Dead', async () => {
    const { log } = await recovered(broken().world, over())
    expect([log?.from, log?.to]).toEqual([iso(DAY), ONSET])
  })

  it.each<[string, Partial<Alarm>]>([
    ['the alarm is not about health checks', { subject: 'ClientConnum' }],
    ['the alarm does not say when it began', { firstOccurredAt: null }],
    ['it ended before it began', { recoveredAt: iso(60) }],
  ])('is not read if %s', async (_, fields) => {
    expect((await recovered(shop().world, over(fields))).count).toBe(0)
  })
})
