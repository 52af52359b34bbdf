import { describe, expect, it } from 'vitest'
import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { backend, check, rule, SHOP, type Shop, shop } from '../../src/simulator/base.ts'
import type { AclEntry, GroupRule, Listener } from '../../src/simulator/world.ts'
import { lookAt } from '../simulator/support.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { carryOut } from './carry-out.ts'

// Two findings change one security group or one network ACL. Their commands run one after the other, as in the API.

const drop = (port: string): GroupRule => ({
  protocol: 'TCP',
  port,
  source: '203.0.113.0/24',
  action: 'DROP',
})
const accept: GroupRule = { protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' }

/** Two listeners to the same machines, on 8080 and 9090. The probes to both come from the VIP. */
function twoListeners(): Shop {
  const made = shop()
  const tcp = check({ type: 'TCP', method: null, host: null, path: null })
  Object.assign(made.pool.check, tcp)
  for (const own of made.machines) own.guest.listens.push({ port: 9090, protocol: 'tcp' })
  const second: Listener = {
    id: 'lbl-shop9090',
    name: 'shop-second',
    protocol: 'TCP',
    port: 9090,
    stopped: false,
    rules: [
      rule({ id: 'loc-shop9090', check: tcp, backends: made.machines.map((own) => backend(own, 9090)) }),
    ],
  }
  made.front.listeners.push(second)
  return made
}

function withGroup(...rules: readonly GroupRule[]): Shop {
  const made = twoListeners()
  made.world.groups.push({ id: 'sg-twodrops', name: 'two', rules: [...rules] })
  for (const own of made.machines) own.groups = ['sg-twodrops']
  return made
}

const statusesOf = ({ world }: Shop): readonly string[] => [
  ...new Set(lookAt(world, SHOP).map(({ listener, status }) => `${listener.name} ${status}`)),
]

const causesOf = ({ findings }: Diagnosis): readonly Finding[] =>
  findings.filter(({ role }) => role === 'cause')

const bodyOf = ({ fix }: Finding) => {
  const line = fix?.commands?.find(({ tool }) => tool === 'tccli')?.line
  return line === undefined ? null : JSON.parse(/'(\{.*\})'$/.exec(line)?.[1] ?? '{}')
}

/** Like the API, refuses a stale version and a rule that already exists (SDK, CreateSecurityGroupPolicies). */
function runInTurn({ world }: Shop, findings: readonly Finding[]): void {
  let version = 7
  const made: string[] = []
  for (const finding of findings) {
    const body = bodyOf(finding)
    if (body === null) continue
    expect([undefined, String(version)]).toContain(body.Version)
    version += 1
    for (const { PolicyIndex: _, ...one } of body.Ingress ?? []) {
      expect(made).not.toContain(JSON.stringify(one))
      made.push(JSON.stringify(one))
    }
    carryOut(world, finding)
  }
}

const DEAD = ['shop-https Dead', 'shop-second Dead']
const ALIVE = ['shop-https Alive', 'shop-second Alive']

describe('two fixes for one security group', () => {
  it.each([
    ['the blocking rules are adjacent', [drop('8080'), drop('9090'), accept]],
    ['the later finding needs the earlier place', [drop('9090'), drop('8080'), accept]],
    [
      'other rules are between them',
      [{ ...accept, protocol: 'UDP' }, drop('9090'), drop('22'), drop('8080'), accept],
    ],
    ['the rule for one pool goes to the end', [drop('9090')]],
    ['the rule for the other pool goes to the end', [drop('8080')]],
  ])('bring both pools back if they run one after the other: %s', async (_, rules) => {
    const made = withGroup(...rules)
    const { diagnosis } = await diagnoseSimulated(made.world)
    const causes = causesOf(diagnosis)
    expect(causes.map(({ fix }) => fix?.verified)).toEqual([true, true])
    expect(statusesOf(made)).toEqual(DEAD)
    runInTurn(made, causes)
    expect(statusesOf(made)).toEqual(ALIVE)
  })

  it('carry the version that was read only in the first command', async () => {
    const { diagnosis } = await diagnoseSimulated(withGroup(drop('8080'), drop('9090'), accept).world)
    expect(causesOf(diagnosis).map((one) => bodyOf(one).Version)).toEqual(['7', undefined])
  })

  it('bring one pool back if only the second command runs', async () => {
    const made = withGroup(drop('8080'), drop('9090'), accept)
    const { diagnosis } = await diagnoseSimulated(made.world)
    const [, second] = causesOf(diagnosis)
    if (second) carryOut(made.world, second)
    expect(new Set(statusesOf(made))).toEqual(new Set(['shop-https Dead', 'shop-second Alive']))
  })

  it('do not add a rule twice: the second fix refers to the command of the first', async () => {
    const made = shop()
    Object.assign(made.pool.check, { type: 'TCP', method: null, host: null, path: null })
    made.world.groups.push(
      { id: 'sg-shut0001', name: 'shut', rules: [] },
      { id: 'sg-more0001', name: 'more', rules: [] },
    )
    for (const [i, own] of made.machines.entries())
      own.groups = i < 3 ? ['sg-shut0001'] : ['sg-shut0001', 'sg-more0001']
    // A fix changes the group that the fewest resources share. Here it is the group that all machines have.
    for (let i = 0; i < 9; i += 1)
      made.world.machines.push({
        ...made.machine(20),
        id: `ins-other00${i}`,
        ip: `10.0.1.20${i}`,
        groups: ['sg-more0001'],
      })
    const { diagnosis } = await diagnoseSimulated(made.world)
    const causes = causesOf(diagnosis)
    expect(causes.map(({ fix }) => [fix?.verified, fix?.commands?.length ?? 0])).toEqual([
      [true, 2],
      [true, 0],
    ])
    expect(causes[1]?.fix?.notes?.join()).toContain(
      'The command above for sg-shut0001 does this, or a part of it',
    )
    runInTurn(made, causes)
    expect(statusesOf(made)).toEqual(['shop-https Alive'])
  })

  it('have Terraform resources with different names', async () => {
    const { diagnosis } = await diagnoseSimulated(withGroup(drop('8080'), drop('9090'), accept).world)
    const lines = causesOf(diagnosis).flatMap(({ fix }) => fix?.commands?.map(({ line }) => line) ?? [])
    const names = lines.flatMap((line) => /^resource "\w+" "([A-Za-z_][\w-]*)" \{$/m.exec(line)?.[1] ?? [])
    expect(names).toHaveLength(2)
    expect(new Set(names).size).toBe(2)
  })
})

describe('two fixes for one network ACL', () => {
  const all: AclEntry = { protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }
  const shut = (port: string): AclEntry => ({ protocol: 'tcp', port, cidr: '203.0.113.0/24', action: 'Drop' })
  const closed = (type: 'TRIPLE' | 'QUINTUPLE', ...ingress: readonly AclEntry[]): Shop => {
    const made = withGroup(accept)
    Object.assign(made.acl, { type, ingress: [...ingress], egress: [{ ...all }] })
    return made
  }

  it.each([
    ['triple', 'TRIPLE', [shut('8080'), shut('9090'), all]],
    ['triple, in reverse order', 'TRIPLE', [shut('9090'), shut('8080'), all]],
    ['quintuple', 'QUINTUPLE', [shut('8080'), shut('9090'), all]],
    ['triple, one entry at the end', 'TRIPLE', [shut('9090')]],
  ] as const)('bring both pools back if they run one after the other: %s', async (_, type, ingress) => {
    const made = closed(type, ...ingress.map((one) => ({ ...one })))
    const { diagnosis } = await diagnoseSimulated(made.world)
    const causes = causesOf(diagnosis)
    expect(causes.map(({ fix }) => fix?.verified)).toEqual([true, true])
    expect(statusesOf(made)).toEqual(DEAD)
    for (const cause of causes) carryOut(made.world, cause)
    expect(statusesOf(made)).toEqual(ALIVE)
  })

  it('have different priorities if both add an inbound entry', async () => {
    const one = closed('TRIPLE', { ...all, cidr: '10.0.0.0/8' })
    // Priorities of inbound and outbound entries are counted apart. Both entries here are inbound.
    Object.assign(one.acl, { ingress: [shut('9090'), { ...all, cidr: '10.0.0.0/8' }] })
    const { diagnosis } = await diagnoseSimulated(one.world)
    const placed = causesOf(diagnosis).flatMap((cause) =>
      (bodyOf(cause).Ingress ?? []).map(({ Priority }: { Priority: number }) => Priority),
    )
    expect(placed).toHaveLength(2)
    expect(new Set(placed).size).toBe(2)
  })
})
