import type http from 'node:http'
import Sign from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign'
import type { Secret } from '../model/secret.ts'
import { createAgent, PostError, type Proxies, post, type Received } from '../net/index.ts'
import { type Action, type RequestOf, SERVICES, type Service } from './actions.ts'
import { isPassing, malformed, readAnswer } from './answer.ts'
import { CloudError } from './errors.ts'
import { writeExactly } from './exact-json.ts'
import { createCleaner } from './secrets.ts'

export interface Access {
  readonly credentials: {
    readonly secretId: Secret
    readonly secretKey: Secret
    readonly token: Secret | null
  }
  /** `tencentcloudapi.com`, or `internal.tencentcloudapi.com` inside a VPC. */
  readonly apiDomain: string
  /** Sends requests here instead of to the real host. They keep its Host header and signature. */
  readonly apiOrigin: string | null
  readonly proxies: Proxies
}

/** Sends one signed request, without retry, rate limit or paging. */
export interface Transport {
  /**
   * The API's answer, not yet checked.
   * @throws CloudError without secrets
   */
  send<A extends Action>(
    action: A,
    request: RequestOf<A>,
    region: string,
    signal: AbortSignal,
  ): Promise<unknown>
  /** Closes the idle connections. */
  dropIdle(): void
  close(): void
}

const SOCKETS_PER_HOST = 32
const CONNECTIONS = { keepAlive: true, maxSockets: SOCKETS_PER_HOST, maxFreeSockets: SOCKETS_PER_HOST }
const LIMITS = { connect: 10_000, head: 10_000, body: 10_000 }
const CONTENT_TYPE = 'application/json'

/** The SDK is CommonJS. Node and bundlers put its default export in different places. */
const hasDefault = (module: object): module is { readonly default: typeof Sign } => 'default' in module
const { sign3 } = hasDefault(Sign) ? Sign.default : Sign

export function createTransport({ credentials, apiDomain, apiOrigin, proxies }: Access): Transport {
  const secretId = credentials.secretId.reveal()
  const secretKey = credentials.secretKey.reveal()
  const token = credentials.token?.reveal()
  const clean = createCleaner([secretId, secretKey, ...(token === undefined ? [] : [token])])
  const agents = new Map<string, Promise<http.Agent>>()
  const opened: http.Agent[] = []

  function agentFor(url: URL): Promise<http.Agent> {
    const known = agents.get(url.host)
    if (known) return known
    const agent = createAgent(url, proxies, CONNECTIONS).then((created) => {
      opened.push(created)
      return created
    })
    agents.set(url.host, agent)
    return agent
  }

  function headersFor(action: Action, body: string, region: string) {
    const [service, name] = action.split(':') as [Service, string]
    const host = `${service}.${apiDomain}`
    const timestamp = Math.floor(Date.now() / 1000)
    return {
      Host: host,
      'Content-Type': CONTENT_TYPE,
      'Accept-Encoding': 'gzip',
      'X-TC-Action': name,
      'X-TC-Region': region,
      'X-TC-Timestamp': String(timestamp),
      'X-TC-Version': SERVICES[service],
      ...(token === undefined ? {} : { 'X-TC-Token': token }),
      Authorization: sign3({
        url: `https://${host}/`,
        payload: Buffer.from(body),
        timestamp,
        service,
        secretId,
        secretKey,
        multipart: false,
        boundary: '',
        headers: { 'Content-Type': CONTENT_TYPE },
      }),
    }
  }

  return {
    async send(action, request, region, signal) {
      const body = writeExactly(request)
      const headers = headersFor(action, body, region)
      const url = new URL(apiOrigin ?? `https://${headers.Host}`)
      const agent = await agentFor(url)
      const received = await post(url, { headers, body, agent, signal, limits: LIMITS }).catch(
        (error: unknown) => {
          throw signal.aborted ? error : fromNetwork(action, error)
        },
      )
      return readAnswer(action, { status: received.status, text: await textOf(action, received) }, clean)
    },
    dropIdle() {
      for (const { freeSockets } of opened)
        for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy()
    },
    close() {
      for (const agent of opened) agent.destroy()
    },
  }
}

async function textOf(action: Action, { headers, body }: Received): Promise<string> {
  if (headers['content-encoding'] !== 'gzip') return body.toString()
  const { gunzipSync } = await import('node:zlib')
  try {
    return gunzipSync(body).toString()
  } catch {
    throw malformed(action, 'NotGzip')
  }
}

function fromNetwork(action: Action, error: unknown): unknown {
  if (!(error instanceof PostError)) return error
  if (error.code.startsWith('HPE_')) return malformed(action, 'NotHttp')
  const code = error.isTls ? 'Tls' : error.code
  return new CloudError('unavailable', action, code, `no answer from the API: ${error.message}`, {
    cause: error,
    retryable: error.proxyStatus === null || isPassing(error.proxyStatus),
  })
}
