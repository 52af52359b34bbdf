import { createHash, createHmac } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createCloud } from '../../src/cloud/session.ts'
import type { Transport } from '../../src/cloud/transport.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import { type Log, silentLog } from '../../src/model/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { NO_PROXIES } from '../../src/net/index.ts'

/** Made-up secrets, long enough to search for them in every output. */
export const PLANTED = {
  secretId: 'AKIDplantedplantedplanted0123456789',
  secretKey: 'plantedKEYplantedKEYplantedKEY01',
  token: 'plantedTOKEN+planted/TOKEN+planted/TOKEN==',
}

export interface Seen {
  readonly host: string
  readonly action: string
  readonly region: string
  readonly version: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Record<string, unknown>
  /** The body as text. */
  readonly text: string
  /** The number of the connection, from 1. */
  readonly connection: number
  /** Null if the signature is right, otherwise its fault. */
  readonly signatureFault: string | null
}

export type Reply = (seen: Seen, response: http.ServerResponse, socket: Socket) => void | Promise<void>

export const json = (response: http.ServerResponse, value: unknown): void => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}
export const answerWith =
  (fields: object): Reply =>
  (_, response) =>
    json(response, { Response: { ...fields, RequestId: 'req-1' } })
export const failWith =
  (Code: string, Message = 'no'): Reply =>
  (_, response) =>
    json(response, { Response: { Error: { Code, Message }, RequestId: 'req-1' } })
export const status =
  (code: number, body = 'oops'): Reply =>
  (_, response) => {
    response.writeHead(code).end(body)
  }
export const raw =
  (bytes: string): Reply =>
  (_, __, socket) => {
    socket.end(bytes)
  }
export const reset: Reply = (_, __, socket) => {
  socket.resetAndDestroy()
}
/** Never answers. */
export const hold: Reply = () => undefined

/** Gives the replies in order, then repeats the last one. */
export function inTurn(...replies: readonly Reply[]): Reply {
  let n = 0
  return (seen, response, socket) => {
    const reply = replies[Math.min(n++, replies.length - 1)]
    return reply?.(seen, response, socket)
  }
}

export interface Api extends AsyncDisposable {
  readonly origin: string
  readonly seen: readonly Seen[]
  reply: Reply
}

/** A server in the place of the API. It checks the signatures and gives the reply of the test. */
export async function startApi(reply: Reply = answerWith({})): Promise<Api> {
  const seen: Seen[] = []
  const connections = new Map<Socket, number>()
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const header = (name: string) => String(request.headers[name] ?? '')
    const entry: Seen = {
      host: header('host'),
      action: header('x-tc-action'),
      region: header('x-tc-region'),
      version: header('x-tc-version'),
      headers: request.headers,
      body: JSON.parse(body.toString()),
      text: body.toString(),
      connection: connections.get(request.socket) ?? 0,
      signatureFault: signatureFault(request, body),
    }
    seen.push(entry)
    await api.reply(entry, response, request.socket)
  })
  server.on('connection', (socket) => {
    connections.set(socket, connections.size + 1)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api: Api = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    reply,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return api
}

/** TC3-HMAC-SHA256, written from its documentation: https://www.tencentcloud.com/document/api/214/33225 */
function signatureFault(request: http.IncomingMessage, body: Buffer): string | null {
  const given =
    /^TC3-HMAC-SHA256 Credential=(\S+?)\/([\d-]+)\/(\w+)\/tc3_request, SignedHeaders=(\S+), Signature=(\w+)$/
  const [, id, date = '', service = '', names = '', signature] =
    given.exec(String(request.headers.authorization)) ?? []
  if (id !== PLANTED.secretId) return `credential ${id}`
  const host = String(request.headers.host)
  if (service !== host.split('.')[0]) return `service ${service} for ${host}`
  const timestamp = String(request.headers['x-tc-timestamp'])
  if (new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date) return `date ${date}`
  const sha = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name]).toLowerCase()}\n`)
  const canonical = ['POST', '/', '', headers.join(''), names, sha(body)].join('\n')
  const scope = `${date}/${service}/tc3_request`
  const toSign = ['TC3-HMAC-SHA256', timestamp, scope, sha(canonical)].join('\n')
  const key = hmac(hmac(hmac(`TC3${PLANTED.secretKey}`, date), service), 'tc3_request')
  return hmac(key, toSign).toString('hex') === signature ? null : 'signature'
}

/** The real client for `origin`, with the planted credentials. A test can set the clock and the random numbers. */
export function cloudAt(
  origin: string,
  options: {
    readonly clock?: Clock
    readonly log?: Log
    readonly rate?: number
    readonly random?: () => number
    readonly transport?: Transport
  } = {},
) {
  const cloud = createCloud({
    credentials: {
      secretId: new Secret(PLANTED.secretId),
      secretKey: new Secret(PLANTED.secretKey),
      token: new Secret(PLANTED.token),
    },
    apiDomain: 'tencentcloudapi.com',
    apiOrigin: origin,
    proxies: NO_PROXIES,
    ratePerSecond: options.rate ?? 1_000,
    clock: options.clock ?? systemClock,
    random: options.random ?? (() => 0),
    log: options.log ?? silentLog,
    ...(options.transport ? { transport: options.transport } : {}),
  })
  return Object.assign(cloud, { [Symbol.dispose]: () => cloud.close() })
}

export const never = (): AbortSignal => new AbortController().signal
export const GUANGZHOU = { region: 'ap-guangzhou', wave: 1 } as const

/** The error of a promise that rejects. */
export const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
