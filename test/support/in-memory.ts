import { type ResponseOf, SERVICES } from '../../src/cloud/actions.ts'
import { classify } from '../../src/cloud/classify.ts'
import { parseExactly } from '../../src/cloud/long-integers.ts'
import type { Transport } from '../../src/cloud/transport.ts'
import type { SimulatedApi } from '../../src/simulator/simulated-api.ts'

/** Requests and answers as the JSON texts that sockets would carry; no signature, no connection. */
export function transportTo(api: SimulatedApi): Transport {
  return {
    async send(action, request, region, signal) {
      const [service = ''] = action.split(':')
      const reply = await api.answer(
        {
          action,
          region,
          version: Object.entries(SERVICES).find(([name]) => name === service)?.[1],
          body: JSON.stringify(request, inFull).replace(/"\\u0000(-?\d+)"/g, '$1'),
          refusal: null,
        },
        signal,
      )
      const failure = (what: object) =>
        classify(Object.assign(new Error(), { traceId: '' }, what), action, signal.aborted)
      if (reply.kind === 'http') throw failure({ httpCode: reply.status })
      if (reply.kind !== 'answer') throw new Error(`${reply.kind} needs sockets`)
      const parse: (text: string) => unknown =
        action === 'cloudaudit:DescribeEvents' ? parseExactly : JSON.parse
      const { Response } = parse(reply.text) as { Response: ResponseOf<typeof action> }
      if ('Error' in Response) {
        const { Code: code, Message: message } = Response.Error as { Code: string; Message: string }
        throw failure({ code, message })
      }
      return Response
    },
    dropIdle() {},
    close() {},
  }
}

const inFull = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `\u0000${value}` : value)
