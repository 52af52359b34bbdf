import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { SERVICES } from '../../src/cloud/actions.ts'
import { readAnswer } from '../../src/cloud/answer.ts'
import { writeExactly } from '../../src/cloud/exact-json.ts'
import { createCloud } from '../../src/cloud/session.ts'
import type { Transport } from '../../src/cloud/transport.ts'
import { createApp } from '../../src/http/app.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import type { Log } from '../../src/model/log.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { createSimulatedApi } from '../../src/simulator/simulated-api.ts'
import type { World } from '../../src/simulator/world.ts'
import { RICH, richWorld } from '../simulator/rich.ts'
import { mutatedBytes, mutatedValue } from './mutator.ts'
import { type Random, randomFrom } from './random.ts'

// One answer of the API in each diagnosis is mutated. Whatever it says, the question gets an answer with a name.

const FORMATS = ['application/json', 'text/markdown', 'text/html', 'text/plain'] as const
const TOKEN = 'a-token-of-sixteen-letters'
const hurried: Clock = { now: systemClock.now, sleep: async (_, signal) => signal?.throwIfAborted() }

/** Answers of the simulated account, of which one is changed. */
interface Changing {
  readonly transport: Transport
  /** From the next call on: the answer to the call with this number (from 0) is changed. */
  arm(call: number, random: Random): void
  /** Since it was armed. */
  calls(): number
}

function changing(world: World): Changing {
  const api = createSimulatedApi(world, { requestsPerSecond: 1_000_000 })
  const others: unknown[] = []
  let calls = 0
  let armed: { readonly call: number; readonly random: Random } | null = null
  return {
    arm(call, random) {
      // Otherwise the log of the calls grows.
      api.calls.reset()
      calls = 0
      armed = { call, random }
    },
    calls: () => calls,
    transport: {
      async send(action, request, region, signal) {
        const number = calls++
        const [service = ''] = action.split(':')
        const version = SERVICES[service as keyof typeof SERVICES]
        const question = { action, region, version, body: writeExactly(request), refusal: null }
        const reply = await api.answer(question, signal)
        if (reply.kind !== 'answer') throw new Error(reply.kind)
        const { text } = reply
        if (others.length < 60) others.push(JSON.parse(text))
        if (armed === null || number !== armed.call) return readAnswer(action, { status: 200, text })
        const value = mutatedValue(JSON.parse(text), others, armed.random)
        const isBroken = armed.random.chance(0.2)
        const bytes = isBroken ? mutatedBytes(value, armed.random).toString('utf8') : JSON.stringify(value)
        return readAnswer(action, { status: 200, text: bytes })
      },
      dropIdle() {},
      close() {},
    },
  }
}

interface Asking {
  readonly changing: Changing
  /** How many calls a diagnosis without changes makes. */
  readonly most: number
  readonly errors: string[]
  ask(accept: string): Promise<{ readonly status: number; readonly text: string }>
}

async function asking(world: World, clb: string): Promise<Asking> {
  const errors: string[] = []
  const log: Log = {
    info() {},
    warn() {},
    error: (message, fields) => void errors.push(`${message} ${JSON.stringify(fields)}`),
  }
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: 'AKIDfuzz',
    TENCENTCLOUD_SECRETKEY: 'key',
    TENCENTCLOUD_REGION: world.region,
    CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1',
    CLB_DOCTOR_API_TOKEN: TOKEN,
    CLB_DOCTOR_LANG: 'en',
  })
  const answers = changing(world)
  const cloud = createCloud({
    ...config,
    transport: answers.transport,
    ratePerSecond: 1_000_000,
    clock: hurried,
    random: () => 0,
    log,
  })
  const app = createApp({
    context: { ...createContext(config, log), cloud },
    enqueue: async () => 'enqueued',
    trustLoopback: false,
    slowsWrongTokens: false,
    addressOf: () => '198.51.100.7',
    readBudget: 20_000,
  })
  const ask = async (accept: string) => {
    const reply = await app.request('/v1/diagnoses', {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, accept, 'content-type': 'application/json' },
      body: JSON.stringify({ loadBalancerId: clb }),
    })
    return { status: reply.status, text: await reply.text() }
  }
  await ask('application/json')
  return { changing: answers, most: answers.calls(), errors, ask }
}

/** The verdict, or the title of the problem. Null if the answer has no name. */
function nameOf(status: number, text: string, accept: string): string | null {
  if (status >= 500 && status !== 502 && status !== 503 && status !== 504) return null
  if (status === 200 && accept !== 'application/json') return text.trim() === '' ? null : 'a rendering'
  try {
    const { verdict, title } = JSON.parse(text) as { verdict?: string; title?: string }
    return verdict ?? title ?? null
  } catch {
    return null
  }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

export interface Outcomes {
  readonly names: Readonly<Record<string, number>>
  /** Answers without a name and errors in the log, with what makes them again. */
  readonly wrong: readonly string[]
  /** Of the heap between the first quarter and the end, in bytes. */
  readonly growth: number
}

export async function mutatedAnswers(count: number, seed: number): Promise<Outcomes> {
  const worlds = [
    ...SCENARIOS.map((scenario) => ({ world: scenario.build(), clb: 'lb-7dpmqwcu' })),
    { world: richWorld(), clb: RICH.classic },
  ]
  const all = await Promise.all(worlds.map(({ world, clb }) => asking(world, clb)))
  const names: Record<string, number> = {}
  const wrong: string[] = []
  let first = 0
  for (let i = 0; i < count; i++) {
    if (i === Math.floor(count / 4)) first = heap()
    // Nothing here waits for a socket. What a weak reference has given out is only let go when a turn of the loop ends.
    await setImmediate()
    const random = randomFrom(seed * 1_000_003 + i)
    const one = all[random.below(all.length)]
    if (!one) continue
    const accept = random.chance(0.5) ? 'application/json' : random.pick(FORMATS)
    one.changing.arm(random.below(Math.max(1, one.most)), random)
    const { status, text } = await one.ask(accept)
    const name = nameOf(status, text, accept)
    const errors = one.errors.splice(0)
    if (name === null || errors.length > 0)
      wrong.push(
        `seed ${seed}, answer ${i}: ${status} ${text.slice(0, 200)} ${errors.join(' ').slice(0, 800)}`,
      )
    names[name ?? 'none'] = (names[name ?? 'none'] ?? 0) + 1
  }
  return { names, wrong, growth: heap() - first }
}

function heap(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
