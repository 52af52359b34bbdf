import { describe, it } from 'vitest'
import { testTables } from './native-comparison.ts'

describe('random native tables', () => {
  it('give every source the end that a single packet has there', () => testTables({ runs: 300 }))

  it('are unknown exactly where the answers of what nobody can tell make a difference', () =>
    testTables({ runs: 200, unclear: 'foreign' }))
})
