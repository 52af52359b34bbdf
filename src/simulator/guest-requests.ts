import type { Parameters } from './guest-facts.ts'
import type { Guest } from './world.ts'

interface Asked {
  readonly guest: Guest | null
  readonly parameters: Parameters
  readonly scheme: string
  readonly method: string
  readonly allowedMs: number
  readonly isOwn: boolean
}

/**
 * What the check's own request met, and those like it, as curl and Bash print it.
 * @param isLocal the machine asks itself, so its own filter lets it pass
 * @param answer what the application says to a custom check
 */
export function requestLines(
  guest: Guest | null,
  parameters: Parameters,
  isLocal: boolean,
  answer: Buffer,
): readonly string[] {
  const { kind = 'tcp', method = 'GET' } = parameters
  const allowedMs = Math.min(Number(parameters.timeout ?? 5), 10) * 1_000
  const met = isLocal ? ownGuest(guest, parameters) : isStopped(guest) ? null : guest
  const asked = { guest: met, parameters, allowedMs, isOwn: true }
  if (kind === 'ping') return [pingLine(asked.guest, parameters, allowedMs)]
  if (kind === 'grpc') return [grpcLine(asked)]
  if (kind !== 'http' && kind !== 'https') return [bashLine(asked.guest, parameters, allowedMs, answer)]
  const own = curl({ ...asked, scheme: kind, method })
  const digit = /code=([1-5])/.exec(own)?.[1]
  const isTaken = digit !== undefined && ((Number(parameters.codes ?? 0) >> (Number(digit) - 1)) & 1) === 1
  if (isTaken || own.includes('(7)') || !isLocal) return [own]
  const near = { ...asked, isOwn: false }
  const other = { ...near, method, scheme: kind === 'https' ? 'http' : 'https', allowedMs: 3_000 }
  const isOtherAsked = kind === 'https' ? own.includes('(35)') : !/[235]/.test(digit ?? '')
  const isGetAsked = method === 'HEAD' && !(kind === 'https' && isOtherAsked)
  return [
    own,
    ...(isGetAsked ? [curl({ ...near, scheme: kind, method: 'GET' })] : []),
    ...(isOtherAsked ? [curl(other)] : []),
  ]
}

/** What the machine meets when it asks itself. */
function ownGuest(guest: Guest | null, { port }: Parameters): Guest | null {
  const { recording } = guest ?? {}
  if (!guest || !recording || recording.own === 'silent') return recording ? null : guest
  const isServed = recording.own === 'open'
  const others = guest.listens.filter((one) => one.port !== Number(port))
  return { ...guest, listens: isServed ? [...others, { port: Number(port), protocol: 'tcp' }] : others }
}

/** The machine's filter drops packets of the VPC. */
const isStopped = (guest: Guest | null): boolean =>
  guest?.drops.some((cidr) => ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/16'].includes(cidr)) === true

const listensAt = (guest: Guest, { target, port, protocol }: Parameters): boolean =>
  guest.listens.some(
    (one) =>
      one.port === Number(port) &&
      one.protocol === (protocol === 'udp' ? 'udp' : 'tcp') &&
      (one.address === undefined || one.address === target),
  )

const lead = ({ target, port }: Parameters, what: string, isOwn: boolean, allowedMs: number): string =>
  `request=${what} ${target} ${port} ${isOwn ? 'own' : 'near'} ${allowedMs}`

function curl({ guest, parameters, scheme, method, allowedMs, isOwn }: Asked): string {
  const { target, port } = parameters
  const end = (exit: number, ms: number, text: string): string =>
    `${lead(parameters, `curl ${scheme} ${method}`, isOwn, allowedMs)} ${exit} ${ms} ${text} `
  const failed = `code=000 connect=0.000000 total=0.000170`
  const seconds = (allowedMs / 1_000).toFixed(6)
  if (guest === null || guest.backlogFull)
    return end(
      28,
      allowedMs,
      `curl: (28) Connection timed out after ${allowedMs} milliseconds  code=000 connect=0.000000 total=${seconds}`,
    )
  if (!listensAt(guest, parameters))
    return end(
      7,
      10,
      `curl: (7) Failed to connect to ${target} port ${port} after 0 ms: Could not connect to server  ${failed}`,
    )
  if (guest.ends) return end(...ENDS[guest.ends])
  if (guest.tls && scheme === 'http') return end(0, 10, ' code=400 connect=0.000120 total=0.001200')
  if (scheme === 'https' && !guest.stopped && (guest.plain || (parameters.kind === 'http' && !guest.tls)))
    return end(
      35,
      10,
      'curl: (35) OpenSSL/3.2.2: error:0A00010B:SSL routines::wrong version number  code=000 connect=0.000120 total=0.001200',
    )
  const late = guest.stopped ? allowedMs : (guest.latencyMs ?? 0)
  if (late >= allowedMs)
    return end(
      28,
      allowedMs,
      `curl: (28) Operation timed out after ${allowedMs} milliseconds with 0 bytes received  code=000 connect=0.000120 total=${seconds}`,
    )
  const total = ((late + 2) / 1_000).toFixed(6)
  return end(0, late + 10, ` code=${statusOf(guest, parameters, method)} connect=0.000120 total=${total}`)
}

/** As curl says it. */
const ENDS: Readonly<Record<NonNullable<Guest['ends']>, readonly [number, number, string]>> = {
  reset: [
    56,
    10,
    'curl: (56) Recv failure: Connection reset by peer  code=000 connect=0.000120 total=0.000490',
  ],
  empty: [52, 10, 'curl: (52) Empty reply from server  code=000 connect=0.000120 total=0.000653'],
  'not-http': [
    1,
    10,
    'curl: (1) Received HTTP/0.9 when not allowed  code=000 connect=0.000120 total=0.001368',
  ],
}

function statusOf(guest: Guest, { host, version }: Parameters, method: string): number {
  if (version === 'HTTP/1.1' && !host) return 400
  if (guest.servesHost !== undefined && guest.servesHost !== host) return 404
  return method === 'HEAD' ? (guest.head ?? guest.http) : guest.http
}

/** TCP alone, and what a custom check gets as hexadecimal, with what Bash and dd say. Bash connects by itself. */
function bashLine(guest: Guest | null, parameters: Parameters, allowedMs: number, answer: Buffer): string {
  const { kind = 'tcp', target, port, protocol } = parameters
  const isText = kind === 'tcp'
  const end = (
    exit: number,
    ms: number,
    lines: readonly string[],
    bytes: Buffer = Buffer.alloc(0),
  ): string => {
    const said = isText
      ? lines.join(' ')
      : dumped(Buffer.concat([Buffer.from(lines.map((one) => `${one}\n`).join('')), bytes]))
    return `${lead(parameters, `bash ${kind} -`, true, allowedMs)} ${isText ? exit : 0} ${ms} ${said} `
  }
  if (guest === null || guest.backlogFull) return end(137, allowedMs, [])
  if (!listensAt(guest, parameters))
    return protocol === 'udp'
      ? end(1, 10, ['connected', "dd: error reading 'standard input': Connection refused"])
      : end(7, 10, [
          'bash: connect: Connection refused',
          `bash: line 1: /dev/tcp/${target}/${port}: Connection refused`,
        ])
  const bytes = guest.says === undefined ? answer : Buffer.from(guest.says)
  return end(0, 10, ['connected'], isText ? Buffer.alloc(0) : bytes)
}

/** As `od -An -v -tx1` prints it, on one line. */
const dumped = (bytes: Buffer): string =>
  [...bytes].map((byte) => ` ${byte.toString(16).padStart(2, '0')}`).join('')

function pingLine(guest: Guest | null, parameters: Parameters, allowedMs: number): string {
  const isFine = guest?.ping === true
  const text = isFine
    ? '1 packets transmitted, 1 received, 0% packet loss, time 0ms rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms'
    : '1 packets transmitted, 0 received, 100% packet loss, time 0ms'
  return `${lead({ ...parameters, port: '0' }, 'ping ping -', true, allowedMs)} ${isFine ? 0 : 1} ${isFine ? 10 : allowedMs} ${text} `
}

function grpcLine({ guest, parameters, allowedMs }: Omit<Asked, 'scheme' | 'method'>): string {
  const { target, port } = parameters
  const end = (exit: number, ms: number, text: string): string =>
    `${lead(parameters, 'curl grpc POST', true, allowedMs)} ${exit} ${ms} ${text} `
  if (guest === null || guest.backlogFull)
    return end(28, allowedMs, `curl: (28) Connection timed out after ${allowedMs} milliseconds`)
  if (!listensAt(guest, parameters))
    return end(
      7,
      10,
      `curl: (7) Failed to connect to ${target} port ${port} after 0 ms: Could not connect to server`,
    )
  if (guest.ends) return end(...ENDS[guest.ends])
  if (guest.stopped)
    return end(
      28,
      allowedMs,
      `curl: (28) Operation timed out after ${allowedMs} milliseconds with 0 bytes received`,
    )
  return end(0, 20, `HTTP/2 200  content-type: application/grpc  grpc-status: ${guest.grpc ?? 12} `)
}
