import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coalesce, parseAlarm } from '../../src/alarms/index.ts'
import { region } from '../../src/alarms/regions.ts'
import { readPlatformEvent } from '../../src/function/platform-event.ts'
import type { ParsedPayload } from '../../src/model/alarm.ts'
import { sample, sampleNames } from './samples.ts'

/** Every string, number and key in a value. */
function leaves(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string' || typeof value === 'number') found.add(String(value))
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      found.add(key)
      leaves(part, found)
    }
  }
  return found
}

/** A sound result has an alarm, a refusal or a scan, and every name in it comes from the payload. */
function expectSound(payload: unknown, parsed: ParsedPayload): void {
  expect(parsed.alarms.length + parsed.refusals.length + (parsed.scan ? 1 : 0)).toBeGreaterThan(0)
  const given = [...leaves(payload)]
  const regions = new Set(given.map(region))
  const within = (name: string | null) => name === null || given.some((leaf) => leaf.includes(name))
  for (const { clb, region: place, backend, listener } of [...parsed.alarms, ...coalesce(parsed.alarms)]) {
    expect(clb.loadBalancerId !== null || clb.vip !== null || clb.domain !== undefined).toBe(true)
    const { domain = null } = clb
    expect(domain === null || given.some((leaf) => leaf.toLowerCase().includes(domain))).toBe(true)
    expect(clb.loadBalancerId ?? 'lb-aaaaaa').toMatch(/^lb-[a-z0-9]{6,}$/)
    for (const name of [clb.loadBalancerId, clb.vip, clb.vpcId, backend?.ip ?? null]) {
      expect(within(name), `${name}`).toBe(true)
    }
    for (const number of [clb.numericVpcId, backend?.port ?? null, listener?.port ?? null]) {
      expect(number === null || within(String(number)), `${number}`).toBe(true)
    }
    expect(place === null || regions.has(place), `${place}`).toBe(true)
  }
  for (const { detail } of parsed.refusals) expect(detail).toMatch(/^[A-Z][\x20-\x7e]*\.$/)
}

type Step = {
  readonly at: number
  readonly how: 'drop' | 'replace' | 'rename'
  readonly value: unknown
  readonly name: string
}

/** Applies steps to a copy. Each step drops, replaces or renames a field at a random place. */
function mutated(payload: unknown, steps: readonly Step[]): unknown {
  const copy = structuredClone(payload)
  for (const { at, how, value, name } of steps) {
    const places: { parent: Record<string, unknown>; key: string }[] = []
    const visit = (part: unknown): void => {
      if (typeof part !== 'object' || part === null) return
      for (const key of Object.keys(part)) {
        places.push({ parent: part as Record<string, unknown>, key })
        visit((part as Record<string, unknown>)[key])
      }
    }
    visit(copy)
    const place = places[at % Math.max(places.length, 1)]
    if (place === undefined) return copy
    const { parent, key } = place
    // Like JSON.parse: `__proto__` becomes a normal field.
    const field = { value: parent[key], enumerable: true, configurable: true, writable: true }
    if (how === 'rename') Object.defineProperty(parent, name, field)
    if (how === 'replace') parent[key] = value
    else delete parent[key]
  }
  return copy
}

const fieldNames = [
  'unInstanceId',
  'loadBalancerId',
  'vip',
  'objId',
  'objName',
  'port',
  'vport',
  'lanIp',
  'region',
]
const values = [
  'ins-o9p3rg3m',
  '203.0.113.*',
  '1.2.3.4#80#tcp',
  'x | y | 10.9.8.7(udp:53)',
  'sh',
  '0',
  'lb-zzzzzz9',
  '::1',
]
const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(200),
  how: fc.constantFrom('drop', 'replace', 'rename'),
  value: fc.oneof(fc.jsonValue(), fc.constantFrom(...values)),
  name: fc.constantFrom(...fieldNames, '__proto__', 'dimensions'),
})

describe('parseAlarm on any input', () => {
  it.each(sampleNames)('gives an alarm, a refusal or a scan for %s', (name) => {
    expectSound(sample(name), parseAlarm(sample(name)))
  })

  it('does not throw and gives only names from the payload: any value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }), (payload) =>
        expectSound(payload, parseAlarm(payload)),
      ),
    )
  })

  it('does not throw and gives only names from the payload: any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (payload) => expectSound(payload, parseAlarm(payload))))
  })

  it('does not throw and gives only names from the payload: altered samples', () => {
    const altered = fc
      .tuple(fc.constantFrom(...sampleNames), fc.array(step, { minLength: 1, maxLength: 6 }))
      .map(([name, steps]) => mutated(sample(name), steps))
    fc.assert(
      fc.property(altered, (payload) => expectSound(payload, parseAlarm(payload))),
      { numRuns: 2_000 },
    )
  })

  it('does not change the payload', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sampleNames), (name) => {
        const payload = sample(name)
        parseAlarm(payload)
        expect(payload).toEqual(sample(name))
      }),
      { numRuns: 30 },
    )
  })
})

describe('readPlatformEvent on any input', () => {
  it('does not throw, and reads an event with an httpMethod as HTTP', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }), (event) => {
        expect(['http', 'payload']).toContain(readPlatformEvent(event).kind)
      }),
    )
    const part = fc.dictionary(fc.string(), fc.anything())
    const scf = fc.record(
      {
        httpMethod: fc.anything(),
        path: fc.anything(),
        headers: part,
        queryString: part,
        body: fc.anything({ withBigInt: true }),
        requestContext: part,
      },
      { requiredKeys: ['httpMethod'] },
    )
    fc.assert(
      fc.property(scf, (event) => {
        expect(readPlatformEvent(event).kind).toBe('http')
      }),
    )
  })
})
