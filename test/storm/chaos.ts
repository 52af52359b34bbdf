import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startSimulator } from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import { type Random, randomFrom } from '../fuzz/random.ts'
import { JIRA, startJira } from '../support/receivers/jira.ts'
import type { TicketStandIn } from '../support/receivers/tickets.ts'
import { catchDiagnoses, type WebhookCatcher } from '../support/receivers.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { type Flaky, startFlaky, startHanging } from './flaky.ts'
import { callbackOf, fleetWorld } from './fleet.ts'
import { type Instance, startInstance } from './instance.ts'

// Bad hours for the built `serve`. Each CLB is an incident of its own, so each has to be told once to each receiver.

export type Trouble =
  /** A random instance is killed every few seconds and started again: of two with Redis, or the one with the folder. */
  | 'killed, with Redis'
  | 'killed, with the folder'
  | 'Redis restarted'
  | 'disk full'
  /** Each receiver fails 30 % of the time, and a third one hangs. */
  | 'receivers fail'

export const TROUBLES: readonly Trouble[] = [
  'killed, with Redis',
  'killed, with the folder',
  'Redis restarted',
  'disk full',
  'receivers fail',
]

export interface ChaosOptions {
  readonly trouble: Trouble
  /** How long the trouble lasts, in seconds. */
  readonly seconds: number
  readonly clbs: number
  readonly seed: number
  /** How long to wait for what has to be told in the end, in ms. */
  readonly patienceMs: number
  /** A ticket that failed was made all the same. Else it takes some minutes until another one is made. */
  readonly makesTickets?: boolean
}

export interface Chaos {
  readonly accepted: number
  /** Not accepted by any of four tries, as Cloud Monitor makes them. */
  readonly refused: number
  /** Names of CLBs whose alarm was accepted and that this receiver was not told of. */
  readonly untoldAtWecom: readonly string[]
  readonly untoldAtWebhook: readonly string[]
  /** Names of CLBs without a ticket, and of those with more than one. */
  readonly unticketed: readonly string[]
  readonly ticketedTwice: readonly string[]
  /** Names of CLBs that WeCom was told of more than once without a mark. */
  readonly unmarkedRepeats: readonly string[]
  readonly times: number
  /** How long SIGTERM took, in seconds. */
  readonly stopSeconds: number
}

const MARK = 'May be a repeat'

interface Stage {
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  readonly redis: TestRedis | null
  readonly group: WecomGroup
  readonly hook: WebhookCatcher
  readonly jira: TicketStandIn
  readonly instances: Instance[]
}

export async function chaos(options: ChaosOptions): Promise<Chaos> {
  const { trouble, clbs, seed } = options
  const random = randomFrom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
  const isFull = trouble === 'disk full'
  if (isFull) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=0700', 'clb-doctor-chaos', folder])
  const withRedis = trouble === 'killed, with Redis' || trouble === 'Redis restarted'
  const [simulator, redis, group, hook, jira] = await Promise.all([
    startSimulator(fleetWorld({ clbs, causes: 0 }), { requestsPerSecond: 100_000 }),
    withRedis ? startRedis() : null,
    startWecomStandIn(),
    catchDiagnoses(),
    startJira(),
  ])
  const closing: { close(): Promise<unknown> }[] = [simulator, group, hook, jira, ...(redis ? [redis] : [])]
  const login = `${encodeURIComponent(JIRA.user)}:${JIRA.token}`
  const sinks = [`wecom+${group.url}`, hook.address, `jira+${jira.url.replace('://', `://${login}@`)}`]
  if (trouble === 'receivers fail') {
    const flaky = await Promise.all(
      sinks.map((sink) =>
        startFlaky(urlIn(sink), { part: 0.3, makesTickets: options.makesTickets ?? false }, random),
      ),
    )
    const hanging = await startHanging()
    closing.push(...flaky, hanging)
    sinks.splice(0, 3, ...sinks.map((sink, i) => (flaky[i] as Flaky).through(sink)), hanging.address)
  }
  const env = {
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_API_RATE: '1000',
    CLB_DOCTOR_SINKS: sinks.join(' '),
    CLB_DOCTOR_LANG: 'en',
    CLB_DOCTOR_DATA: folder,
    ...(redis ? { CLB_DOCTOR_REDIS_URL: redis.url } : {}),
  }
  const stage: Stage = { env, folder, redis, group, hook, jira, instances: [] }
  try {
    for (let n = 0; n < (trouble === 'killed, with Redis' ? 2 : 1); n++)
      stage.instances.push(await startInstance(env))
    return await endure(options, stage, random)
  } finally {
    await Promise.all(stage.instances.map((one) => one.stop('SIGKILL')))
    await Promise.all(closing.map((one) => one.close()))
    if (isFull) execFileSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true, force: true })
  }
}

const urlIn = (sink: string): URL => new URL(sink.replace(/^\w+\+/, ''))

async function endure(options: ChaosOptions, stage: Stage, random: Random): Promise<Chaos> {
  const { seconds, clbs, patienceMs } = options
  const until = Date.now() + seconds * 1000
  const sending = Array.from({ length: clbs }, async (_, n) => {
    await delay(((n + 0.5) / clbs) * seconds * 1000)
    return sent(n, stage, random)
  })
  const times = await troubled(options.trouble, stage, until, random)
  const accepted = (await Promise.all(sending)).flatMap((isAccepted, n) => (isAccepted ? [n] : []))
  const missing = () => ({
    wecom: untold(atWecom(stage), accepted),
    hook: untold(atHook(stage), accepted),
  })
  const end = Date.now() + patienceMs
  for (let next = Date.now() + 32_000; Date.now() < end; ) {
    const { wecom, hook } = missing()
    const open = accepted.filter((n) => ticketsOf(n, stage) === 0)
    if (wecom.length + hook.length + open.length === 0) break
    // The sender repeats what still fires. A message that may not have arrived is then told again.
    if (Date.now() >= next) {
      await Promise.all(wecom.map((n) => sent(n, stage, random)))
      next = Date.now() + 32_000
    }
    await delay(300)
  }
  const began = Date.now()
  await Promise.all(stage.instances.map((one) => one.stop('SIGTERM')))
  return {
    accepted: accepted.length,
    refused: clbs - accepted.length,
    untoldAtWecom: missing().wecom.map(nameOf),
    untoldAtWebhook: missing().hook.map(nameOf),
    unticketed: accepted.filter((n) => ticketsOf(n, stage) === 0).map(nameOf),
    ticketedTwice: accepted.filter((n) => ticketsOf(n, stage) > 1).map(nameOf),
    unmarkedRepeats: repeatsIn(atWecom(stage), accepted).map(nameOf),
    times,
    stopSeconds: (Date.now() - began) / 1000,
  }
}

/** Makes the trouble until the time comes, and mends it. Returns how often it was made. */
async function troubled(trouble: Trouble, stage: Stage, until: number, random: Random): Promise<number> {
  const { instances, env, folder, redis } = stage
  const pause = () => delay(1_200 + random.below(2_000))
  let times = 0
  for (; Date.now() < until; times++) {
    await pause()
    if (trouble === 'killed, with Redis' || trouble === 'killed, with the folder') {
      const n = random.below(instances.length)
      await instances[n]?.stop('SIGKILL')
      instances[n] = await startInstance(env)
    } else if (trouble === 'Redis restarted') await redis?.restart()
    else if (trouble === 'disk full') {
      const filler = join(folder, 'filler')
      fill(filler)
      await pause()
      rmSync(filler, { force: true })
    }
  }
  return times
}

/** Takes all the room that is left. */
function fill(file: string): void {
  for (;;)
    try {
      writeFileSync(file, Buffer.alloc(65_536), { flag: 'a' })
    } catch {
      return
    }
}

/** As Cloud Monitor sends: once, and up to three times more if it gets no answer or another one than 200. */
async function sent(n: number, { instances }: Stage, random: Random): Promise<boolean> {
  for (let attempt = 0; attempt < 4; attempt++) {
    if (attempt > 0) await delay(1_000)
    const one = instances[random.below(instances.length)]
    if (one && (await post(one.origin, JSON.stringify(callbackOf(n, 0)))) === 200) return true
  }
  return false
}

const post = (origin: string, body: string): Promise<number> =>
  new Promise((resolve) => {
    const request = http.request(`${origin}/alarms`, { method: 'POST', timeout: 5_000 }, (reply) => {
      reply.resume()
      reply.once('end', () => resolve(reply.statusCode ?? 0))
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(0))
    request.end(body)
  })

const nameOf = (n: number): string => `storm-${n}`

/** What one thing that arrived says: the CLBs that it names, and whether it says that it may be a repeat. */
interface Said {
  readonly clbs: ReadonlySet<number>
  readonly isMarked: boolean
}

const READ = new WeakMap<object, Said>()

/** Each is read once. Reading all again and again would keep the stand-ins, which are in this process, from answering. */
function said<T extends object>(one: T, textOf: (one: T) => string): Said {
  const known = READ.get(one)
  if (known) return known
  const text = textOf(one)
  const clbs = new Set([...text.matchAll(/\bstorm-(\d+)\b/g)].map(([, n]) => Number(n)))
  const read = { clbs, isMarked: text.includes(MARK) }
  READ.set(one, read)
  return read
}

const atWecom = ({ group }: Stage) => group.messages.map((one) => said(one, ({ content }) => content))
const atHook = ({ hook }: Stage) => hook.events.map((one) => said(one, (event) => JSON.stringify(event)))

const ticketsOf = (n: number, { jira }: Stage): number =>
  jira.tickets.filter((one) => said(one, ({ title }) => title).clbs.has(n)).length

const untold = (all: readonly Said[], accepted: readonly number[]): readonly number[] => {
  const told = new Set(all.flatMap(({ clbs }) => [...clbs]))
  return accepted.filter((n) => !told.has(n))
}

const repeatsIn = (all: readonly Said[], accepted: readonly number[]): readonly number[] =>
  accepted.filter((n) => all.filter(({ clbs, isMarked }) => !isMarked && clbs.has(n)).length > 1)
