import type { IncomingMessage, Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../model/log.ts'
import { sourceOf } from './attempts.ts'
import { createTally } from './tally.ts'

// What `serve` allows a client's connection: how many there are, and how long it may take to send a request.

export interface ConnectionLimits {
  /** The most connections at a time. */
  readonly total: number
  /** The most of one address, or of one /64 of IPv6. This machine is exempt, because its proxy has one address. */
  readonly perSource: number
  /** The longest time for the headers of a request, ms. */
  readonly headersMs: number
  /** The longest time for a whole request with its body, ms. */
  readonly requestMs: number
}

export const LIMITS: ConnectionLimits = {
  total: 1_024,
  perSource: 256,
  headersMs: 10_000,
  // The sender of an alarm gives up after 5 s (intake facts 1.6).
  requestMs: 15_000,
}

/** A diagnosis may read for 30 s before the first byte of its answer. */
const IDLE_MS = 60_000

/** Node cuts a request that takes too long, with 408. */
export const serverOptions = ({ headersMs, requestMs }: ConnectionLimits): ServerOptions => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.min(1_000, headersMs),
})

/** Closes connections over the limits. The log says at most once a minute how many. */
export function limitConnections(
  server: Server,
  { total, perSource }: ConnectionLimits,
  log: Log,
  now: () => number,
): void {
  const closed = createTally({
    now,
    report: ({ count, sources }) =>
      log.warn('connections were closed: too many at a time', { count, from: sources }),
  })
  const open = new Map<string, number>()
  server.maxConnections = total
  server.timeout = IDLE_MS
  server.on('drop', (dropped) => closed.add(sourceOf(dropped?.remoteAddress ?? null)))
  server.on('connection', (socket: Socket) => {
    const source = sourceOf(socket.remoteAddress ?? null)
    const count = (open.get(source) ?? 0) + 1
    open.set(source, count)
    socket.once('close', () => {
      const left = (open.get(source) ?? 1) - 1
      if (left > 0) open.set(source, left)
      else open.delete(source)
    })
    if (count <= perSource || /^127\.|^0:0:0:0::/.test(source)) return
    closed.add(source)
    socket.destroy()
  })
}

const MOST_BYTES = 64 * 1024 * 1024
const PATIENCE_MS = 10_000

/**
 * Reads and drops the rest of a request that is already answered. If the connection were closed, a client that still
 * sends would get a reset in place of the answer. Closes it after 10 s or 64 MiB.
 */
export function drain(incoming: IncomingMessage): void {
  if (incoming.complete || incoming.destroyed) return
  let isClosed = false
  const close = (): void => {
    if (isClosed || incoming.complete) return
    isClosed = true
    incoming.socket.destroySoon()
  }
  const patience = setTimeout(close, PATIENCE_MS)
  patience.unref()
  let bytes = 0
  // The reader of the body has stopped, and would only keep it in memory.
  incoming.removeAllListeners('data')
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) close()
  })
  for (const event of ['end', 'close', 'error'] as const) incoming.once(event, () => clearTimeout(patience))
  incoming.resume()
}
