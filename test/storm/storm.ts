import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import { catchDiagnoses, type WebhookCatcher } from '../support/receivers.ts'
import { startRedis } from '../support/redis.ts'
import { callbackOf, fleetWorld, groupOf } from './fleet.ts'
import { type Instance, startInstance } from './instance.ts'

// A storm of callbacks against the built `serve`: with its folder, or two instances with a real Redis. No cause is removed.

export interface StormOptions {
  readonly callbacks: number
  readonly perSecond: number
  readonly clbs: number
  readonly causes: number
  readonly store: 'folder' | 'redis'
  /** How long to wait after the last callback for what has to be true in the end, in ms. */
  readonly patienceMs: number
}

export interface Storm {
  readonly accepted: number
  readonly refused: number
  /** Of the answers, in ms. */
  readonly p50: number
  readonly p99: number
  readonly diagnoses: number
  readonly recoveries: number
  readonly openIncidents: number
  /** CLBs in open incidents. */
  readonly clbsInIncidents: number
  /** Causes that each receiver was told of. */
  readonly toldWecom: number
  readonly toldWebhook: number
  /** The most messages that arrived at WeCom within any minute, refused ones too. */
  readonly wecomInAMinute: number
  readonly wecomMessages: number
  /** Calls that the API refused because they were more than its rate. */
  readonly overRate: number
  /** Error lines in the logs. */
  readonly errors: readonly string[]
}

interface Callback {
  readonly clb: number
  readonly body: string
  readonly isRecovery: boolean
}

/** Every CLB fires, is repeated, recovers once in the middle by its sender, and is repeated further. In a fixed order. */
function callbacksOf({ callbacks, clbs }: Pick<StormOptions, 'callbacks' | 'clbs'>): readonly Callback[] {
  const rounds = Math.ceil(callbacks / clbs)
  const middle = Math.floor(rounds / 2)
  return Array.from({ length: callbacks }, (_, i) => {
    const [round, clb] = [Math.floor(i / clbs), i % clbs]
    // From the middle on every second repeat is one of the recovery.
    const isRecovery = round >= middle && (round - middle) % 2 === 0
    const body = JSON.stringify(callbackOf(clb, 0, isRecovery ? '2026-11-28 10:30:00' : null))
    return { clb, body, isRecovery }
  })
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 })

interface Answer {
  /** 0: there was none. */
  readonly status: number
  /** Until the answer. */
  readonly ms: number
}

function post(origin: string, body: string): Promise<Answer> {
  const began = performance.now()
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, ms: performance.now() - began })
    const request = http.request(`${origin}/alarms`, { method: 'POST', agent }, (reply) => {
      reply.resume()
      reply.once('end', () => end(reply.statusCode ?? 0))
    })
    request.once('error', () => end(0))
    request.end(body)
  })
}

async function openIn(origin: string): Promise<readonly { loadBalancers: readonly { id: string }[] }[]> {
  const answer = await fetch(`${origin}/v1/incidents?open=true&limit=200`)
  const page = (await answer.json()) as { incidents: { loadBalancers: { id: string }[] }[] }
  return page.incidents
}

const partOf = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 60_000).length))
}

/** Everything that a run needs, with `serve` behind it. `run` gets the instances. */
async function staged<T>(
  { clbs, causes, store }: Pick<StormOptions, 'clbs' | 'causes' | 'store'>,
  run: (stage: Stage) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'storm-'))
  const [simulator, redis, hook] = await Promise.all([
    startSimulator(fleetWorld({ clbs, causes })),
    store === 'redis' ? startRedis('--appendfsync', 'everysec') : null,
    catchDiagnoses(),
  ])
  const arrivals: number[] = []
  const group = await startWecomStandIn({ onRequest: () => arrivals.push(Date.now()) })
  const env = {
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_SINKS: `wecom+${group.url} ${hook.address}`,
    CLB_DOCTOR_LANG: 'en',
    CLB_DOCTOR_DATA: folder,
    ...(redis ? { CLB_DOCTOR_REDIS_URL: redis.url } : {}),
  }
  const instances: Instance[] = []
  try {
    for (let n = 0; n < (redis ? 2 : 1); n++) instances.push(await startInstance(env))
    // Until each instance knows that it shares the rate of the API.
    if (redis) await delay(5_000)
    return await run({ simulator, group, hook, arrivals, instances })
  } finally {
    await Promise.all(instances.map((one) => one.stop('SIGKILL')))
    await Promise.all([simulator.close(), group.close(), hook.close(), redis?.close()])
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Stage {
  readonly simulator: Simulator
  readonly group: WecomGroup
  readonly hook: WebhookCatcher
  /** When requests arrived at WeCom, ms since the epoch. */
  readonly arrivals: readonly number[]
  readonly instances: readonly Instance[]
}

export const storm = (options: StormOptions): Promise<Storm> =>
  staged(options, async (stage) => {
    const { instances, simulator, group, arrivals } = stage
    const answers = await send(callbacksOf(options), options.perSecond, instances)
    await settled(options, stage)
    const open = await openIn(instances[0]?.origin ?? '')
    const log = instances.flatMap(({ lines }) => lines)
    return {
      ...figuresOf(answers),
      diagnoses: log.filter((line) => line.includes('"message":"alarm handled"')).length,
      recoveries: options.clbs,
      openIncidents: open.length,
      clbsInIncidents: clbsOf(open).size,
      ...toldIn(options, stage),
      wecomInAMinute: mostInAMinute(arrivals),
      wecomMessages: group.messages.length,
      overRate: simulator.calls.log().filter(({ code }) => code === 'RequestLimitExceeded').length,
      errors: log.filter((line) => line.includes('"level":"error"')),
    }
  })

/** Waits until what has to be true in the end is true, or until the patience ends. */
async function settled({ clbs, causes, patienceMs }: StormOptions, stage: Stage): Promise<void> {
  const until = Date.now() + patienceMs
  const isDone = async (): Promise<boolean> => {
    const { toldWecom, toldWebhook } = toldIn({ causes }, stage)
    const open = await openIn(stage.instances[0]?.origin ?? '')
    return toldWecom === causes && toldWebhook === causes && clbsOf(open).size === clbs
  }
  while (Date.now() < until && !(await isDone())) await delay(500)
  // What nobody expects comes later.
  await delay(2_000)
}

const clbsOf = (open: Awaited<ReturnType<typeof openIn>>): ReadonlySet<string> =>
  new Set(open.flatMap((one) => one.loadBalancers.map(({ id }) => id)))

const toldIn = ({ causes }: Pick<StormOptions, 'causes'>, { group, hook }: Stage) => ({
  toldWecom: causesIn(group.messages.map(({ content }) => content).join('\n'), causes),
  toldWebhook: causesIn(JSON.stringify(hook.events), causes),
})

function figuresOf(answers: readonly Answer[]) {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  return {
    accepted: answers.filter(({ status }) => status === 200).length,
    refused: answers.filter(({ status }) => status !== 200).length,
    p50: partOf(sorted, 0.5),
    p99: partOf(sorted, 0.99),
  }
}

/** Callbacks of which so many are always under way. */
export const together = ({
  callbacks,
  atOnce,
  clbs,
  store,
}: Pick<StormOptions, 'callbacks' | 'clbs' | 'store'> & { readonly atOnce: number }) =>
  staged({ clbs, causes: 5, store }, async ({ instances }) => {
    const all = callbacksOf({ callbacks, clbs })
    const answers: Answer[] = []
    let next = 0
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let i = next++; i < all.length; i = next++)
          answers.push(await post(instances[i % instances.length]?.origin ?? '', all[i]?.body ?? ''))
      }),
    )
    return figuresOf(answers)
  })

/** Each at its time, whatever became of the ones before. */
async function send(callbacks: readonly Callback[], perSecond: number, instances: readonly Instance[]) {
  const began = performance.now()
  const all: Promise<Answer>[] = []
  for (const [i, { body }] of callbacks.entries()) {
    const wait = began + (i * 1000) / perSecond - performance.now()
    if (wait > 1) await delay(wait)
    all.push(post(instances[i % instances.length]?.origin ?? '', body))
  }
  return Promise.all(all)
}

/** How many causes a text names. */
const causesIn = (text: string, causes: number): number =>
  Array.from({ length: causes }, (_, n) => groupOf(n)).filter((group) => text.includes(group)).length
