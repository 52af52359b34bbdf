import http from 'node:http'
import { bodyOf, closeAtOnce, listenOnLoopback } from '../../../src/simulator/listen.ts'

// What the stand-ins of receivers share. A stand-in has the documented limits, codes and signatures of the service and
// refuses what the service would refuse.

/** A message as people see it. */
export interface Shown {
  readonly text: string
  /** Whom it mentions. */
  readonly mentions: readonly string[]
}

export interface StandIn {
  /** `http://127.0.0.1:port/…`, with everything that the service's own address has. */
  readonly url: string
  readonly shown: readonly Shown[]
  close(): Promise<void>
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  /** The connection ends without the answer. */
  readonly isLost?: boolean
}

export interface Arrived {
  readonly url: URL
  readonly method: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export type Now = () => number

/** Serves `judge` on a port of loopback. */
export async function standIn(
  path: string,
  judge: (request: Arrived, show: (message: Shown) => void) => Reply,
): Promise<StandIn> {
  const shown: Shown[] = []
  const server = http.createServer((req, res) => {
    void bodyOf(req).then((body) => {
      const url = new URL(req.url ?? '/', 'http://127.0.0.1')
      const request = { url, method: req.method ?? '', headers: req.headers, body }
      const reply = judge(request, (message) => shown.push(message))
      if (reply.isLost) return void res.destroy()
      res.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
      res.end(reply.body)
    })
  })
  const port = await listenOnLoopback(server, 0)
  return { url: `http://127.0.0.1:${port}${path}`, shown, close: () => closeAtOnce(server) }
}

/** Counts what arrived. False if more than `most` would have arrived in `perMs`. */
export function windowOf(most: number, perMs: number, now: Now): () => boolean {
  const arrivals: number[] = []
  return () => {
    if (arrivals.filter((at) => now() - at < perMs).length >= most) return false
    arrivals.push(now())
    return true
  }
}

export function objectIn(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown> | null)
      : null
  } catch {
    return null
  }
}

export const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

/** Addresses that a chat would make links of, besides those in `[text](address)` and in code. */
export function linksIn(markdown: string): readonly string[] {
  const own = [...markdown.matchAll(/\]\(([^)\s]*)\)/g)].map((match) => match[1] ?? '')
  const rest = markdown.replace(/\]\([^)\s]*\)/g, ']').replace(/`[^`\n]*`/g, '')
  const found = rest.match(
    /\b[a-z][a-z0-9+.-]*:\/\/\S+|\bwww[.．。｡](?!\u2060)\S+|[^\s/.]+[.．](?!json\b)\p{L}{2,}|[a-z\d_-]+[。｡][a-z]{2,}/giu,
  )
  return [...own, ...(found ?? [])]
}
