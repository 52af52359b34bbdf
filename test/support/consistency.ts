import type { Diagnosis, Finding, HopStage, Pool, Target } from '../../src/model/diagnosis.ts'
import { endpointOf, poolName } from '../../src/model/endpoint.ts'

// What holds for every diagnosis, whatever the world: no two findings state different things about one fact, no cause has
// an Alive target that it should have killed, and every Dead target is explained or in a gap.

/** One thing said about one fact, and by whom. */
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

/** Empty for a diagnosis that agrees with itself. */
export function contradictionsIn(diagnosis: Diagnosis): readonly string[] {
  const placed = diagnosis.pools.flatMap((pool) => pool.targets.map((target) => ({ pool, target })))
  const said = [
    ...placed.flatMap(saidOfTarget),
    ...diagnosis.pools.flatMap(saidOfPool),
    ...diagnosis.findings.flatMap((finding) => saidBy(finding, placed)),
    {
      fact: 'SNAT IPs',
      value: String((diagnosis.loadBalancer?.snatIps ?? []).length > 0),
      by: 'loadBalancer',
    },
  ]
  return [...disagreements(said), ...survivors(diagnosis.findings, placed), ...silence(diagnosis, placed)]
}

function disagreements(said: readonly Statement[]): readonly string[] {
  const first = new Map<string, Statement>()
  return said.flatMap((one) => {
    const other = first.get(one.fact)
    if (!other) first.set(one.fact, one)
    return other && other.value !== one.value
      ? [`${one.fact}: ${other.value} (${other.by}), ${one.value} (${one.by})`]
      : []
  })
}

const saidOfTarget = ({ target }: Placed): readonly Statement[] => [
  { fact: `status of ${target.key}`, value: target.status, by: 'pools' },
  ...target.path.map(({ stage, verdict }) => ({
    fact: `${stage} before ${target.key}`,
    value: verdict,
    by: 'pools',
  })),
]

const idOf = (pool: Pool): string => pool.locationId ?? pool.listenerId

const saidOfPool = (pool: Pool): readonly Statement[] => [
  { fact: `fallback of ${idOf(pool)}`, value: String(pool.fallback), by: 'pools' },
  { fact: `targets in ${idOf(pool)}`, value: String(pool.targets.length > 0), by: 'pools' },
  { fact: `dead in ${idOf(pool)}`, value: String(pool.counts.dead), by: 'pools' },
  {
    fact: `dead in ${idOf(pool)}`,
    value: String(pool.targets.filter(({ status }) => status === 'Dead').length),
    by: 'targets',
  },
]

function saidBy(finding: Finding, placed: readonly Placed[]): readonly Statement[] {
  const { code, explains, contradictedBy, resources, evidence } = finding
  const by = `${finding.id} ${code}`
  const [check, reason = ''] = code.split('/')
  const id = resources[0]?.id ?? ''
  const say = (fact: string, value: string): Statement => ({ fact, value, by })
  const of: Readonly<Record<string, readonly Statement[]>> = {
    'all-backends-down/fallback-active': [say(`fallback of ${id}`, 'true')],
    'all-backends-down/one-left': [say(`fallback of ${id}`, 'false')],
    'pool-membership/no-targets': [say(`targets in ${id}`, 'false')],
    'pool-membership/all-weights-zero': [say(`fallback of ${id}`, 'false')],
    'snat/no-snat-ip': [say('SNAT IPs', 'false')],
    'snat/confirm-idc-firewall': [say('SNAT IPs', 'true')],
    'snat/snat-subnet-acl': [say('SNAT IPs', 'true')],
  }
  return [
    ...explains.map((key) => say(`status of ${key}`, 'Dead')),
    ...contradictedBy.map((key) => say(`status of ${key}`, 'Alive')),
    ...(check === 'instance-state' ? [say(`state of ${id}`, reason)] : []),
    ...(of[code] ?? []),
    ...evidence.flatMap(({ source, fact, value }) =>
      typeof value === 'object' && value !== null ? [] : [say(`${source} ${fact} of ${id}`, String(value))],
    ),
    ...evidence
      .filter(({ fact }) => fact === 'HealthStatusDetail')
      .flatMap(({ value }) => statusesIn(value, explains, placed).map(([key, status]) => say(key, status))),
    ...hopsOf(finding, placed).map(([fact, value]) => say(fact, value)),
  ]
}

/** Evidence names an endpoint alone, or within the pool where it stands in several: what the finding explains is meant. */
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

/** A block that explains a target, or that a healthy one refutes, stands on the path of that target as just that. */
function hopsOf(finding: Finding, placed: readonly Placed[]): readonly (readonly [string, string])[] {
  const stage = STAGES[finding.code]
  if (!stage) return []
  const keys = new Set([...finding.explains, ...finding.contradictedBy])
  return placed
    .filter(({ target }) => keys.has(target.key))
    .flatMap(({ target }) => {
      const hop = target.path.find((one) => one.stage === stage)
      // Under the other reading of its port alone, the hop itself passes.
      if (hop?.verdict === 'pass' && finding.certainty === 'possible') return []
      const partly =
        finding.code.includes('partly') || (stage !== 'security-group' && hop?.verdict === 'partial')
      return [[`${stage} before ${target.key}`, partly ? 'partial' : 'block'] as const]
    })
}

/** Alive targets behind the very rule, or on the very machine, that is said to keep others of their kind Dead. */
function survivors(findings: readonly Finding[], placed: readonly Placed[]): readonly string[] {
  return findings
    .filter(({ role }) => role === 'cause')
    .flatMap((cause) => {
      const [resource] = cause.resources
      const stage = cause.code.includes('partly') ? undefined : STAGES[cause.code]
      const classes = new Set(placed.filter(({ target }) => cause.explains.includes(target.key)).map(classOf))
      const alive = placed.filter(({ target }) => target.status === 'Alive')
      const killed = alive.filter(({ pool, target }) => {
        if (cause.code.startsWith('instance-state/') && resource?.type === 'cvm')
          return target.instanceId === resource.id
        const hop = target.path.find((one) => one.stage === stage)
        return (
          hop?.verdict === 'block' &&
          hop.decidedBy?.id === resource?.id &&
          hop.decidedBy?.ruleIndex === resource?.ruleIndex &&
          classes.has(classOf({ pool, target }))
        )
      })
      return [
        ...cause.contradictedBy.map((key) => `${cause.code} is a cause that ${key} contradicts`),
        ...killed.map(({ target }) => `${cause.code} is a cause, yet ${target.key} is Alive behind it`),
      ]
    })
}

/** What only one documented reading of a port stops is no control for what both do. */
const classOf = ({ pool, target }: Placed): string =>
  `${pool.probe.via} ${target.type} ${target.path.some(({ detail }) => /both ways|文档两说/.test(detail ?? ''))}`

function silence({ findings, gaps }: Diagnosis, placed: readonly Placed[]): readonly string[] {
  const explained = new Set(findings.flatMap(({ explains }) => explains))
  const open = gaps.map(({ what }) => what).join()
  // A sentence names six at most, and counts the others.
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
