import type { CloudSession } from '../../src/cloud/cloud.ts'
import { createFacts } from '../../src/cloud/facts.ts'

/** A session whose answers are made up: no sockets, no rate. */
export const sessionOf = (call: (...args: Parameters<CloudSession['call']>) => unknown): CloudSession => ({
  cost: { apiCalls: 0, retries: 0, waves: 0 },
  facts: createFacts({ turn: async () => null, gather: null, bounded: false }),
  call: async (...args) => (await call(...args)) as never,
})
