import type { Action, RequestOf } from '../../src/cloud/actions.ts'
import type { CallOptions, CloudSession } from '../../src/cloud/cloud.ts'
import { admit } from '../../src/cloud/door.ts'
import { createFacts } from '../../src/cloud/facts.ts'

/** A session with made-up answers, which `admit` reads. It has no sockets and no rate limit. */
export const sessionOf = (
  answer: (action: Action, request: RequestOf<Action>, options: CallOptions) => unknown,
): CloudSession => ({
  cost: { apiCalls: 0, retries: 0, waves: 0 },
  facts: createFacts({ turn: async () => null, gather: null, bounded: false }),
  call: async (action, request, options) => admit(action, request, await answer(action, request, options)),
})
