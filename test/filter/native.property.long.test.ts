import { describe, it } from 'vitest'
import { testTables } from './native-comparison.ts'

describe('many random native tables', () => {
  it('give every source the end that a single packet has there', () => testTables({ runs: 10_000 }), 600_000)

  it(
    'are unknown exactly where the answers of what nobody can tell make a difference',
    () => testTables({ runs: 10_000, unclear: 'foreign' }),
    600_000,
  )
})
