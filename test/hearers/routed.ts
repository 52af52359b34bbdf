import { loadConfig } from '../../src/app/config.ts'
import type { AppContext } from '../../src/app/context.ts'
import { createContext } from '../../src/app/create.ts'
import { commitLook } from '../../src/app/incidents/commit.ts'
import { runDue } from '../../src/app/incidents/due.ts'
import { hear } from '../../src/app/incidents/persons.ts'
import { readOne } from '../../src/app/incidents/records.ts'
import { tellDue } from '../../src/app/incidents/tell.ts'
import { outboxOf } from '../../src/delivery/index.ts'
import type { Delivery, Outcome, Receiver } from '../../src/delivery/receiver.ts'
import { type Incident, withOthers } from '../../src/incidents/index.ts'
import { type Alarm, clbKey } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { IncidentNotice } from '../../src/model/incident.ts'
import { silentLog } from '../../src/model/log.ts'
import { isDigest, isNotice, type Message } from '../../src/model/message.ts'
import type { Routing } from '../../src/model/routing.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { toldTo } from '../support/lanes.ts'

// Looks at CLBs of several teams become messages to their receivers, by the routes, the outbox and the lanes of the
// program, with a clock that the test moves.

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const START = Date.parse('2026-11-20T00:00:00Z')

/** What is true of a CLB. `cause`: the security group that blocks its probes. */
export interface Trouble {
  readonly cause: number
  readonly isDown: boolean
}

export interface Clb {
  readonly id: string
  readonly team: string
}

/** How an alarm names its CLB, and whether the look finds it. */
export const WAYS = ['id', 'address', 'address, not found'] as const
export type Way = (typeof WAYS)[number]

/** The VIP of a CLB. */
export const addressOf = ({ id }: Pick<Clb, 'id'>): string => `10.0.0.${id.slice(-1)}`

/** A look at a CLB. `isFiring`: what its alarm says. Null: no alarm led to it. */
interface Seen {
  readonly clb: Clb
  readonly trouble: Trouble | null
  readonly isFiring: boolean | null
  readonly way: Way
  /** The alarm is an event without a state: nobody says that it is over. */
  readonly isEvent?: boolean
}

/** A look, and the incidents that it changed. The first is the one of the CLB now. */
export interface Looked extends Seen {
  readonly at: number
  readonly incidents: readonly Incident[]
}

/** What one receiver was told of one incident. */
export interface Heard {
  readonly at: number
  readonly receiver: string
  readonly notice: IncidentNotice
}

const BLOCKED = blocked('en')
const base = createContext(
  loadConfig({ TENCENTCLOUD_SECRETID: 'i', TENCENTCLOUD_SECRETKEY: 'k', CLB_DOCTOR_LANG: 'en' }),
  silentLog,
)

const noticesIn = (message: Message): readonly IncidentNotice[] =>
  isDigest(message) ? message.notices : isNotice(message) ? [message] : []

/** The attention that a look gives a CLB. */
export const attentionOf = (trouble: Trouble | null): 'act-now' | 'act-soon' | 'none' =>
  trouble === null ? 'none' : trouble.isDown ? 'act-now' : 'act-soon'

function diagnosisOf(id: string, seen: Seen, alarm: Alarm | null): Diagnosis {
  const { clb, trouble, way } = seen
  const trigger = { source: 'cloud-monitor', alarm } as const
  if (way === 'address, not found') {
    const attention = alarm?.state === 'firing' ? 'act-soon' : 'watch'
    const unknown = {
      loadBalancer: null,
      verdict: 'inconclusive',
      attention,
      pools: [],
      findings: [],
    } as const
    return { ...BLOCKED, id, trigger, ...unknown }
  }
  const pools = BLOCKED.pools.map((pool) => {
    const targets = pool.targets.map((target) => ({
      ...target,
      status: trouble === null ? ('Alive' as const) : trouble.isDown ? ('Dead' as const) : target.status,
    }))
    const dead = targets.filter(({ status }) => status === 'Dead').length
    return { ...pool, targets, counts: { ...pool.counts, dead, alive: pool.counts.total - dead } }
  })
  const named = JSON.stringify(BLOCKED.findings).replaceAll('sg-closed', `sg-${trouble?.cause ?? 0}`)
  const { loadBalancer } = BLOCKED
  if (loadBalancer === null) throw new Error('no CLB')
  return {
    ...BLOCKED,
    id,
    loadBalancer: { ...loadBalancer, id: clb.id, name: clb.id },
    trigger,
    verdict: trouble === null ? 'healthy' : trouble.isDown ? 'down' : 'degraded',
    attention: attentionOf(trouble),
    pools,
    findings: trouble === null ? [] : (JSON.parse(named) as Diagnosis['findings']),
  }
}

const alarmOf = ({ clb, way, isFiring, isEvent }: Seen, now: number): Alarm => ({
  source: 'cloud-monitor',
  kind: 'metric',
  unknownRegion: null,
  condition: null,
  sessionId: 's',
  state: isFiring ? 'firing' : 'resolved',
  policy: { id: 'p', name: 'p' },
  subject: 'x',
  clb: {
    loadBalancerId: way === 'id' ? clb.id : null,
    vip: way === 'id' ? null : addressOf(clb),
    vpcId: null,
    numericVpcId: null,
  },
  listener: null,
  backend: null,
  region: 'ap-guangzhou',
  firstOccurredAt: new Date(isEvent ? now : START).toISOString(),
  identity: isEvent ? 'event' : 'metric',
  ...(isEvent ? { isStateless: true as const } : {}),
  recoveredAt: isFiring ? null : new Date(now).toISOString(),
  durationSeconds: null,
})

export interface RoutedOptions {
  readonly routing: Routing
  /** The kind of each receiver, and what it answers. Its name is its kind and its place. */
  readonly receivers: Readonly<Record<string, Outcome>>
}

export function routedWorld({ routing, receivers }: RoutedOptions) {
  let now = START
  let ids = 0
  const looks: Looked[] = []
  const heard: Heard[] = []
  const logged: string[] = []
  const clock = { now: () => now, sleep: async () => {} }
  const noted = (text: string): void => void logged.push(text)
  const log = { ...silentLog, info: noted, warn: noted, error: noted }
  const store = createMemoryStore({ clock })
  const receiverOf = ([kind, outcome]: readonly [string, Outcome], i: number): Receiver => ({
    kind,
    label: kind,
    idempotent: false,
    async send({ message }: Delivery) {
      const notices = noticesIn(message)
      if (outcome.kind === 'delivered')
        for (const notice of notices) heard.push({ at: now, receiver: `${kind}-${i + 1}`, notice })
      return outcome
    },
  })
  const context: AppContext = toldTo(
    Object.entries(receivers).map(receiverOf),
    {
      ...base,
      clock,
      canWait: true,
      log,
      config: { ...base.config, routing },
      newId: (kind) => `${kind}-${String(ids++).padStart(6, '0')}`,
    },
    store,
  )
  const names = Object.keys(receivers).map((kind, i) => `${kind}-${i + 1}`)
  const state = new Map<string, Trouble | null>()
  const known = new Map<string, Clb>()

  const sent = async (): Promise<void> => {
    await context.lanes.runUntil(now + 1)
  }

  async function incidents(): Promise<readonly Incident[]> {
    const all = await store.list('incidents', { limit: 500 })
    return all.map(({ value }) => JSON.parse(value) as Incident)
  }

  /** As app/incidents/look.ts does it: the recovery of one condition is not that of the others. */
  async function besideOthers(alarm: Alarm): Promise<Alarm> {
    const { value } = await readOne(store, 'clbs', clbKey(alarm))
    return withOthers(alarm, [alarm], value?.sightings ?? [], now)
  }

  async function seen(one: Seen, names: readonly string[]): Promise<readonly Incident[]> {
    const { clb, trouble, isFiring, way } = one
    state.set(clb.id, trouble)
    const alarm = isFiring === null ? null : alarmOf(one, now)
    const { incidents: changed } = await commitLook(
      {
        diagnoses: [diagnosisOf(`dx-${ids++}`, one, alarm && (await besideOthers(alarm)))],
        names,
        received: alarm === null ? [] : [{ alarm, at: now, until: now }],
        tags: way === 'address, not found' ? null : { team: clb.team },
        at: now,
        also: {},
      },
      context,
    )
    looks.push({ ...one, at: now, incidents: changed })
    const occasion = { now, takenAt: now, isHeardAgain: isFiring !== null }
    for (const { id } of changed) await tellDue(id, occasion, context)
    await sent()
    return changed
  }

  const look = (
    clb: Clb,
    trouble: Trouble | null,
    isFiring: boolean,
    { way = 'id', isEvent = false }: { readonly way?: Way; readonly isEvent?: boolean } = {},
  ) => {
    known.set(clb.id, clb)
    known.set(addressOf(clb), clb)
    return seen({ clb, trouble, isFiring, way, isEvent }, [])
  }

  /** Looks that time asked for. */
  async function lookedAgain(): Promise<void> {
    for (const { id, value } of await store.list('looks', { upTo: now, limit: 100 })) {
      const { incident } = JSON.parse(value) as { readonly incident?: string }
      const part = (await incidents()).find((one) => one.id === incident)?.parts.find((one) => one.id === id)
      const clb = known.get(id)
      await store.write({ remove: [{ collection: 'looks', id }] })
      if (!clb || !part) continue
      const way = part.isFound ? 'id' : 'address, not found'
      await seen({ clb, trouble: state.get(clb.id) ?? null, isFiring: null, way }, part.names)
    }
  }

  async function nextAt(): Promise<number> {
    const lists = ['wake', ...names.map(outboxOf)].map((name) => store.list(name, { limit: 1 }))
    const first = (await Promise.all(lists)).flatMap(([one]) => one?.at ?? [])
    return Math.min(...first, Number.POSITIVE_INFINITY)
  }

  return {
    heard,
    looks,
    logged,
    names,
    incidents,
    look,
    now: () => now,
    /** While others wait, a first message waits for them. */
    async others(doWait: boolean): Promise<void> {
      const key = { collection: 'looks', id: 'others' }
      await store.write(
        doWait
          ? { put: [{ ...key, value: '{"failures":0}', at: Number.MAX_SAFE_INTEGER }] }
          : { remove: [key] },
      )
    },
    async silence(id: string, hours: number): Promise<void> {
      await hear(id, { kind: 'silence', hours }, 'someone', context)
    },
    async passes(ms: number): Promise<void> {
      const end = now + ms
      for (;;) {
        const next = await nextAt()
        if (next > end) break
        now = next > now ? next : Math.min(end, now + SECOND)
        await runDue(context)
        await sent()
        await lookedAgain()
        if (now >= end && (await nextAt()) <= now) break
      }
      now = end
      await runDue(context)
      await sent()
    },
  }
}
