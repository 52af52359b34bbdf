import { it } from 'vitest'
import { expectOneIncidentPerCause } from './kept-promises.ts'

// A tenth of `npm run bench:storm`.
it.each(['folder', 'redis'] as const)(
  'a storm of 500 callbacks becomes one incident per cause (%s)',
  (store) =>
    expectOneIncidentPerCause({
      callbacks: 500,
      perSecond: 100,
      clbs: 20,
      patienceMs: 40_000,
      causes: 5,
      store,
    }),
  120_000,
)
