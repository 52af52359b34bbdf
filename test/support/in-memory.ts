import { SERVICES } from '../../src/cloud/actions.ts'
import { readAnswer } from '../../src/cloud/answer.ts'
import { writeExactly } from '../../src/cloud/exact-json.ts'
import type { Transport } from '../../src/cloud/transport.ts'
import type { SimulatedApi } from '../../src/simulator/simulated-api.ts'

/** Passes requests and answers as JSON texts, without sockets and without signatures. */
export function transportTo(api: SimulatedApi): Transport {
  return {
    async send(action, request, region, signal) {
      const [service = ''] = action.split(':')
      const version = Object.entries(SERVICES).find(([name]) => name === service)?.[1]
      const reply = await api.answer(
        { action, region, version, body: writeExactly(request), refusal: null },
        signal,
      )
      if (reply.kind === 'http') return readAnswer(action, { status: reply.status, text: '' })
      if (reply.kind !== 'answer') throw new Error(`${reply.kind} needs sockets`)
      return readAnswer(action, { status: 200, text: reply.text })
    },
    dropIdle() {},
    close() {},
  }
}
