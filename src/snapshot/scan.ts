import { type CallOptions, CloudError, type CloudSession, readAll, readFact } from '../cloud/index.ts'
import { statusIn } from '../model/diagnosis.ts'
import { type Fact, known, mapped, ok, unread } from '../model/fact.ts'
import type { HealthRecord, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { listed } from './collect.ts'
import { text, upper } from './fields.ts'
import { readSnapshot } from './index.ts'
import { after, type Entry, NOTHING_READ } from './known.ts'
import { readHealthOfMany } from './listeners.ts'
import { translate } from './load-balancer.ts'

/** One CLB of a scan, as the first look shows it. */
export interface ScanMember {
  readonly region: string
  readonly loadBalancer: LoadBalancer
  /** Backends that were Dead at the first look; null if that was not read. */
  readonly dead: number | null
}

export interface ScanMembers {
  /** In the order in which they are examined: those with Dead backends first, then by region and list. */
  readonly members: readonly ScanMember[]
  /** How many CLBs each region has, or why that could not be read. */
  readonly regions: ReadonlyMap<string, Fact<number>>
  /** Takes one snapshot after the other, several at once. Keeps nothing of a snapshot after `each` was called. */
  examine(each: (member: ScanMember, snapshot: Snapshot) => void, when: Examination): Promise<void>
}

export interface Examination {
  /** ISO 8601. */
  readonly now: () => string
  /** Ends it. `each` does not get snapshots that were not finished by then. */
  readonly signal: AbortSignal
}

type Health = Entry<readonly HealthRecord[]>

/** Enough to use the full rate of calls that take one CLB each while other calls are waited for. */
const UNDER_WAY = 60
/**
 * The last of so many CLBs has its turn some 20 s after the first look. With more, what was read first would be old.
 */
const FRESH_FOR = 300
const PER_HEALTH_CALL = 30

/**
 * All CLBs of these regions and the health of their backends: 100 and 30 a call. It is known within seconds who has
 * Dead backends, so a scan that is cut short has looked at those.
 * @throws CredentialsError
 */
export async function findScanMembers(cloud: CloudSession, regions: readonly string[]): Promise<ScanMembers> {
  const lists = await Promise.all(
    regions.map(async (region) => [region, await readFact(readBalancers(cloud, region))] as const),
  )
  const seen = (
    await Promise.all(lists.map(([region, fact]) => firstLook(cloud, region, known(fact) ?? [])))
  ).flat()
  const isSmall = seen.length <= FRESH_FOR
  const order = seen.toSorted((a, b) => rank(a) - rank(b))
  const members = order.map(({ member }) => member)
  const batches = batchesOf(members)
  const health = new Map(isSmall ? order.map((one) => [one.member, one.health]) : [])
  return {
    members,
    regions: new Map(lists.map(([region, fact]) => [region, mapped(fact, ({ length }) => length)])),
    async examine(each, { now, signal }) {
      let next = 0
      const work = async (): Promise<void> => {
        for (let member = members[next++]; member && !signal.aborted; member = members[next++]) {
          const own = isSmall ? (health.get(member) ?? null) : await batches.healthOf(cloud, member)
          health.delete(member)
          const { loadBalancer, region } = member
          const snapshot = await readSnapshot(
            cloud,
            { loadBalancerId: loadBalancer.id, vip: null, vpcId: null, numericVpcId: null },
            region,
            { takenAt: now(), alarmedAt: null, isFiring: false, patience: async () => {} },
            { loadBalancer: { fact: ok(loadBalancer), depth: listedIn(region).wave }, health: own },
          )
          if (signal.aborted) return
          each(member, snapshot)
        }
      }
      await Promise.all(Array.from({ length: UNDER_WAY }, work))
    },
  }
}

interface FirstLook {
  readonly member: ScanMember
  /** Null: classic CLBs have calls of their own for it. */
  readonly health: Health | null
}

const rank = ({ member: { dead, loadBalancer } }: FirstLook): number =>
  dead === null ? (loadBalancer.generation === 'classic' ? 1 : 2) : dead > 0 ? 0 : 2

async function firstLook(
  cloud: CloudSession,
  region: string,
  balancers: readonly LoadBalancer[],
): Promise<readonly FirstLook[]> {
  const ids = balancers.filter(isProbedByList).map(({ id }) => id)
  const health = await healthIn(cloud, region, ids)
  return balancers.map((loadBalancer) => {
    const own = health.get(loadBalancer.id) ?? null
    const records = known(own?.fact)
    const dead = records?.filter(({ detail }) => statusIn(detail) === 'Dead').length ?? null
    return { member: { region, loadBalancer, dead }, health: own }
  })
}

/** A region's CLBs are listed before anything else. */
const listedIn = (region: string): CallOptions => after(NOTHING_READ, region)

/** The health of CLBs that were listed. */
async function healthIn(
  cloud: CloudSession,
  region: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Health>> {
  const where = after(listedIn(region).wave, region)
  const facts = await readHealthOfMany(cloud, ids, where)
  return new Map([...facts].map(([id, fact]) => [id, { fact, depth: where.wave }]))
}

const isProbedByList = ({ generation }: LoadBalancer): boolean => generation === 'application'

/** Health once more, shortly before it is needed: 30 of a region at a time, in the order of examination. */
function batchesOf(members: readonly ScanMember[]) {
  interface Batch {
    readonly ids: string[]
    health: Promise<ReadonlyMap<string, Health>> | null
    left: number
  }
  const open = new Map<string, Batch>()
  const batchOf = new Map<ScanMember, Batch>()
  for (const member of members.filter(({ loadBalancer }) => isProbedByList(loadBalancer))) {
    let batch = open.get(member.region)
    if (!batch || batch.ids.length === PER_HEALTH_CALL) batch = { ids: [], health: null, left: 0 }
    open.set(member.region, batch)
    batch.ids.push(member.loadBalancer.id)
    batch.left += 1
    batchOf.set(member, batch)
  }
  return {
    async healthOf(cloud: CloudSession, member: ScanMember): Promise<Health | null> {
      const batch = batchOf.get(member)
      if (!batch) return null
      batch.health ??= healthIn(cloud, member.region, batch.ids)
      const health = (await batch.health).get(member.loadBalancer.id) ?? null
      batch.left -= 1
      if (batch.left === 0) batch.health = null
      return health
    },
  }
}

/** A list that changes between two pages looks incomplete, so it is read once more. */
async function readBalancers(cloud: CloudSession, region: string): Promise<readonly LoadBalancer[]> {
  const read = () =>
    readAll(
      cloud,
      'clb:DescribeLoadBalancers',
      { Offset: 0, Limit: 100 },
      listedIn(region),
      (answer) => ({ items: answer.LoadBalancerSet, total: answer.TotalCount }),
      ({ LoadBalancerId }) => LoadBalancerId,
    )
  const found = await read().catch((error: unknown) => {
    if (error instanceof CloudError && error.code === 'IncompleteList') return read()
    throw error
  })
  return found.map(translate)
}

/** Regions where CLB is sold, by the platform's own list (platform facts K). */
export async function readRegions(cloud: CloudSession): Promise<Fact<readonly string[]>> {
  const action = 'region:DescribeRegions'
  // The action belongs to no region. Every request has to name one.
  const asked = cloud.call(action, { Product: 'clb' }, listedIn('ap-guangzhou'))
  const fact = await readFact(asked.then((answer) => listed(action, answer.RegionSet, answer.TotalCount)))
  if (fact.state !== 'ok') return fact
  const names = fact.value
    .filter(({ RegionState }) => upper(RegionState) === 'AVAILABLE')
    .flatMap(({ Region }) => text(Region) ?? [])
  if (names.length > 0) return { state: 'ok', value: [...new Set(names)].sort() }
  const message = 'the list of regions is empty'
  return unread({ problem: 'malformed', action, code: 'NoRegion', message })
}
