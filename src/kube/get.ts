import { gunzipSync } from 'node:zlib'
import type { FactProblem } from '../model/fact.ts'
import { Secret } from '../model/secret.ts'
import { createAgent, PostError, type Proxies, parseProxy, post } from '../net/index.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** One answer of the API. `value` is undefined if it is no JSON. */
export interface Answer {
  readonly status: number
  readonly value: unknown
}

/** Reads one path. Rejects with a CallError if there is no answer. */
export type Get = (path: string, signal: AbortSignal) => Promise<Answer>

/** The API gave no answer that can be used. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly problem: FactProblem
  readonly code: string

  constructor(problem: FactProblem, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
    this.code = code
  }
}

const LIMITS = { connect: 5_000, head: 10_000, body: 10_000 }
/** A page of 500 pods has at most a few MB. */
const MOST_BYTES = 64 * 1024 * 1024

export interface Connection {
  readonly get: Get
  close(): void
}

/** Connections to one cluster, through the proxy for it or direct. */
export async function connect(access: ClusterAccess, proxies: Proxies): Promise<Connection> {
  const { server, token, tls } = access
  const own = access.proxy === null ? null : parseProxy(access.proxy)
  const agent = await createAgent(server, own === null ? proxies : { ...proxies, https: own, exempt: '' }, {
    keepAlive: true,
    maxSockets: 8,
    ...tls,
  })
  const bearer = token === null ? null : new Secret(token)
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': 'clb-doctor',
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer.reveal()}` }),
  }
  return {
    async get(path, signal) {
      const url = new URL(`${server.pathname.replace(/\/$/, '')}${path}`, server)
      try {
        const received = await post(url, {
          method: 'GET',
          headers,
          body: '',
          agent,
          signal,
          limits: LIMITS,
          mostBytes: MOST_BYTES,
        })
        const body =
          received.headers['content-encoding'] === 'gzip' ? gunzipSync(received.body) : received.body
        return { status: received.status, value: parsed(body.toString()) }
      } catch (error) {
        throw failureOf(error, server.host, signal)
      }
    },
    close: () => agent.destroy(),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function failureOf(error: unknown, host: string, signal: AbortSignal): unknown {
  if (signal.aborted) return new CallError('deadline', 'Deadline', host, { cause: error })
  if (!(error instanceof PostError)) return new CallError('malformed', 'NotGzip', host, { cause: error })
  if (error.code.startsWith('HPE_')) return new CallError('malformed', 'NotHttp', host, { cause: error })
  const code = error.isTls ? 'Tls' : error.code
  return new CallError(error.code === 'Timeout' ? 'deadline' : 'unavailable', code, host, { cause: error })
}
