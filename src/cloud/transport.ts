import { AbstractClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client'
import type { Secret } from '../model/secret.ts'
import { type Action, type RequestOf, type ResponseOf, SERVICES, type Service } from './actions.ts'
import { createAgent, dropIdle } from './agent.ts'
import { CloudError } from './errors.ts'
import { keepLongIntegers } from './long-integers.ts'
import { createScrubber } from './scrub.ts'

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
  /** @throws what the SDK throws, free of secrets; a CloudError for an answer without `RequestId` */
  send<A extends Action>(
    action: A,
    request: RequestOf<A>,
    region: string,
    signal: AbortSignal,
  ): Promise<ResponseOf<A>>
  /** Closes the connections that wait for a next request. */
  dropIdle(): void
  close(): void
}

const WITH_LONG_INTEGERS: ReadonlySet<Action> = new Set(['cloudaudit:DescribeEvents'])

/** Seconds the SDK waits for the head of an answer, and again for its body. */
const REQUEST_TIMEOUT_S = 10

/** The SDK's signing over kept-alive connections. Its clients hold nothing but settings: one is made per request. */
export function createTransport({ credentials, apiDomain, apiOrigin }: Access): Transport {
  const agent = createAgent(apiOrigin)
  const credential = {
    secretId: credentials.secretId.reveal(),
    secretKey: credentials.secretKey.reveal(),
    ...(credentials.token ? { token: credentials.token.reveal() } : {}),
  }
  const scrub = createScrubber(Object.values(credential))
  const httpProfile = {
    protocol: apiOrigin?.startsWith('http://') ? 'http://' : 'https://',
    reqTimeout: REQUEST_TIMEOUT_S,
    agent,
  }
  return {
    async send(action, request, region, signal) {
      const [service, name] = action.split(':') as [Service, string]
      const client = new AbstractClient(`${service}.${apiDomain}`, SERVICES[service], {
        credential,
        region,
        profile: { httpProfile },
      })
      if (WITH_LONG_INTEGERS.has(action)) keepLongIntegers(client)
      const answer: unknown = await client.request(name, request, { signal }).catch((thrown: unknown) => {
        throw scrub(thrown)
      })
      if (!isAnswer(answer))
        throw new CloudError('malformed', action, 'NoRequestId', 'the answer is not what the API documents')
      return answer as ResponseOf<typeof action>
    },
    dropIdle: () => dropIdle(agent),
    close: () => agent.destroy(),
  }
}

/** Every answer has one; the SDK also lets a text, a list or an event stream through as an answer. */
const isAnswer = (answer: unknown): boolean =>
  typeof answer === 'object' &&
  answer !== null &&
  'RequestId' in answer &&
  typeof answer.RequestId === 'string'
