import {
  type CallOptions,
  CloudError,
  type CloudSession,
  INCOMPLETE_LIST,
  readAll,
  readFact,
} from '../cloud/index.ts'
import { statusIn } from '../model/diagnosis.ts'
import { type Fact, known, mapped, ok, unread } from '../model/fact.ts'
import type { HealthRecord, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { listed } from './collect.ts'
import { text, upper } from './fields.ts'
import { readSnapshot } from './index.ts'
import { after, type ClusterReading, type Entry, NOTHING_READ } from './known.ts'
import { readHealthOfMany } from './listeners.ts'
import { translate } from './load-balancer.ts'

/** One CLB of a scan after the first look. */
export interface ScanMember {
  readonly region: string
  readonly loadBalancer: LoadBalancer
  /** The number of Dead backends at the first look. Null if that was not read. */
  readonly dead: number | null
}

export interface ScanMembers {
  /** In the order of examination: first CLBs with Dead backends, then by region and list. */
  readonly members: readonly ScanMember[]
  /** The number of CLBs in each region, or why it could not be read. */
  readonly regions: ReadonlyMap<string, Fact<number>>
  /** Takes a snapshot of each CLB, several at once. Keeps nothing of a snapshot after `each` has run. */
  examine(each: (member: ScanMember, snapshot: Snapshot) => void, when: Examination): Promise<void>
}

export interface Examination {
  /** The time as ISO 8601. */
  readonly now: () => string
  /** Stops the scan. Snapshots that are not finished by then do not reach `each`. */
  readonly signal: AbortSignal
  /** Left out: there is no kubeconfig. */
  readonly cluster?: ClusterReading
}

type Health = Entry<readonly HealthRecord[]>

/** Enough snapshots at once to use the full rate of the calls that take one CLB each, while other calls wait. */
const CONCURRENT_SNAPSHOTS = 60
/**
 * With so many CLBs, the last one is examined about 20 s after the first look. With more, its first health would be too
 * old.
 */
const SMALL_SCAN = 300
const PER_HEALTH_CALL = 30

/**
 * Lists all CLBs of these regions, 100 per call, and the health of their backends, 30 per call. CLBs with Dead backends
 * are known within seconds and come first, so a scan that is cut short has examined them.
 * @throws CredentialsError
 */
export async function findScanMembers(cloud: CloudSession, regions: readonly string[]): Promise<ScanMembers> {
  const lists = await Promise.all(
    regions.map(async (region) => [region, await readFact(readBalancers(cloud, region))] as const),
  )
  const seen = (
    await Promise.all(lists.map(([region, fact]) => firstLook(cloud, region, known(fact) ?? [])))
  ).flat()
  const isSmall = seen.length <= SMALL_SCAN
  const order = seen.toSorted((a, b) => rank(a) - rank(b))
  const members = order.map(({ member }) => member)
  const batches = batchesOf(members)
  const health = new Map(isSmall ? order.map((one) => [one.member, one.health]) : [])
  return {
    members,
    regions: new Map(lists.map(([region, fact]) => [region, mapped(fact, ({ length }) => length)])),
    async examine(each, { now, signal, cluster }) {
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
            {
              takenAt: now(),
              alarmedAt: null,
              isFiring: false,
              recoveredAt: null,
              patience: async () => {},
              ...(cluster ? { cluster } : {}),
            },
            { loadBalancer: { fact: ok(loadBalancer), depth: listedIn(region).wave }, health: own },
          )
          if (signal.aborted) return
          each(member, snapshot)
        }
      }
      await Promise.all(Array.from({ length: CONCURRENT_SNAPSHOTS }, work))
    },
  }
}

interface FirstLook {
  readonly member: ScanMember
  /** Null for classic CLBs, because the list action does not serve them. */
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

/** The health of listed CLBs. */
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

/** Reads health again shortly before a CLB is examined: 30 CLBs of a region at once, in the order of examination. */
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
    if (error instanceof CloudError && error.code === INCOMPLETE_LIST) return read()
    throw error
  })
  return found.map(translate)
}

/** The regions that sell CLB, from the platform's own list (platform facts K). */
export async function readRegions(cloud: CloudSession): Promise<Fact<readonly string[]>> {
  const action = 'region:DescribeRegions'
  // The action is global, but every request must name a region.
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
