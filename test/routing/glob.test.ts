import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits } from '../../src/routing/glob.ts'

describe('a pattern', () => {
  it.each([
    ['test-*', 'test-', true],
    ['test-*', 'test-shop', true],
    ['test-*', 'a-test-shop', false],
    ['*-test', 'shop-test', true],
    ['*shop*', 'web-shop-front', true],
    ['*', '', true],
    ['', '', true],
    ['', 'x', false],
    ['?', '', false],
    ['shop-?', 'shop-1', true],
    ['shop-?', 'shop-12', false],
    ['商城-?', '商城-前', true],
    ['?', '😀', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['Shop', 'shop', false],
  ])('%j fits %j: %s', (pattern, text, isFit) => {
    expect(fits(pattern, text)).toBe(isFit)
  })

  it('fits what its regular expression fits', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, letters, (given, text) => {
        const source = given.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
        expect(fits(given, text)).toBe(new RegExp(`^${source}$`).test(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('with many stars ends soon', () => {
    expect(fits('*a'.repeat(100), `${'a'.repeat(2_000)}b`)).toBe(false)
  })
})
