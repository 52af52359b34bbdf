import { type Draft, tccli } from '../../checks/index.ts'
import { chunksOf } from '../../model/chunks.ts'
import type { Change, Fix, FixCommand } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { isIpv6 } from '../../model/ip.ts'
import type { Language } from '../../model/language.ts'
import type { AuditEvent, AuditedTarget } from '../../model/snapshot.ts'
import { isManagedByTke } from '../../model/tke.ts'
import { type EvaluatedPool, operationsOn, type Paths } from '../../path/index.ts'
import { listed, t } from '../../text/index.ts'
import { askedFirst } from './asked-first.ts'
import { changeBy } from './making.ts'
import { TEXTS } from './texts.ts'

/** The most backends that one call binds or weights (SDK RegisterTargetsRequest). */
const MOST = 20
const MOST_NAMED = 10
const DEFAULT_WEIGHT = 10

/** A backend whose last operation unbound it or set its weight to 0. */
interface Lost {
  readonly pool: EvaluatedPool
  readonly target: AuditedTarget
  readonly change: Change
  /** Null if the log does not say. */
  readonly weight: number | null
}

/**
 * Binds backends again that somebody unbound, or gives them their weight back. Null if nobody did within the hour, if a
 * later operation is not understood, or if TKE's controller decides. No evaluation tells whether they are healthy.
 */
export function backendsUndo({ code, resources }: Draft, read: Paths, language: Language): Fix | null {
  const { balancer, pools } = read
  if (balancer?.generation !== 'application' || isManagedByTke(balancer)) return null
  const own = pools.filter((pool) => resources.some(({ id }) => id === idOf(pool)))
  switch (code) {
    case 'pool-membership/no-targets':
      return boundAgain(
        own.flatMap((pool) => unboundFrom(pool, read)),
        read,
        language,
      )
    case 'pool-membership/all-weights-zero':
      return weightedAgain(
        own.flatMap((pool) => zeroedIn(pool, read)),
        read,
        language,
      )
    default:
      return null
  }
}

const idOf = ({ listenerId, locationId }: EvaluatedPool): string => locationId ?? listenerId

const unboundFrom = (pool: EvaluatedPool, read: Paths): readonly Lost[] =>
  lostFrom(pool, read, 'targets-removed', () => true).filter(
    ({ target }) => !pool.targets.some((one) => isSame(target, one)),
  )

const zeroedIn = (pool: EvaluatedPool, read: Paths): readonly Lost[] =>
  lostFrom(pool, read, 'weights-set', ({ weight }) => weight === 0).filter(({ target }) =>
    pool.targets.some((one) => isSame(target, one) && one.weight === 0),
  )

/** The backends of a pool whose last operation is of this kind, and what the log says of their weight before. */
function lostFrom(
  pool: EvaluatedPool,
  { snapshot, changes }: Paths,
  kind: 'targets-removed' | 'weights-set',
  isMeant: (target: AuditedTarget) => boolean,
): readonly Lost[] {
  const id = idOf(pool)
  const newest = operationsOn(snapshot, id)
    .filter(({ event }) => event.includes('Target'))
    .toReversed()
  const unclear = newest.findIndex((one) => targetsIn(one, id) === null)
  const known = unclear < 0 ? newest : newest.slice(0, unclear)
  const seen = new Set<string>()
  return known.flatMap((operation, i) =>
    (targetsIn(operation, id) ?? []).flatMap((target): readonly Lost[] => {
      const key = keyOf(target)
      if (seen.has(key)) return []
      seen.add(key)
      const change = changeBy(changes, id, operation)
      // Of two operations in one second it is not known which came first.
      const isTied = newest
        .slice(i + 1)
        .some(
          (one) =>
            one.at === operation.at && targetsIn(one, id)?.every((other) => keyOf(other) !== key) !== true,
        )
      if (operation.edit?.kind !== kind || !isMeant(target) || !change || isTied) return []
      return [{ pool, target, change, weight: weightBefore(known.slice(i + 1), id, target) }]
    }),
  )
}

/** The backends of the pool that an operation names. Null if it is not understood. */
function targetsIn({ edit }: AuditEvent, id: string): readonly AuditedTarget[] | null {
  if (!edit || !('targets' in edit)) return null
  return edit.targets.filter(({ poolId }) => poolId === id)
}

const keyOf = ({ instanceId, ip, port }: AuditedTarget): string => `${instanceId ?? ip} ${port}`

function weightBefore(earlier: readonly AuditEvent[], id: string, target: AuditedTarget): number | null {
  for (const operation of earlier) {
    const own = targetsIn(operation, id)?.find((one) => keyOf(one) === keyOf(target))
    if (own && (own.weight === null || own.weight > 0)) return own.weight
  }
  return null
}

const isSame = (
  { instanceId, ip, port }: AuditedTarget,
  one: { readonly instanceId: string | null; readonly ip: string; readonly port: number },
): boolean => port === one.port && (instanceId === null ? ip === one.ip : instanceId === one.instanceId)

function boundAgain(lost: readonly Lost[], read: Paths, language: Language): Fix | null {
  if (lost.length === 0) return null
  const summary = t(
    TEXTS.backends.bound,
    { count: lost.length, list: listOf(lost, language), note: noteOf(lost, language) },
    language,
  )
  return {
    kind: 'restore',
    summary: `${summary}${askedFirst(changesOf(lost), language)}`,
    commands: commandsFor('clb RegisterTargets', lost, read),
    verified: false,
  }
}

/** Without the weight of before in the log, another weight is an opening and takes nothing back. */
function weightedAgain(lost: readonly Lost[], read: Paths, language: Language): Fix | null {
  if (lost.length === 0) return null
  const isLogged = lost.every(({ weight }) => weight !== null)
  const summary = t(
    TEXTS.backends[isLogged ? 'weighted' : 'raised'],
    { count: lost.length, list: listOf(lost, language), note: noteOf(lost, language) },
    language,
  )
  return {
    kind: isLogged ? 'restore' : 'settings',
    summary: `${summary}${askedFirst(changesOf(lost), language)}`,
    commands: commandsFor('clb ModifyTargetWeight', lost, read),
    verified: false,
  }
}

const changesOf = (lost: readonly Lost[]): readonly Change[] => lost.map(({ change }) => change)

/** `ins-00000016:8080 → 20` */
const listOf = (lost: readonly Lost[], language: Language): string =>
  listed(
    lost.map(({ target: { instanceId, ip, port }, weight }) => {
      const name = instanceId === null ? endpointOf({ ip: ip ?? '', port }) : `${instanceId}:${port}`
      return weight === null ? name : t(TEXTS.backends.weight, { name, weight }, language)
    }),
    language,
    MOST_NAMED,
  )

const noteOf = (lost: readonly Lost[], language: Language): string =>
  lost.some(({ weight }) => weight === null)
    ? t(TEXTS.backends.unlogged, { weight: DEFAULT_WEIGHT }, language)
    : ''

function commandsFor(
  action: string,
  lost: readonly Lost[],
  { snapshot: { region, loadBalancerId } }: Paths,
): readonly FixCommand[] {
  return [...new Set(lost.map(({ pool }) => pool))].flatMap((pool) => {
    const targets = lost
      .filter((one) => one.pool === pool)
      .map(({ target: { instanceId, ip, port }, weight }) => ({
        ...(instanceId === null || (ip !== null && isIpv6(ip)) ? { EniIp: ip } : { InstanceId: instanceId }),
        Port: port,
        Weight: weight ?? DEFAULT_WEIGHT,
      }))
    return chunksOf(targets, MOST).map((some) =>
      tccli(action, region, {
        LoadBalancerId: loadBalancerId,
        ListenerId: pool.listenerId,
        ...(pool.locationId === null ? {} : { LocationId: pool.locationId }),
        Targets: some,
      }),
    )
  })
}
