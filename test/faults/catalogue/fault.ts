import type { TargetKey } from '../../../src/model/diagnosis.ts'
import { homeOf, type Status, statusOf } from '../../../src/simulator/packets.ts'
import type { Backend, Balancer, Listener, Rule, World } from '../../../src/simulator/world.ts'
import { CASE } from '../healthy.ts'
import type { Random } from '../random.ts'

/** A backend in one world. */
export interface Target {
  readonly key: TargetKey
  readonly listener: Listener
  readonly rule: Rule
  readonly backend: Backend
  readonly home: ReturnType<typeof homeOf>
  /** Computed from packets at the first call. */
  status(): Status
}

/** A CLB in one world. */
export interface Site {
  readonly world: World
  readonly front: Balancer
  readonly targets: readonly Target[]
}

/**
 * How a diagnosis can see a fault.
 * - `gate`: rules that drop packets; the packets show which rule decides
 * - `machine`, `path`: some backends cannot answer, and the API shows the reason
 * - `suspect`: a setting that is a possible cause, and in this case it is the cause
 * - `state`: a state that must be reported even if all backends are healthy
 * - `unclear`: rules that drop packets; the API may leave open which ones
 * - `hidden`: a fault inside a guest, which the API does not show
 */
export type Kind = 'gate' | 'machine' | 'path' | 'suspect' | 'state' | 'unclear' | 'hidden'

export interface Injection {
  readonly code: string
  readonly kind: Kind
  /** A description for people who look at a case. */
  readonly what: string
  /** The thing that it changes. Two faults of one case never change the same thing. */
  readonly subject: string
  apply(world: World): void
  /** The ids that the finding must name, in any order. For a gate they come from the packets. */
  readonly resources?: readonly string[]
  /** The same, if other faults of the case change them. */
  readonly resourcesIn?: (site: Site) => readonly string[]
  /** For a fault of a machine or address. Those with one code and state are one finding. */
  readonly state?: string
  readonly role?: 'cause' | 'risk' | 'note'
  /** The highest certainty that the facts allow. A suspect is `possible`. */
  readonly ceiling?: 'certain' | 'likely' | 'possible'
  /** True for each Dead backend that the finding can explain. Without it, the finding explains all. */
  readonly explains?: (target: Target, site: Site) => boolean
  /** True for a backend that another fault added, if this fault keeps it Dead too. */
  readonly adds?: (target: Target) => boolean
  /** Other codes that may be named as `possible`, but not with more certainty. */
  readonly alsoPossible?: readonly string[]
}

/** Puts one fault into a CLB. Returns null if the CLB has nothing that this fault fits. */
export interface Fault {
  readonly code: string
  inject(random: Random, site: Site): Injection | null
}

/** A classic CLB has no forwarding rules, not even for HTTP. */
export const isLayer7 = ({ protocol, rules }: Listener): boolean =>
  protocol.startsWith('HTTP') && rules.every(({ url }) => url !== null)

export const poolId = (listener: Listener, rule: Rule): string => (isLayer7(listener) ? rule.id : listener.id)

export function siteOf(world: World): Site {
  const front = frontOf(world)
  const targets = front.listeners.flatMap((listener) =>
    listener.rules.flatMap((rule) => {
      const group = world.targetGroups.find(({ id }) => id === rule.targetGroupId)
      return (group?.members ?? rule.backends).map((backend): Target => {
        let status: Status | null = null
        return {
          key: `${listener.id}/${isLayer7(listener) ? rule.id : '-'}/${backend.ip}:${backend.port}`,
          listener,
          rule,
          backend,
          home: homeOf(world, front, backend),
          status() {
            status ??= statusOf(world, front, listener, rule, backend)
            return status
          },
        }
      })
    }),
  )
  return { world, front, targets }
}

export function frontOf(world: World): Balancer {
  const front = world.balancers.find(({ id }) => id === CASE)
  if (!front) throw new Error(CASE)
  return front
}

export const isService = ({ home, backend }: Target): boolean =>
  home?.regionWorld.services.some(({ ip, vpcId }) => vpcId === home.vpcId && ip === backend.ip) === true

export const isPod = ({ backend }: Target): boolean => backend.type === 'GLOBALROUTE'

export const isNodePort = ({ backend }: Target): boolean =>
  backend.type === 'CVM' && backend.port >= 30_000 && backend.port <= 32_767

/** The backend is in a data centre, not in the account. */
export const isRemote = ({ home, backend }: Target): boolean => backend.type === 'CCN' && home === null

export interface PoolOf {
  readonly listener: Listener
  readonly rule: Rule
  readonly targets: readonly Target[]
}

export function poolsOf({ targets }: Site): readonly PoolOf[] {
  const pools = new Map<string, PoolOf & { targets: Target[] }>()
  for (const target of targets) {
    const { listener, rule } = target
    const pool = pools.get(rule.id) ?? { listener, rule, targets: [] }
    pool.targets.push(target)
    pools.set(rule.id, pool)
  }
  return [...pools.values()]
}

export const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

/** One of the values, or null if the list is empty. */
export const pickOr = <T>(random: Random, values: readonly T[]): T | null =>
  values.length > 0 ? random.pick(values) : null
