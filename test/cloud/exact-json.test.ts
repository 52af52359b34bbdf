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
  it('is what JSON.parse gives, but for those integers', () => {
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

  it('keeps every digit, wherever the integer stands, and touches no string', () => {
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

  it('leaves fractions and exponents to the double', () => {
    expect(parseExactly(`[${TOKEN}.5,1e300,${TOKEN}e1,9007199254740991,9007199254740992]`)).toEqual([
      Number(`${TOKEN}.5`),
      1e300,
      Number(`${TOKEN}e1`),
      9007199254740991,
      '9007199254740992',
    ])
  })

  it('that is not JSON is refused', () => {
    for (const text of [
      '',
      `{${TOKEN}:1}`,
      `"${TOKEN}`,
      `{"a":${TOKEN}abc}`,
      `["\\"${'\\"1'.repeat(50_000)}`,
    ])
      expect(() => parseExactly(text)).toThrow(SyntaxError)
  })

  it('is read in a moment, however long a string is', () => {
    const long = JSON.stringify({ a: 'x\\"'.repeat(100_000), b: 'y'.repeat(1_000_000) })
    expect(parseExactly(`{"c":${long},"d":${TOKEN}}`)).toEqual({ c: JSON.parse(long), d: TOKEN })
  })
})

describe('JSON that is written', () => {
  it('has every digit of a bigint, and is what JSON.stringify gives for everything else', () => {
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

  it('goes out with the digits that it came with, as a number, and rightly signed', async () => {
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

  it('in an answer that is not JSON is an answer that is not what the API documents', async () => {
    await using api = await startApi(body('<html>'))
    using cloud = cloudAt(api.origin)
    const call = cloud.session(AbortSignal.timeout(300)).call('cloudaudit:DescribeEvents', asked, GUANGZHOU)
    expect(await failureOf(call)).toMatchObject({ action: 'cloudaudit:DescribeEvents' })
  })
})
