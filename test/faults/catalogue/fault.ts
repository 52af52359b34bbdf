import type { TargetKey } from '../../../src/model/diagnosis.ts'
import { homeOf, type Status, statusOf } from '../../../src/simulator/packets.ts'
import type { Backend, Balancer, Listener, Rule, World } from '../../../src/simulator/world.ts'
import { CASE } from '../healthy.ts'
import type { Random } from '../random.ts'

/** A backend as one world has it. */
export interface Target {
  readonly key: TargetKey
  readonly listener: Listener
  readonly rule: Rule
  readonly backend: Backend
  readonly home: ReturnType<typeof homeOf>
  /** Worked out from packets when it is first asked for. */
  status(): Status
}

/** A CLB, looked at once. */
export interface Site {
  readonly world: World
  readonly front: Balancer
  readonly targets: readonly Target[]
}

/**
 * What a fault is for the one who diagnoses it.
 * - `gate`: rules that drop packets; which of them decide is told by the packets
 * - `machine`, `way`: some backends cannot answer, for a reason that the API shows
 * - `suspect`: a setting that could be it, and is
 * - `state`: a state worth telling, whatever the backends' health
 * - `hidden`: what goes on inside a guest, which the API does not show
 */
export type Kind = 'gate' | 'machine' | 'way' | 'suspect' | 'state' | 'hidden'

export interface Injection {
  readonly code: string
  readonly kind: Kind
  /** For people who look at a case. */
  readonly what: string
  /** What it changes: two faults never change the same. */
  readonly subject: string
  apply(world: World): void
  /** Ids of what decides, in any order; of a gate, the packets tell. */
  readonly resources?: readonly string[]
  readonly role?: 'cause' | 'risk' | 'note'
  /** The highest certainty that the facts allow; `possible` for suspects. */
  readonly ceiling?: 'certain' | 'likely' | 'possible'
  /** Of which of the Dead it can be told; of all, when left out. */
  readonly tells?: (target: Target, site: Site) => boolean
  /** Would it keep a backend Dead that another fault added? */
  readonly adds?: (target: Target) => boolean
  /** Codes that may be named beside it, as possible and no more. */
  readonly alsoPossible?: readonly string[]
}

/** Brings one fault about in a CLB; null where it has no place there. */
export interface Fault {
  readonly code: string
  inject(random: Random, site: Site): Injection | null
}

/** A classic CLB has no rules at any layer. */
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

/** In a data centre: not in the account. */
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

/** One of the values, or nothing where there are none. */
export const pickOr = <T>(random: Random, values: readonly T[]): T | null =>
  values.length > 0 ? random.pick(values) : null
