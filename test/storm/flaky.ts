import http from 'node:http'
import { bodyOf, closeAtOnce, listenOnLoopback } from '../../src/simulator/listen.ts'
import type { Random } from '../fuzz/random.ts'

// Stands before a receiver and fails part of the time, as a bad network does.

export interface Flaky {
  /** The address of the receiver, with this in front of it. */
  through(address: string): string
  close(): Promise<void>
}

/** Of one connection, and not of the request. */
const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect'])

type Failure = 'refused' | 'reset' | 'answer lost' | null

/** What fails, and how much of it, from 0 to 1. */
interface Trouble {
  readonly part: number
  /** A ticket is always made, and only the answer is lost. Else its receiver has to wait minutes before it makes another one. */
  readonly makesTickets?: boolean
}

/** The request that makes a ticket in Jira. */
const isCreation = ({ method, url = '' }: http.IncomingMessage): boolean =>
  method === 'POST' && url.endsWith('/issue')

export async function startFlaky(
  target: URL,
  { part, makesTickets = false }: Trouble,
  random: Random,
): Promise<Flaky> {
  const failure = (req: http.IncomingMessage): Failure => {
    if (!random.chance(part)) return null
    const kind = random.pick(['refused', 'reset', 'answer lost'] as const)
    return makesTickets && isCreation(req) ? 'answer lost' : kind
  }
  const server = http.createServer(async (req, res) => {
    const body = await bodyOf(req)
    const kind = failure(req)
    if (kind === 'refused') return res.writeHead(503).end()
    if (kind === 'reset') return req.socket.destroy()
    const own = Object.entries(req.headers).filter(([name]) => !HOP.has(name))
    const method = req.method ?? 'POST'
    const answer = await fetch(new URL(req.url ?? '/', target.origin), {
      method,
      headers: Object.fromEntries(own) as Record<string, string>,
      ...(method === 'GET' ? {} : { body }),
    }).catch(() => null)
    if (kind === 'answer lost' || answer === null) return req.socket.destroy()
    const text = await answer.text()
    return res
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(answer.status === 204 ? '' : text)
  })
  const port = await listenOnLoopback(server, 0)
  return {
    through: (address) => address.replace(target.host, `127.0.0.1:${port}`),
    close: () => closeAtOnce(server),
  }
}

/** Takes requests and never answers. */
export async function startHanging(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = http.createServer((req) => void req.resume())
  const port = await listenOnLoopback(server, 0)
  return { address: `webhook+http://127.0.0.1:${port}/hangs`, close: () => closeAtOnce(server) }
}
