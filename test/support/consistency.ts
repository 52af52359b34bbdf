import type { Diagnosis, Finding, HopStage, Pool, Target } from '../../src/model/diagnosis.ts'
import { endpointOf, poolName } from '../../src/model/endpoint.ts'
import { repeatedIn } from './thrice.ts'

// These rules hold for every diagnosis. Two findings never state different values of one fact. No target behind a cause is
// Alive. Every Dead target is explained or in a gap.
// No two findings make one claim about different things.

/** One value of one fact, and its source. */
interface Statement {
  readonly fact: string
  readonly value: string
  readonly by: string
}

interface Placed {
  readonly pool: Pool
  readonly target: Target
}

const STAGES: Readonly<Record<string, HopStage>> = {
  'security-group/probe-blocked': 'security-group',
  'security-group/probe-partly-blocked': 'security-group',
  'managed-service/group-blocks-probe': 'security-group',
  'managed-service/group-partly-blocks-probe': 'security-group',
  'network-acl/probe-blocked': 'acl-in',
  'network-acl/probe-partly-blocked': 'acl-in',
  'managed-service/acl-blocks-probe': 'acl-in',
  'network-acl/reply-blocked': 'acl-out',
  'network-acl/reply-partly-blocked': 'acl-out',
  'managed-service/acl-blocks-reply': 'acl-out',
}

/** Empty if the diagnosis does not contradict itself. */
export function contradictionsIn(diagnosis: Diagnosis): readonly string[] {
  const placed = diagnosis.pools.flatMap((pool) => pool.targets.map((target) => ({ pool, target })))
  const statements = [
    ...placed.flatMap(targetStatements),
    ...diagnosis.pools.flatMap(poolStatements),
    ...diagnosis.findings.flatMap((finding) => findingStatements(finding, placed)),
    {
      fact: 'SNAT IPs',
      value: String((diagnosis.loadBalancer?.snatIps ?? []).length > 0),
      by: 'loadBalancer',
    },
  ]
  return [
    ...disagreements(statements),
    ...aliveBehindCauses(diagnosis.findings, placed),
    ...unexplained(diagnosis, placed),
    ...repeatedIn(diagnosis).map((claim) => `told twice: ${claim}`),
  ]
}

function disagreements(statements: readonly Statement[]): readonly string[] {
  const first = new Map<string, Statement>()
  return statements.flatMap((one) => {
    const other = first.get(one.fact)
    if (!other) first.set(one.fact, one)
    return other && other.value !== one.value
      ? [`${one.fact}: ${other.value} (${other.by}), ${one.value} (${one.by})`]
      : []
  })
}

const targetStatements = ({ target }: Placed): readonly Statement[] => [
  { fact: `status of ${target.key}`, value: target.status, by: 'pools' },
  ...target.path.map(({ stage, verdict }) => ({
    fact: `${stage} before ${target.key}`,
    value: verdict,
    by: 'pools',
  })),
]

const idOf = (pool: Pool): string => pool.locationId ?? pool.listenerId

const poolStatements = (pool: Pool): readonly Statement[] => [
  { fact: `fallback of ${idOf(pool)}`, value: String(pool.fallback), by: 'pools' },
  { fact: `targets in ${idOf(pool)}`, value: String(pool.targets.length > 0), by: 'pools' },
  { fact: `dead in ${idOf(pool)}`, value: String(pool.counts.dead), by: 'pools' },
  {
    fact: `dead in ${idOf(pool)}`,
    value: String(pool.targets.filter(({ status }) => status === 'Dead').length),
    by: 'targets',
  },
]

/** Reasons of instance-state that say nothing about the state of a machine. */
const NO_STATES: readonly string[] = ['one-zone', 'no-public-bandwidth']

function findingStatements(finding: Finding, placed: readonly Placed[]): readonly Statement[] {
  const { code, explains, contradictedBy, resources, evidence } = finding
  const by = `${finding.id} ${code}`
  const [check, reason = ''] = code.split('/')
  const id = resources[0]?.id ?? ''
  const state = (fact: string, value: string): Statement => ({ fact, value, by })
  const byCode: Readonly<Record<string, readonly Statement[]>> = {
    'all-backends-down/fallback-active': [state(`fallback of ${id}`, 'true')],
    'all-backends-down/one-left': [state(`fallback of ${id}`, 'false')],
    'pool-membership/no-targets': [state(`targets in ${id}`, 'false')],
    'pool-membership/all-weights-zero': [state(`fallback of ${id}`, 'false')],
    'snat/no-snat-ip': [state('SNAT IPs', 'false')],
    'snat/confirm-idc-firewall': [state('SNAT IPs', 'true')],
    'snat/snat-subnet-acl': [state('SNAT IPs', 'true')],
  }
  return [
    ...explains.map((key) => state(`status of ${key}`, 'Dead')),
    ...contradictedBy.map((key) => state(`status of ${key}`, 'Alive')),
    ...(check === 'instance-state' && !NO_STATES.includes(reason) ? [state(`state of ${id}`, reason)] : []),
    ...(byCode[code] ?? []),
    ...evidence.flatMap(({ source, fact, value }) =>
      typeof value === 'object' && value !== null ? [] : [state(`${source} ${fact} of ${id}`, String(value))],
    ),
    ...evidence
      .filter(({ fact }) => fact === 'HealthStatusDetail')
      .flatMap(({ value }) => statusesIn(value, explains, placed).map(([key, status]) => state(key, status))),
    ...hopsOf(finding, placed).map(([fact, value]) => state(fact, value)),
  ]
}

/** Evidence names an endpoint, and its pool if several pools have it. Only targets that the finding explains count. */
const statusesIn = (
  value: unknown,
  explains: readonly string[],
  placed: readonly Placed[],
): readonly (readonly [string, string])[] =>
  Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(([endpoint, status]) =>
    placed
      .filter(({ pool, target }) => explains.includes(target.key) && isNamed(endpoint, pool, target))
      .map(({ target }) => [`status of ${target.key}`, String(status)] as const),
  )

const isNamed = (name: string, pool: Pool, target: Target): boolean =>
  name === endpointOf(target) || name === `${poolName(pool)} ${endpointOf(target)}`

/** The path of a target has the same block as a finding that explains the target or that the target contradicts. */
function hopsOf(finding: Finding, placed: readonly Placed[]): readonly (readonly [string, string])[] {
  const stage = STAGES[finding.code]
  if (!stage) return []
  const keys = new Set([...finding.explains, ...finding.contradictedBy])
  return placed
    .filter(({ target }) => keys.has(target.key))
    .flatMap(({ target }) => {
      const hop = target.path.find((one) => one.stage === stage)
      // The finding is only true for the other reading of the port. The hop itself passes.
      if (hop?.verdict === 'pass' && finding.certainty === 'possible') return []
      const partly =
        finding.code.includes('partly') || (stage !== 'security-group' && hop?.verdict === 'partial')
      return [[`${stage} before ${target.key}`, partly ? 'partial' : 'block'] as const]
    })
}

/** The implicit deny of several groups is another rule than that of one of them. */
const isSameDefault = ({ code, resources }: Finding, { securityGroupIds }: Placed['target']): boolean =>
  !code.startsWith('security-group/') ||
  resources[0]?.ruleIndex !== null ||
  resources.length === new Set(securityGroupIds).size

/** Alive targets behind a rule, or on a machine, that is the cause for Dead targets of the same class. */
function aliveBehindCauses(findings: readonly Finding[], placed: readonly Placed[]): readonly string[] {
  return findings
    .filter(({ role }) => role === 'cause')
    .flatMap((cause) => {
      const [resource] = cause.resources
      const stage = cause.code.includes('partly') ? undefined : STAGES[cause.code]
      const classes = new Set(placed.filter(({ target }) => cause.explains.includes(target.key)).map(classOf))
      const alive = placed.filter(({ target }) => target.status === 'Alive')
      const behind = alive.filter(({ pool, target }) => {
        if (cause.code.startsWith('instance-state/') && resource?.type === 'cvm')
          // Nothing documents that pods need the public bandwidth of their node.
          return (
            target.instanceId === resource.id &&
            (!cause.code.endsWith('/no-public-bandwidth') || target.type === 'CVM')
          )
        const hop = target.path.find((one) => one.stage === stage)
        return (
          hop?.verdict === 'block' &&
          hop.decidedBy?.id === resource?.id &&
          hop.decidedBy?.ruleIndex === resource?.ruleIndex &&
          isSameDefault(cause, target) &&
          classes.has(classOf({ pool, target }))
        )
      })
      return [
        ...cause.contradictedBy.map((key) => `${cause.code} is a cause that ${key} contradicts`),
        ...behind.map(({ target }) => `${cause.code} is a cause, yet ${target.key} is Alive behind it`),
      ]
    })
}

/** A block under one documented reading of a port is not comparable with a block under both readings. */
const classOf = ({ pool, target }: Placed): string =>
  `${pool.probe.via} ${target.type} ${target.path.some(({ detail }) => /both ways|文档两说/.test(detail ?? ''))}`

function unexplained({ findings, gaps }: Diagnosis, placed: readonly Placed[]): readonly string[] {
  const explained = new Set(findings.flatMap(({ explains }) => explains))
  const open = gaps.map(({ what }) => what).join()
  // A sentence names at most six targets, and counts the others.
  const counted = gaps.filter(({ what, byHand }) => byHand && /and \d+ more|等 \d+ 项/.test(what))
  const isCounted = (pool: Pool): boolean =>
    counted.some(({ what }) => pool.targets.some((target) => what.includes(endpointOf(target))))
  return placed
    .filter(
      ({ pool, target: { key, ip, status } }) =>
        status === 'Dead' && !explained.has(key) && !open.includes(ip) && !isCounted(pool),
    )
    .map(({ target }) => `${target.key} is Dead, neither explained nor in a gap`)
}
