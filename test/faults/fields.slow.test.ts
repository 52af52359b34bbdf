import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { type Baseline, baselineOf, newCertainties, scenarioSettings } from './denials.ts'

// Answers in which one field is null in every item that has it. No new cause is likely or certain, and no verdict becomes
// healthy.

/** Fields whose null has a meaning of its own. */
const MEANT = new Set([
  // A security group without rules, a detached interface, a CLB without SNAT IPs.
  'vpc:DescribeSecurityGroupPolicies SecurityGroupPolicySet.Ingress',
  'vpc:DescribeNetworkInterfaces NetworkInterfaceSet.Attachment',
  'clb:DescribeLoadBalancers LoadBalancerSet.SnatIps',
])

/** Actions that do not belong to the path of the probes: audit log, health log, users of a group. */
const BESIDE = /^(cloudaudit:|cls:|vpc:DescribeSecurityGroupAssociationStatistics)/

type Path = readonly string[]

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Paths of all fields in an answer. Items of a list share one path. */
function pathsOf(value: unknown, at: Path = []): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => pathsOf(item, at)))]
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, own]) => [
    [...at, key].join('.'),
    ...pathsOf(own, [...at, key]),
  ])
}

function blank(value: unknown, [key, ...rest]: Path): void {
  if (key === undefined) return
  if (Array.isArray(value)) for (const item of value) blank(item, [key, ...rest])
  else if (isRecord(value) && key in value) {
    if (rest.length === 0) value[key] = null
    else blank(value[key], rest)
  }
}

const nulled = (path: string): Fault => ({
  kind: 'changed',
  change: (answer) => blank(answer, path.split('.')),
})

async function fieldsOf(cloud: SimulatedCloud, { setting, asked }: Baseline): Promise<readonly string[]> {
  const seen = new Set<string>()
  const faults = asked
    .filter((action) => !BESIDE.test(action))
    .map((action): [string, Fault] => [
      action,
      {
        kind: 'changed',
        change: (answer) => {
          for (const path of pathsOf(answer)) seen.add(`${action} ${path}`)
        },
      },
    ])
  await cloud.diagnose(setting.world, { clb: setting.clb, faults: Object.fromEntries(faults) })
  return [...seen].filter((field) => !MEANT.has(field)).sort()
}

async function problemsOf(cloud: SimulatedCloud, base: Baseline): Promise<readonly string[]> {
  const { setting, diagnosis: whole } = base
  const found: string[] = []
  for (const field of await fieldsOf(cloud, base)) {
    const [action = '', path = ''] = field.split(' ')
    const { diagnosis } = await cloud.diagnose(setting.world, {
      clb: setting.clb,
      faults: { [action]: nulled(path) },
    })
    const wrong = newCertainties(whole, diagnosis)
    if (diagnosis.verdict === 'healthy' && whole.verdict !== 'healthy')
      wrong.push(`healthy, but it is ${whole.verdict}`)
    for (const text of wrong) found.push(`${setting.name}, ${field} null: ${text}`)
  }
  return found
}

/** One of each sort: groups, ACLs, machines, IPv6, services, CCN in both directions, classic, clusters and healthy. */
const SCENARIOS = [
  'sg-blocks-vip',
  'acl-denies-inbound',
  'instance-stopped',
  'ipv6',
  'target-group',
  'redis-group',
  'idc-firewall',
  'cross-region-no-return',
  'classic-private-group',
  'ipvs-loopback',
  'service-down',
  'healthy',
]

it('no cause becomes more certain and no verdict becomes healthy if any one field is null', async () => {
  const settings = scenarioSettings().filter(({ name }) => SCENARIOS.includes(name))
  expect(settings.map(({ name }) => name).sort()).toEqual([...SCENARIOS].sort())
  const problems: string[] = []
  const left = [...settings]
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const cloud = await openCloud(shop().world, { over: 'memory' })
      for (let setting = left.shift(); setting; setting = left.shift())
        problems.push(...(await problemsOf(cloud, await baselineOf(cloud, setting))))
      await cloud.close()
    }),
  )
  expect(problems.sort()).toEqual([])
}, 300_000)
