import http from 'node:http'
import net from 'node:net'
import { AbstractClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client'
import Sign from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign'
import { SERVICES } from '../../src/cloud/actions.ts'
import type { Scenario, Simulator, World } from '../../src/simulator/index.ts'
import { type Fate, fatesOf, type Status, statusOf } from '../../src/simulator/packets.ts'
import type { Backend, Balancer, Listener, Rule } from '../../src/simulator/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field, without the product's types
export type Response = Record<string, any>

const portOf = (simulator: Simulator): number => Number(new URL(simulator.origin).port)

/** Calls with the real SDK. Its connections go to the simulator; Host and signature are for the real address. */
export async function ask(
  simulator: Simulator,
  action: string,
  request: object = {},
  options: { readonly region?: string; readonly secretId?: string; readonly secretKey?: string } = {},
): Promise<Response> {
  const [service = '', name = ''] = action.split(':')
  const agent = new http.Agent()
  Object.assign(agent, { createConnection: () => net.connect(portOf(simulator), '127.0.0.1') })
  const client = new AbstractClient(
    `${service}.tencentcloudapi.com`,
    (SERVICES as Readonly<Record<string, string>>)[service] ?? '',
    {
      credential: { ...simulator.credentials, ...options },
      region: options.region ?? 'ap-guangzhou',
      profile: { httpProfile: { protocol: 'http://', agent } },
    },
  )
  try {
    return await client.request(name, request)
  } finally {
    agent.destroy()
  }
}

/** The error code of a call that fails. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => {
      throw new Error(`expected an error, got ${JSON.stringify(value)}`)
    },
    (error: { code?: string; message: string }) => error.code ?? `no code: ${error.message}`,
  )

export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** A valid request with a signature of the SDK. A test can spoil it. */
export function signed(
  simulator: Simulator,
  at: number,
  given: { readonly service?: string; readonly host?: string; readonly secretKey?: string } = {},
): RawRequest {
  const host = given.host ?? 'clb.tencentcloudapi.com'
  const timestamp = Math.floor(at / 1000)
  const payload = { LoadBalancerIds: ['lb-7dpmqwcu'] }
  const authorization = Sign.sign3({
    method: 'POST',
    url: `https://${host}/`,
    payload,
    timestamp,
    service: given.service ?? 'clb',
    secretId: simulator.credentials.secretId,
    secretKey: given.secretKey ?? simulator.credentials.secretKey,
    multipart: false,
    boundary: '',
    headers: { 'Content-Type': 'application/json' },
  })
  return {
    method: 'POST',
    path: '/',
    body: JSON.stringify(payload),
    headers: {
      host,
      'content-type': 'application/json',
      authorization,
      'x-tc-action': 'DescribeLoadBalancers',
      'x-tc-version': '2018-03-17',
      'x-tc-region': 'ap-guangzhou',
      'x-tc-timestamp': String(timestamp),
    },
  }
}

export interface RawAnswer {
  readonly status: number
  readonly text: string
}

/** Rejects with the socket's error if the answer is incomplete. */
export const sendRaw = (simulator: Simulator, { body, ...rest }: RawRequest): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const request = http.request(
      { ...rest, port: portOf(simulator), hostname: '127.0.0.1', agent: false },
      (response) => {
        let text = ''
        response.on('error', reject)
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    request.on('error', reject)
    request.end(body)
  })

/** The error code in a raw answer; null if there is no error. */
export const rawCode = ({ text }: RawAnswer): string | null => JSON.parse(text).Response.Error?.Code ?? null

export interface Seen {
  readonly balancer: Balancer
  readonly listener: Listener
  readonly rule: Rule
  readonly backend: Backend
  readonly status: Status
  readonly fates: readonly Fate[]
}

/** Every backend of one CLB, with its status and the fates of its probes. */
export function lookAt(world: World, loadBalancerId: string): readonly Seen[] {
  const balancer = world.balancers.find(({ id }) => id === loadBalancerId)
  if (!balancer) throw new Error(loadBalancerId)
  return balancer.listeners.flatMap((listener) =>
    listener.rules.flatMap((rule) => {
      const group = world.targetGroups.find(({ id }) => id === rule.targetGroupId)
      return (group?.members ?? rule.backends).map((backend) => ({
        balancer,
        listener,
        rule,
        backend,
        status: statusOf(world, balancer, listener, rule, backend),
        fates: fatesOf(world, balancer, listener, rule, backend),
      }))
    }),
  )
}

export const worldOf = (scenario: Scenario | undefined): World => {
  if (!scenario) throw new Error('no such scenario')
  return scenario.build()
}
