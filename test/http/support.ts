import { connect } from 'node:net'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { type AppOptions, createApp } from '../../src/http/app.ts'
import type { ConnectionLimits } from '../../src/http/connections.ts'
import { serve } from '../../src/http/serve.ts'
import type { Log } from '../../src/model/log.ts'

export const ALARM_TOKEN = 'alarm-t0ken-of-16'
export const API_TOKEN = 'api-t0ken-of-16-letters'

export interface Logged {
  readonly log: Log
  readonly lines: string[]
}

export function logged(): Logged {
  const lines: string[] = []
  const at =
    (level: string) =>
    (message: string, fields: object = {}): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
    }
  return { lines, log: { info: at('info'), warn: at('warn'), error: at('error') } }
}

const CREDENTIALS = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' }
export const TOKENS = { CLB_DOCTOR_ALARM_TOKEN: ALARM_TOKEN, CLB_DOCTOR_API_TOKEN: API_TOKEN }

/** A context whose cloud does not answer. */
export const contextWith = (log: Log, env: Readonly<Record<string, string>> = TOKENS) =>
  createContext(loadConfig({ ...CREDENTIALS, CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1:9', ...env }), log)

/** The routes alone. `enqueue` takes everything. */
export function appWith(env?: Readonly<Record<string, string>>, part: Partial<AppOptions> = {}) {
  const { log, lines } = logged()
  const context = contextWith(log, env)
  const app = createApp({
    context,
    enqueue: async () => 'enqueued',
    trustLoopback: true,
    slowsWrongTokens: false,
    addressOf: () => '198.51.100.7',
    readBudget: 1_000,
    ...part,
  })
  return { app, lines, context }
}

export async function served(
  env?: Readonly<Record<string, string>>,
  limits?: ConnectionLimits,
  host = '127.0.0.1',
) {
  const { log, lines } = logged()
  const context = contextWith(log, env)
  const server = await serve(context, { host, port: 0, ...(limits ? { limits } : {}) })
  return {
    lines,
    port: server.address.port,
    at: (path: string): string => `http://127.0.0.1:${server.address.port}${path}`,
    stop: async (): Promise<void> => {
      await server.stop()
      context.close()
    },
  }
}

/** Everything that a connection answers to these parts, sent with a pause between them, until it ends. */
export async function sent(port: number, parts: readonly (string | Buffer)[], pauseMs = 0): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  let failure = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code ?? 'failed'
  })
  const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  for (const part of parts) {
    if (socket.destroyed) break
    await new Promise<void>((resolve) => socket.write(part, () => resolve()))
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3_000).unref())])
  socket.destroy()
  return answer || failure
}
