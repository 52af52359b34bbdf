import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { isAlarm } from '../../src/app/alarms.ts'
import { parseSentJson } from '../../src/model/untrusted.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { sample, sampleNames } from '../alarms/samples.ts'
import { type Stage, setStage } from '../e2e/support.ts'
import { mutatedBytes, mutatedValue } from './mutator.ts'
import { type Random, randomFrom } from './random.ts'

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
/** The token in the samples of HTTP events. */
const TOKEN = 's3cret'
const AT_ONCE = 16
/** What a process may keep more after the last quarter than after the first. */
const MOST_GROWTH = 12 * 1024 * 1024

const samples = sampleNames.map(sample)
const payloads = sampleNames.filter((name) => !/^scf-(?:function|api)/.test(name)).map(sample)
const http = { method: 'POST', path: '/alarms', protocol: 'HTTP/1.1', sourceIp: '198.51.100.7' }
const aws = {
  httpMethod: 'POST',
  path: '/alarms',
  headers: { host: 'x.example' },
  queryStringParameters: { token: TOKEN },
  isBase64Encoded: false,
  body: '{}',
}
const httpEvents: readonly object[] = [
  ...sampleNames.filter((name) => /^scf-(?:function|api)/.test(name)).map(sample),
  {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/alarms',
    rawQueryString: `token=${TOKEN}`,
    headers: { host: 'x.lambda-url.on.aws' },
    requestContext: { http },
    body: '{}',
    isBase64Encoded: false,
  },
  {
    ...aws,
    resource: '/{proxy+}',
    multiValueHeaders: { host: ['x.example'] },
    multiValueQueryStringParameters: { token: [TOKEN] },
    requestContext: { stage: 'prod', identity: { sourceIp: '198.51.100.7' } },
  },
  { ...aws, requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x' } } },
]

/** Each payload has random choices of its own, so that one can be made again without the others. */
const randomOf = (seed: number, index: number): Random => randomFrom(seed * 1_000_003 + index)

/** Runs the jobs with some at once. */
async function all(count: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await run(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

interface Process {
  readonly child: ChildProcess
  readonly lines: readonly string[]
  readonly heap: () => Promise<number>
  readonly end: () => Promise<void>
}

async function started(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ipc = false,
): Promise<Process> {
  const child = spawn(process.execPath, ['--expose-gc', '-r', file('./heap.cjs'), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  })
  const lines: string[] = []
  let rest = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  const heaps = (): number[] =>
    lines.flatMap((line) => /^\{"heap":(\d+)\}$/.exec(line)?.[1] ?? []).map(Number)
  return {
    child,
    lines,
    async heap() {
      const before = heaps().length
      child.kill('SIGUSR2')
      await expect.poll(() => heaps().length, { timeout: 20_000 }).toBe(before + 1)
      return heaps().at(-1) ?? 0
    },
    async end() {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      await closed
    },
  }
}

async function staged(): Promise<Stage> {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  // Here nothing waits for the rate limit of the API. Other tests hold it.
  return setStage(scenario, 'en', { requestsPerSecond: 100_000 })
}

const envOf = (stage: Stage): Record<string, string> => ({
  ...stage.env,
  CLB_DOCTOR_SINKS: '',
  CLB_DOCTOR_API_RATE: '100000',
  CLB_DOCTOR_ALARM_TOKEN: TOKEN,
})

const ERRORS = /"level":"error"|HTTP event could not be read|TypeError|RangeError|at .*\.(?:ts|cjs|mjs):\d+/

/** The reasons of the refusals in a log, with their numbers. */
function refusalsIn(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of lines) {
    const reason = /"message":"payload refused","reason":"([a-z-]+)"/.exec(line)?.[1]
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1
  }
  return counts
}

interface Outcome {
  readonly name: string
  readonly status: number
  readonly refusals: readonly string[]
}

/** What has to become of a body at `path`. */
function outcomeOf(body: Buffer, path: string): Outcome {
  if (body.length > 1024 * 1024) return { name: 'too large', status: 413, refusals: [] }
  const text = new TextDecoder().decode(body)
  if (text.trim() === '') return { name: 'empty', status: 200, refusals: [] }
  const payload = parseSentJson(text)
  if (path === '/' && !isAlarm(payload)) return { name: 'not an alarm', status: 404, refusals: [] }
  if (payload === undefined) return { name: 'not-json', status: 400, refusals: ['not-json'] }
  const { alarms, refusals, scan } = parseAlarm(payload)
  const name = alarms.length > 0 ? 'alarm' : scan ? 'scan refused' : (refusals[0]?.reason ?? '')
  return { name, status: 200, refusals: refusals.map(({ reason }) => reason) }
}

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

function posted(port: number, path: string, body: Buffer, random: Random): Promise<number> {
  const isChunked = random.chance(0.1)
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        agent,
        port,
        path: `${path}?token=${TOKEN}`,
        method: 'POST',
        headers: isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length },
      },
      (reply) => {
        reply.resume()
        reply.once('end', () => resolve(reply.statusCode ?? 0))
      },
    )
    sending.once('error', reject)
    sending.end(body)
  })
}

/** Sends this many mutated payloads to a running `serve`. Returns the outcomes with their numbers. */
export async function throughHttp(count: number, seed: number): Promise<Record<string, number>> {
  const stage = await staged()
  const server = await started(
    [file('../../dist/cli.cjs'), 'serve', '--host', '127.0.0.1', '--port', '0'],
    envOf(stage),
  )
  const names: Record<string, number> = {}
  const refusals: Record<string, number> = {}
  let first = 0
  try {
    const listening = (): string | undefined =>
      server.lines.find((line) => line.includes('"message":"listening"'))
    await expect.poll(listening, { timeout: 20_000 }).toBeDefined()
    const port = Number(/"port":(\d+)/.exec(listening() ?? '')?.[1])
    await all(count, async (index) => {
      if (index === Math.floor(count / 4)) first = await server.heap()
      const random = randomOf(seed, index)
      const value = mutatedValue(payloads[random.below(payloads.length)], samples, random)
      const body = mutatedBytes(value, random)
      const path = random.pick(['/alarms', '/alarms', '/alarms/', '/'])
      const outcome = outcomeOf(body, path)
      // A full queue is an answer with a name, too. Its sender repeats the alarm.
      const status = await posted(port, path, body, random)
      if (status !== 503 || outcome.name !== 'alarm')
        expect(status, `seed ${seed}, payload ${index}: ${body.toString('base64').slice(0, 2_000)}`).toBe(
          outcome.status,
        )
      expect(outcome.name, `seed ${seed}, payload ${index}`).not.toBe('')
      names[outcome.name] = (names[outcome.name] ?? 0) + 1
      for (const reason of outcome.refusals) refusals[reason] = (refusals[reason] ?? 0) + 1
    })
    const last = await server.heap()
    expect(server.lines.filter((line) => ERRORS.test(line)).slice(0, 3), `seed ${seed}`).toEqual([])
    expect(refusalsIn(server.lines), `seed ${seed}`).toEqual(refusals)
    expect(last - first, `heap, seed ${seed}`).toBeLessThan(MOST_GROWTH)
    return names
  } finally {
    await server.end()
    await stage.close()
  }
}

type Answer = { readonly returned?: unknown; readonly thrown?: string }

/** An HTTP event around a mutated body, or a mutated HTTP event, or the payload itself. */
function eventFrom(random: Random): unknown {
  const kind = random.below(4)
  if (kind === 0) return mutatedValue(httpEvents[random.below(httpEvents.length)], samples, random)
  const value = mutatedValue(payloads[random.below(payloads.length)], samples, random)
  if (kind === 1) return value
  const bytes = mutatedBytes(value, random)
  if (kind === 2) return random.chance(0.5) ? bytes.toString('utf8') : { body: bytes.toString('utf8') }
  const isBase64Encoded = random.chance(0.5)
  const body = bytes.toString(isBase64Encoded ? 'base64' : 'utf8')
  return { ...httpEvents[random.below(httpEvents.length)], body, isBase64Encoded }
}

/** The name of what the handler made of an event. Null if it has none. */
function nameOf({ returned, thrown }: Answer): string | null {
  if (thrown !== undefined) return /^The message of a timer/.test(thrown) ? 'bad-timer' : null
  if (typeof returned !== 'object' || returned === null) return null
  if ('statusCode' in returned)
    return Number(returned.statusCode) < 500 ? `HTTP ${returned.statusCode}` : null
  if ('scan' in returned) return 'scan'
  if (!('handled' in returned && 'refused' in returned)) return null
  if (!Array.isArray(returned.handled) || !Array.isArray(returned.refused)) return null
  if (returned.handled.length > 0) return 'alarm'
  return (returned.refused[0] as { reason?: string } | undefined)?.reason ?? null
}

/** Gives this many mutated events to the built handler. Returns the outcomes with their numbers. */
export async function throughHandler(count: number, seed: number): Promise<Record<string, number>> {
  const stage = await staged()
  const handler = await started([file('./handler-child.mjs')], envOf(stage), true)
  const waiting = new Map<number, (answer: Answer) => void>()
  const names: Record<string, number> = {}
  let first = 0
  try {
    await new Promise<void>((resolve, reject) => {
      handler.child.once('exit', () => {
        const thrown = `the handler ended: ${handler.lines.slice(-5).join('\n')}`
        reject(new Error(thrown))
        for (const answered of waiting.values()) answered({ thrown })
      })
      handler.child.on('message', (message: Answer & { id?: number; ready?: true }) => {
        if (message.ready) resolve()
        if (message.id === undefined) return
        waiting.get(message.id)?.(message)
        waiting.delete(message.id)
      })
    })
    await all(count, async (index) => {
      if (index === Math.floor(count / 4)) first = await handler.heap()
      const event = eventFrom(randomOf(seed, index))
      const answer = await new Promise<Answer>((resolve, reject) => {
        waiting.set(index, resolve)
        handler.child.send({ id: index, event }, (error) => {
          if (error) reject(error)
        })
      })
      const name = nameOf(answer)
      if (name === null)
        throw new Error(
          `no name, seed ${seed}, event ${index}: ${JSON.stringify(answer).slice(0, 500)} for ${JSON.stringify(event)?.slice(0, 2_000)}`,
        )
      names[name] = (names[name] ?? 0) + 1
    })
    const last = await handler.heap()
    expect(handler.lines.filter((line) => ERRORS.test(line)).slice(0, 3), `seed ${seed}`).toEqual([])
    expect(last - first, `heap, seed ${seed}`).toBeLessThan(MOST_GROWTH)
    return names
  } finally {
    await handler.end()
    await stage.close()
  }
}
