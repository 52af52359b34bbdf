import type { CloudSession } from '../cloud/cloud.ts'
import { CloudError } from '../cloud/errors.ts'
import { readFact } from '../cloud/fact.ts'
import { readAll } from '../cloud/paging.ts'
import { type Fact, known, unread } from '../model/fact.ts'
import type { HealthRecord, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { listed } from './collect.ts'
import { text, upper } from './fields.ts'
import { readSnapshot } from './index.ts'
import { readHealthOfMany } from './listeners.ts'
import { translate } from './load-balancer.ts'

/** One CLB of the fleet, as the first look shows it. */
export interface ScanMember {
  readonly region: string
  readonly loadBalancer: LoadBalancer
  /** Backends that were Dead at the first look; null where that was not read. */
  readonly dead: number | null
}

export interface ScanMembers {
  /** In the order in which they are examined: those with Dead backends first, then by region and list. */
  readonly members: readonly ScanMember[]
  /** How many CLBs each region has, or why that could not be read. */
  readonly regions: ReadonlyMap<string, Fact<number>>
  /** Takes one snapshot after the other, several under way at once; nothing of one is kept after `each` was called. */
  examine(each: (member: ScanMember, snapshot: Snapshot) => void, when: Examination): Promise<void>
}

export interface Examination {
  /** ISO 8601. */
  readonly now: () => string
  /** Ends it; what was not finished by then is not given to `each`. */
  readonly signal: AbortSignal
}

type Health = Fact<readonly HealthRecord[]>

/** Enough to keep the calls that take one CLB each at their rate while others of its calls are waited for. */
const UNDER_WAY = 60
/** What the first look read of so many is not old when the last has its turn, some 20 s later; of more, it would be. */
const FRESH_FOR = 300
const PER_HEALTH_CALL = 30

/**
 * All CLBs of these regions and the health of their backends: 100 and 30 a call. Who has Dead backends is known within
 * seconds, so that a scan that is cut short has looked at those.
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
    regions: new Map(
      lists.map(([region, fact]) => [
        region,
        fact.state === 'ok' ? { ...fact, value: fact.value.length } : fact,
      ]),
    ),
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
            { loadBalancer, health: own },
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
  const health = await readHealthOfMany(cloud, ids, { region, wave: 2 })
  return balancers.map((loadBalancer) => {
    const own = health.get(loadBalancer.id) ?? null
    const records = known(own ?? undefined)
    const dead = records?.filter(({ detail }) => detail?.toLowerCase() === 'dead').length ?? null
    return { member: { region, loadBalancer, dead }, health: own }
  })
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
      batch.health ??= readHealthOfMany(cloud, batch.ids, { region: member.region, wave: 2 })
      const health = (await batch.health).get(member.loadBalancer.id) ?? null
      batch.left -= 1
      if (batch.left === 0) batch.health = null
      return health
    },
  }
}

/** A list that changed between its pages looks incomplete: it is read once more. */
async function readBalancers(cloud: CloudSession, region: string): Promise<readonly LoadBalancer[]> {
  const read = () =>
    readAll(
      cloud,
      'clb:DescribeLoadBalancers',
      { Offset: 0, Limit: 100 },
      { region, wave: 1 },
      (answer) => ({ items: answer.LoadBalancerSet, total: answer.TotalCount }),
      ({ LoadBalancerId }) => LoadBalancerId ?? '',
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
  // The action is not of a region; one is sent because every request names one.
  const asked = cloud.call(action, { Product: 'clb' }, { region: 'ap-guangzhou', wave: 1 })
  const fact = await readFact(asked.then((answer) => listed(action, answer.RegionSet, answer.TotalCount)))
  if (fact.state !== 'ok') return fact
  const names = fact.value
    .filter(({ RegionState }) => upper(RegionState) === 'AVAILABLE')
    .flatMap(({ Region }) => text(Region) ?? [])
  if (names.length > 0) return { state: 'ok', value: [...new Set(names)].sort() }
  const message = 'the list of regions is empty'
  return unread({ problem: 'malformed', action, code: 'NoRegion', message })
}
