import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { AbstractClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client'
import type { Secret } from '../model/secret.ts'
import { type Action, type RequestOf, type ResponseOf, SERVICES, type Service } from './actions.ts'

export interface Access {
  readonly credentials: {
    readonly secretId: Secret
    readonly secretKey: Secret
    readonly token: Secret | null
  }
  /** `tencentcloudapi.com`, or `internal.tencentcloudapi.com` inside a VPC. */
  readonly apiDomain: string
  /** Where to send requests in place of the real host; they keep its Host header and its signature. */
  readonly apiOrigin: string | null
}

/** One signed request, no more: no retry, no rate, no paging. */
export interface Transport {
  send<A extends Action>(
    action: A,
    request: RequestOf<A>,
    region: string,
    signal: AbortSignal,
  ): Promise<ResponseOf<A>>
  close(): void
}

const SOCKETS = 32
/** Seconds the SDK waits for one answer. */
const REQUEST_TIMEOUT_S = 10

/** SDK clients, one per service and region, made when first needed; connections are kept alive and shared. */
export function createTransport({ credentials, apiDomain, apiOrigin }: Access): Transport {
  const agent = agentFor(apiOrigin)
  const clients = new Map<string, AbstractClient>()
  const clientFor = (service: Service, region: string): AbstractClient => {
    const key = `${service} ${region}`
    const client =
      clients.get(key) ??
      new AbstractClient(`${service}.${apiDomain}`, SERVICES[service], {
        credential: {
          secretId: credentials.secretId.reveal(),
          secretKey: credentials.secretKey.reveal(),
          ...(credentials.token ? { token: credentials.token.reveal() } : {}),
        },
        region,
        profile: {
          httpProfile: {
            protocol: apiOrigin?.startsWith('http://') ? 'http://' : 'https://',
            reqTimeout: REQUEST_TIMEOUT_S,
            agent,
          },
        },
      })
    clients.set(key, client)
    return client
  }
  return {
    async send(action, request, region, signal) {
      const [service, name] = action.split(':') as [Service, string]
      return clientFor(service, region).request(name, request, { signal })
    },
    close: () => agent.destroy(),
  }
}

/**
 * The SDK derives Host and signature from the URL, so an origin is reached below it: the request says
 * `clb.tencentcloudapi.com`, the connection goes elsewhere.
 */
function agentFor(origin: string | null): http.Agent {
  const options = { keepAlive: true, maxSockets: SOCKETS, maxFreeSockets: SOCKETS }
  if (origin === null) return new https.Agent(options)
  const { hostname, port, protocol } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'https:')
    return Object.assign(new https.Agent(options), {
      createConnection: () =>
        tls.connect({ host, port: Number(port || 443), ...(net.isIP(host) > 0 ? {} : { servername: host }) }),
    })
  return Object.assign(new http.Agent(options), {
    createConnection: () => net.connect({ host, port: Number(port || 80) }),
  })
}
