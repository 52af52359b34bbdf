import http from 'node:http'
import { ApiError } from './api.ts'
import { misbehave } from './faults.ts'
import { bodyOf, closeAtOnce, listenOnLoopback } from './listen.ts'
import { type ApiOptions, createSimulatedApi, type SimulatedApi } from './simulated-api.ts'
import { hostOf, type SignedRequest, verify } from './tc3.ts'
import type { World } from './world.ts'

export interface Simulator extends Pick<SimulatedApi, 'calls' | 'faults'> {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  readonly credentials: { readonly secretId: string; readonly secretKey: string }
  close(): Promise<void>
}

export interface SimulatorOptions extends ApiOptions {
  /** If left out, a free port. */
  readonly port?: number
}

const CREDENTIALS = {
  secretId: 'AKIDsimulated0000000000000000000000',
  secretKey: 'simulated-secret-key',
} as const

/** Starts the simulated API on a loopback port. It checks signatures and answers as documented. */
export async function startSimulator(world: World, options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? Date.now
  const api = createSimulatedApi(world, options)

  function refusalOf({ method, url }: http.IncomingMessage, request: SignedRequest): ApiError | null {
    if (method !== 'POST' || url !== '/')
      return new ApiError('UnsupportedProtocol', 'only POST / is simulated')
    const refused = verify(request, CREDENTIALS, now())
    return refused && new ApiError(refused.code, refused.message)
  }

  async function handle(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const body = await bodyOf(req)
    const headers = req.headers as Record<string, string | undefined>
    const reply = await api.answer({
      action: `${hostOf(headers).split('.')[0]}:${headers['x-tc-action'] ?? ''}`,
      region: headers['x-tc-region'] ?? null,
      version: headers['x-tc-version'],
      body,
      refusal: refusalOf(req, { headers, body }),
    })
    if (reply.kind !== 'answer') return misbehave(reply, res)
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(reply.text)
  }

  const server = http.createServer((req, res) => {
    handle(req, res).catch((error: unknown) => {
      // The client has gone away, or the simulator is closing: an answer would reach nobody.
      res.destroy(error instanceof Error ? error : undefined)
    })
  })
  const port = await listenOnLoopback(server, options.port ?? 0)
  return {
    origin: `http://127.0.0.1:${port}`,
    credentials: CREDENTIALS,
    faults: api.faults,
    calls: api.calls,
    close() {
      api.close()
      return closeAtOnce(server)
    },
  }
}
