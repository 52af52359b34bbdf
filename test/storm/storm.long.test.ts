import { it } from 'vitest'
import { expectOneIncidentPerCause } from './kept-promises.ts'

// The whole of `npm run bench:storm`, without its times.
it.each(['folder', 'redis'] as const)(
  'a storm of 5,000 callbacks in ten seconds becomes one incident per cause (%s)',
  (store) =>
    expectOneIncidentPerCause({
      callbacks: 5_000,
      perSecond: 500,
      clbs: 50,
      patienceMs: 60_000,
      causes: 5,
      store,
    }),
  180_000,
)
