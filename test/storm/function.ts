import { fork } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import type { SimulatedFunction } from '../../src/simulator/world.ts'
import { callbackOf, fleetWorld } from './fleet.ts'

// The platform of the function: each event gets a fresh process, an asynchronous event that fails is repeated twice, and a
// timer comes when it is asked for. CASE E6: 40 CLBs, one cause, one bot of WeCom.

const at = (path: string): string => fileURLToPath(new URL(path, `${pathToFileURL(process.cwd())}/`))
const BUNDLE = at('dist/handler.js')
const CHILD = at('test/storm/function-child.mjs')
const TOKEN = 'a-token-of-sixteen-letters'
/** As serverless.yml sets it. */
const LIMIT_MS = 60_000

export type Door = 'http' | 'direct'

interface Ended {
  readonly returned?: unknown
  readonly thrown?: string
}

export interface Platform {
  readonly group: WecomGroup
  readonly simulator: Simulator
  /** Everything that the processes wrote to their logs. */
  readonly lines: readonly string[]
  /** The callback of a CLB, by a door. Resolves with the answer: the status over HTTP, or null. */
  alarm(n: number, door: Door): Promise<number | null>
  timer(): Promise<void>
  /** Resolves when no asynchronous event waits or runs. */
  quiet(): Promise<void>
  close(): Promise<void>
}

export interface PlatformOptions {
  readonly clbs: number
  readonly env: Readonly<Record<string, string>>
  /** The function may invoke itself. */
  readonly invokes: boolean
  /** Between the tries of an asynchronous event, in ms. The platform's own is a minute. */
  readonly retryMs?: number
}

export async function startPlatform({
  clbs,
  env: more,
  invokes,
  retryMs = 60_000,
}: PlatformOptions): Promise<Platform> {
  const own: SimulatedFunction = { name: 'clb-doctor', namespace: 'default', invoked: [] }
  const world = fleetWorld({ clbs, causes: 1 })
  if (invokes) world.functions = [own]
  const [simulator, group] = await Promise.all([
    startSimulator(world, { requestsPerSecond: 100_000 }),
    startWecomStandIn(),
  ])
  const lines: string[] = []
  const env = {
    PATH: process.env.PATH ?? '',
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_API_RATE: '1000',
    CLB_DOCTOR_SINKS: `wecom+${group.url}`,
    CLB_DOCTOR_ALARM_TOKEN: TOKEN,
    CLB_DOCTOR_LANG: 'en',
    ...more,
  }

  function run(event: unknown): Promise<Ended> {
    const child = fork(CHILD, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let rest = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    })
    const context = {
      request_id: 'r',
      time_limit_in_ms: LIMIT_MS,
      function_name: own.name,
      namespace: own.namespace,
      function_version: '$LATEST',
    }
    return new Promise((resolve) => {
      const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
      child.on('message', (message: Ended & { ready?: true }) => {
        if (message.ready) child.send({ bundle: BUNDLE, event, context })
        else resolve(message)
      })
      child.once('exit', () => {
        clearTimeout(limit)
        resolve({ thrown: 'killed' })
      })
    })
  }

  const running = new Set<Promise<void>>()
  /** Once, and twice more if it fails. */
  function asynchronously(event: unknown): void {
    const work = (async () => {
      for (let tries = 0; tries < 3; tries++) {
        if (tries > 0) await delay(retryMs)
        if ((await run(event)).thrown === undefined) return
      }
    })()
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  const handOn = (): void => {
    for (const context of own.invoked.splice(0)) asynchronously(JSON.parse(context))
  }

  return {
    group,
    simulator,
    lines,
    async alarm(n, door) {
      if (door === 'direct') {
        asynchronously(callbackOf(n, 0))
        return null
      }
      const event = {
        httpMethod: 'POST',
        path: '/alarms',
        headers: { host: 'f.example' },
        queryString: { token: TOKEN },
        body: JSON.stringify(callbackOf(n, 0)),
      }
      const { returned } = await run(event)
      handOn()
      return (returned as { statusCode?: number } | undefined)?.statusCode ?? 0
    },
    async timer() {
      await run({
        Type: 'Timer',
        TriggerName: 'due',
        Time: '2026-11-20T00:00:00Z',
        Message: '{"task":"due"}',
      })
    },
    async quiet() {
      while (running.size > 0) await Promise.all(running)
    },
    async close() {
      await Promise.all([simulator.close(), group.close()])
    },
  }
}

/** Names of CLBs that no message of the group has. */
export const untoldIn = ({ group }: Platform, clbs: number): readonly string[] => {
  const all = group.messages.map(({ content }) => content).join('\n')
  return Array.from({ length: clbs }, (_, n) => `storm-${n}`).filter(
    (name) => !new RegExp(`\\b${name}(?!\\d)`).test(all),
  )
}
