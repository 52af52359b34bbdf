import { gzipSync } from 'node:zlib'
import type { Random } from './random.ts'

// Mutations of payloads: of the values in them, and of the bytes that carry them.

interface Place {
  readonly parent: Record<string, unknown> | unknown[]
  readonly key: string | number
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null || found.length > 2_000) return found
  if (Array.isArray(value))
    for (const [key, item] of value.entries()) {
      found.push({ parent: value, key })
      placesIn(item, found)
    }
  else
    for (const [key, item] of Object.entries(value)) {
      found.push({ parent: value as Record<string, unknown>, key })
      placesIn(item, found)
    }
  return found
}

const get = ({ parent, key }: Place): unknown => (parent as Record<string | number, unknown>)[key]

/** An object may have a field toString, so it is written as JSON. */
const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** As JSON.parse does it: `__proto__` becomes a field. */
function put({ parent, key }: Place, value: unknown): void {
  if (Array.isArray(parent) && typeof key === 'string') {
    parent.push(value)
    return
  }
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true })
}

const ODD: readonly [unknown, ...unknown[]] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '0',
  'null',
  '-',
  [],
  {},
  [null],
  [[]],
  { value: null },
  'lb-7dpmqwcu',
  'lb-p2x4k8aa',
  'alb-a1b2c3d4',
  'ins-o9p3rg3m',
  '203.0.113.26',
  '10.0.0.10',
  '203.0.113.*',
  '::1',
  '2001:db8::1%eth0',
  '1.2.3.4#80#tcp',
  'x | y | 10.9.8.7(udp:53)',
  'shop.example.com',
  '9999-99-99 99:99:99',
  'sh',
  'ap-guangzhou-3',
]

const STRANGE: readonly [string, ...string[]] = [
  '\ud800',
  '\udfff\ud800',
  '\u0000',
  '\u202e异常',
  '\u200b\u200d',
  'e\u0301'.repeat(50),
  '👩‍👩‍👧‍👦',
  '\u2028\u2029',
  '\ufeff{"a":1}',
  '%00%0a%0d',
  '"}]}',
  '</script><b>',
  '$(id)`id`',
]

const KEYS: readonly [string, ...string[]] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '',
  'unInstanceId',
  'loadBalancerId',
  'clb_id',
  'vip',
  'objId',
  'dimensions',
  'alerts',
  'EventList',
  'Type',
  'status',
  'state',
  'instance',
]

const OPERATIONS: readonly [
  (place: Place, random: Random, other: unknown) => void,
  ...((place: Place, random: Random, other: unknown) => void)[],
] = [
  (place) => {
    if (Array.isArray(place.parent)) place.parent.splice(Number(place.key), 1)
    else delete place.parent[String(place.key)]
  },
  (place, random) => put(place, random.pick(ODD)),
  (place, random) => put(place, random.pick(STRANGE)),
  (place) => put(place, Number(textOf(get(place)))),
  (place) => put(place, textOf(get(place))),
  (place) => put(place, JSON.stringify(get(place)) ?? null),
  (place) => put(place, [get(place)]),
  (place) => put(place, { value: get(place) }),
  (place) => put(place, [get(place), get(place), null]),
  (place, random) => put({ ...place, key: random.pick(KEYS) }, get(place)),
  (place) => put({ ...place, key: String(place.key).toUpperCase() }, get(place)),
  (place) => put({ ...place, key: [...String(place.key)].join('_') }, get(place)),
  (place, _, other) => put(place, other),
  (place, random) => {
    let deep = get(place)
    for (let i = random.below(200); i > 0; i--) deep = random.chance(0.5) ? [deep] : { a: deep }
    put(place, deep)
  },
  (place, random) => {
    if (random.chance(0.1)) put(place, 'x1Y='.repeat(random.below(80_000)))
  },
  (place, random) => {
    if (random.chance(0.1))
      put(
        place,
        Array.from({ length: random.below(3_000) }, () => get(place)),
      )
  },
  (place, random) => {
    const text = textOf(get(place))
    const at = random.below(text.length + 1)
    put(place, text.slice(0, at) + random.pick(STRANGE) + text.slice(at))
  },
]

/** A copy of the payload with one to five of its parts changed. `others`: payloads that parts may come from. */
export function mutatedValue(payload: unknown, others: readonly unknown[], random: Random): unknown {
  const whole: { payload: unknown } = { payload: structuredClone(payload) }
  for (let steps = 1 + random.below(5); steps > 0; steps--) {
    const places = placesIn(whole)
    const place = places[random.below(places.length)]
    const from = placesIn(others[random.below(others.length)])
    const part = from[random.below(from.length)]
    if (place) random.pick(OPERATIONS)(place, random, structuredClone(part ? get(part) : null))
  }
  return whole.payload
}

const spliced = (bytes: Buffer, at: number, drop: number, add: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), add, bytes.subarray(at + drop)])

const BYTE_OPERATIONS: readonly [
  (bytes: Buffer, random: Random) => Buffer,
  ...((bytes: Buffer, random: Random) => Buffer)[],
] = [
  (bytes, random) => spliced(bytes, random.below(bytes.length), 1, Buffer.from([random.below(256)])),
  (bytes, random) => spliced(bytes, random.below(bytes.length), random.below(40), Buffer.alloc(0)),
  (bytes, random) =>
    spliced(
      bytes,
      random.below(bytes.length),
      0,
      Buffer.from(Array.from({ length: 8 }, () => random.below(256))),
    ),
  (bytes, random) => {
    const at = random.below(bytes.length)
    return spliced(bytes, at, 0, bytes.subarray(at, at + random.below(200)))
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
  (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  (bytes) => Buffer.from(bytes.toString('utf8'), 'latin1'),
  (bytes) => gzipSync(bytes),
  (bytes) => Buffer.from(JSON.stringify(bytes.toString('utf8'))),
  (bytes) => Buffer.from(bytes.toString('utf8').replaceAll('"', "'")),
  (bytes) => Buffer.from(bytes.toString('utf8').replaceAll(',', ',\n\t').replaceAll(' ', '\n')),
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes, random) =>
    Buffer.from(`payload=${encodeURIComponent(bytes.toString('utf8').slice(0, random.below(3_000)))}`),
]

/** The bytes of a payload, at times with one or two of them changed. */
export function mutatedBytes(payload: unknown, random: Random): Buffer {
  let bytes = Buffer.from(JSON.stringify(payload) ?? '')
  for (let steps = random.chance(0.4) ? 1 + random.below(2) : 0; steps > 0; steps--)
    bytes = Buffer.from(random.pick(BYTE_OPERATIONS)(bytes, random))
  return bytes
}
