import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExactly, writeExactly } from '../../src/cloud/exact-json.ts'
import { cloudAt, failureOf, GUANGZHOU, inTurn, never, type Reply, startApi } from './api.ts'

const TOKEN = '16805138109322957'
const body =
  (text: string): Reply =>
  (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(text)
  }

describe('JSON with long integers', () => {
  it('is parsed as by JSON.parse, except that long integers become texts', () => {
    const inDigits = (_: string, value: unknown): unknown =>
      Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value))
        ? String(value)
        : value
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false, maxDepth: 3 }), (text) => {
        expect(parseExactly(text)).toEqual(JSON.parse(text, inDigits))
      }),
    )
  })

  it('keeps every digit of an integer at any position, and does not change strings', () => {
    const inside = JSON.stringify({ a: `{"b":${TOKEN},"c":"\\"${TOKEN}`, [`"${TOKEN}`]: `\\${TOKEN}` })
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }), fc.string(), (n, text) => {
        const string = JSON.stringify(text)
        expect(parseExactly(`{"x":[${n}, -${n} ,${string}],"y":${inside},"z":${n}}`)).toEqual({
          x: [`${n}`, `-${n}`, text],
          y: JSON.parse(inside),
          z: `${n}`,
        })
      }),
    )
  })

  it('has fractions and exponents as doubles', () => {
    expect(parseExactly(`[${TOKEN}.5,1e300,${TOKEN}e1,9007199254740991,9007199254740992]`)).toEqual([
      Number(`${TOKEN}.5`),
      1e300,
      Number(`${TOKEN}e1`),
      9007199254740991,
      '9007199254740992',
    ])
  })

  it('is refused if it is not JSON', () => {
    for (const text of [
      '',
      `{${TOKEN}:1}`,
      `"${TOKEN}`,
      `{"a":${TOKEN}abc}`,
      `["\\"${'\\"1'.repeat(50_000)}`,
    ])
      expect(() => parseExactly(text)).toThrow(SyntaxError)
  })

  it('is parsed even if a string is very long', () => {
    const long = JSON.stringify({ a: 'x\\"'.repeat(100_000), b: 'y'.repeat(1_000_000) })
    expect(parseExactly(`{"c":${long},"d":${TOKEN}}`)).toEqual({ c: JSON.parse(long), d: TOKEN })
  })
})

describe('JSON that is written', () => {
  it('has every digit of a bigint, and is otherwise the same as from JSON.stringify', () => {
    expect(writeExactly({ a: BigInt(TOKEN), b: [-1n, `"${TOKEN}`, '0', 5], c: undefined, d: null })).toBe(
      `{"a":${TOKEN},"b":[-1,"\\"${TOKEN}","0",5],"d":null}`,
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(writeExactly(value)).toBe(JSON.stringify(value))
      }),
    )
  })
})

describe('the paging token of the audit log', () => {
  const asked = { StartTime: 1, EndTime: 2 }

  it('is sent back with all its digits, as a number and with a right signature', async () => {
    await using api = await startApi(
      inTurn(
        body(
          `{"Response":{"NextToken":${TOKEN},"Events":[{"CloudAuditEvent":"{\\"id\\":${TOKEN}}"}],"RequestId":"r"}}`,
        ),
      ),
    )
    using cloud = cloudAt(api.origin)
    const session = cloud.session(never())
    const { NextToken, Events } = await session.call('cloudaudit:DescribeEvents', asked, GUANGZHOU)
    expect([NextToken, Events?.[0]?.CloudAuditEvent]).toEqual([TOKEN, `{"id":${TOKEN}}`])
    const next = { ...asked, NextToken: BigInt(String(NextToken)) }
    await session.call('cloudaudit:DescribeEvents', next, GUANGZHOU)
    await session.call('cloudaudit:DescribeEvents', { ...next }, GUANGZHOU)
    expect(api.seen.map(({ signatureFault, text }) => [signatureFault, text])).toEqual([
      [null, '{"StartTime":1,"EndTime":2}'],
      [null, `{"StartTime":1,"EndTime":2,"NextToken":${TOKEN}}`],
    ])
  })

  it('is not read from an answer that is not JSON: the call fails', async () => {
    await using api = await startApi(body('<html>'))
    using cloud = cloudAt(api.origin)
    const call = cloud.session(AbortSignal.timeout(300)).call('cloudaudit:DescribeEvents', asked, GUANGZHOU)
    expect(await failureOf(call)).toMatchObject({ action: 'cloudaudit:DescribeEvents' })
  })
})
