import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

// A certificate authority of the simulated cluster, and certificates that it signs (RFC 5280). Node has no function that
// makes one, and the packages that do are larger than the rest of the simulator.

export interface Issued {
  /** PEM. */
  readonly cert: string
  readonly key: string
}

export interface Authority {
  readonly cert: string
  issue(name: string, use: 'server' | 'client'): Issued
}

const DAY_MS = 86_400_000

/** DER: a tag, the length, and the content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const bytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...bytes]), content])
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts)
const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts)
const octets = (content: Uint8Array): Buffer => der(0x04, content)
const yes = der(0x01, Buffer.from([0xff]))

/** An object identifier: the first two numbers in one byte, the others in base 128. */
function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = rest.flatMap((number) => {
    const groups = [number & 0x7f]
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]))
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))

const nameOf = (commonName: string): Buffer =>
  sequence(set(sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))))

/** `YYMMDDHHMMSSZ` */
const time = (ms: number): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${new Date(ms)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  )

const extension = (id: string, value: Buffer, isCritical = false): Buffer =>
  sequence(oid(id), ...(isCritical ? [yes] : []), octets(value))

const BASIC_CONSTRAINTS = '2.5.29.19'
const EXTENDED_USE = '2.5.29.37'
const ALTERNATIVE_NAMES = '2.5.29.17'
const USES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const
/** 127.0.0.1 */
const LOOPBACK = sequence(der(0x87, Buffer.from([127, 0, 0, 1])))

interface Subject {
  readonly name: string
  readonly publicKey: KeyObject
  readonly extensions: readonly Buffer[]
}

function signed({ name, publicKey, extensions }: Subject, issuer: string, key: KeyObject): string {
  const now = Date.now()
  // A positive integer: the first bit is not set.
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)])
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(time(now - DAY_MS), time(now + DAY_MS)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, key))
  const base64 = sequence(body, ECDSA_SHA256, signature).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** For one day from now. */
export function createAuthority(name: string): Authority {
  const own = pair()
  const isAuthority = extension(BASIC_CONSTRAINTS, sequence(yes), true)
  return {
    cert: signed({ name, publicKey: own.publicKey, extensions: [isAuthority] }, name, own.privateKey),
    issue(subject, use) {
      const { publicKey, privateKey } = pair()
      const extensions = [
        extension(EXTENDED_USE, sequence(oid(USES[use]))),
        ...(use === 'server' ? [extension(ALTERNATIVE_NAMES, LOOPBACK)] : []),
      ]
      return {
        cert: signed({ name: subject, publicKey, extensions }, name, own.privateKey),
        key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      }
    },
  }
}
