import type { Guest, HealthCheck } from '../../../src/simulator/world.ts'
import {
  type Fault,
  type Injection,
  isRemote,
  type PoolOf,
  pickOr,
  poolId,
  poolsOf,
  type Target,
} from './fault.ts'
import { checkIn, guestIn, ruleIn } from './things.ts'

// Health check settings that make healthy backends look Dead, and faults inside guests, which the API does not show.

export const isHttp = ({ type }: HealthCheck): boolean => type === 'HTTP' || type === 'HTTPS'

/** For backends in a data centre, a firewall is also a possible cause. */
const alsoFirewall = (targets: readonly Target[]): Pick<Injection, 'alsoPossible'> =>
  targets.some(isRemote) ? { alsoPossible: ['snat/confirm-idc-firewall'] } : {}

export interface Setting {
  readonly reason: string
  /** `machine`: no answer can meet the setting, so it is a cause and not only a suspect. */
  readonly kind: 'state' | 'suspect' | 'machine'
  readonly ceiling?: Injection['ceiling']
  readonly is: (check: HealthCheck, pool: PoolOf) => boolean
  readonly fields: Partial<HealthCheck>
  /** The domain of the rule, if that matters for the fault. */
  readonly domain?: string
  /** How the guests of the pool behave, if that matters for the fault. */
  readonly guests?: Partial<Guest>
}

const SETTINGS: readonly Setting[] = [
  {
    reason: 'timeout-not-below-interval',
    kind: 'state',
    is: () => true,
    fields: { timeout: 5, interval: 5 },
  },
  { reason: 'port-differs', kind: 'suspect', is: ({ type }) => type !== 'PING', fields: { port: 9099 } },
  {
    reason: 'host-missing',
    kind: 'suspect',
    is: ({ type }, { listener }) => type === 'HTTP' && listener.protocol === 'TCP',
    fields: { version: 'HTTP/1.1', host: null, codes: 2 },
  },
  { reason: 'codes-exclude-2xx', kind: 'suspect', is: isHttp, fields: { codes: 4 } },
  {
    reason: 'https-to-backend',
    kind: 'suspect',
    is: (check, { listener }) => isHttp(check) && listener.protocol === 'HTTPS',
    fields: { type: 'HTTPS' },
    guests: { plain: true },
  },
  {
    reason: 'method-head',
    kind: 'state',
    is: isHttp,
    fields: { method: 'HEAD', codes: 2 },
    guests: { head: 405 },
  },
]

export const settingFault = ({ reason, kind, ceiling, is, fields, domain, guests }: Setting): Fault => ({
  code: `health-check-config/${reason}`,
  inject(random, site) {
    // A classic CLB has no other settings than times and codes.
    if (site.front.classic && !['timeout-not-below-interval', 'codes-exclude-2xx'].includes(reason))
      return null
    const fitting = poolsOf(site).filter((one) => is(checkIn(site.world, one.rule), one))
    const pool = pickOr(random, fitting)
    if (!pool) return null
    const id = poolId(pool.listener, pool.rule)
    return {
      code: `health-check-config/${reason}`,
      kind,
      what: `${id}: its check has ${JSON.stringify(fields)}${guests ? `, its guests ${JSON.stringify(guests)}` : ''}`,
      subject: pool.rule.id,
      resources: [id],
      role: 'risk',
      ceiling: ceiling ?? 'possible',
      ...(kind === 'machine' ? { adds: (target: Target) => target.rule.id === pool.rule.id } : {}),
      ...alsoFirewall(pool.targets),
      apply(world) {
        Object.assign(checkIn(world, pool.rule), fields)
        if (domain !== undefined) ruleIn(world, pool.rule).domain = domain
        if (guests) for (const target of pool.targets) Object.assign(guestIn(world, target) ?? {}, guests)
      },
    }
  },
})

const guestFault = (
  code: string,
  is: (check: HealthCheck) => boolean,
  harm: (guest: Guest) => void,
): Fault => ({
  code: `guest/${code}`,
  inject(random, site) {
    const pool = pickOr(
      random,
      poolsOf(site).filter(({ rule }) => is(checkIn(site.world, rule))),
    )
    if (!pool) return null
    const hit = random.some(pool.targets, 1 + random.below(pool.targets.length))
    return {
      code: `guest/${code}`,
      kind: 'hidden',
      what: `${code} on ${hit.map(({ backend }) => backend.ip)}`,
      subject: pool.rule.id,
      ...alsoFirewall(hit),
      apply(world) {
        for (const own of hit.flatMap((target) => guestIn(world, target) ?? [])) harm(own)
      },
    }
  },
})

const any = (): boolean => true

export const settingFaults: readonly Fault[] = SETTINGS.map(settingFault)

/** For these faults the right answer is a gap: the API does not show the cause, and commands to run by hand do. */
export const guestFaults: readonly Fault[] = [
  guestFault('service-down', any, (own) => {
    Object.assign(own, { listens: [], ping: false })
  }),
  guestFault('firewall', any, (own) => {
    own.drops.push('0.0.0.0/0', '::/0')
  }),
  guestFault('slow', isHttp, (own) => {
    own.latencyMs = 60_000
  }),
  guestFault('wrong-status', isHttp, (own) => {
    own.http = 503
  }),
  guestFault(
    'other-address',
    ({ type }) => type !== 'PING',
    (own) => {
      for (const socket of own.listens) socket.address = '127.0.0.1'
    },
  ),
]
