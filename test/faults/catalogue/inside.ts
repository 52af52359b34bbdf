import type { FindingCode } from '../../../src/model/diagnosis.ts'
import type { Guest, HealthCheck } from '../../../src/simulator/world.ts'
import type { Random } from '../random.ts'

// Faults inside machines, for looks that reach in there: the cause is to be named, and not left open.

/** What a fault has to know of a pool. */
export interface InsideOf {
  readonly check: HealthCheck
  /** Of the listener. */
  readonly protocol: string
  /** The port that is probed. */
  readonly port: number
  /** Of one of its machines. A fault is put into each machine with its own. */
  readonly ip: string
  readonly isIpv6: boolean
  /** CIDRs from which the probes come. */
  readonly sources: readonly string[]
  /** The API says which these are. */
  readonly isKnown: boolean
}

export interface InsideFault {
  readonly name: string
  /** The code of the finding that names it. */
  readonly code: FindingCode
  /** True if it only looks like a fault. */
  readonly isHarmless?: boolean
  /** True if the machine may serve no other port. */
  readonly isAlone?: boolean
  readonly fits: (pool: InsideOf) => boolean
  readonly harm: (guest: Guest, pool: InsideOf, random: Random) => void
}

const isTcp = ({ check, protocol }: InsideOf): boolean =>
  check.type !== 'PING' && !(protocol === 'UDP' && check.type === 'CUSTOM')
const isHttp = ({ check }: InsideOf): boolean => check.type === 'HTTP' || check.type === 'HTTPS'

const bind = (guest: Guest, { port }: InsideOf, address: string): void => {
  for (const one of guest.listens) if (one.port === port) one.address = address
}

/** A status code that the check does not take. Null: it takes all. */
function wrongCode({ codes }: HealthCheck): number | null {
  const wrong = [503, 404, 302, 200].find((code) => (codes & (1 << (Math.floor(code / 100) - 1))) === 0)
  return wrong ?? null
}

export const MODEL_FAULTS: readonly InsideFault[] = [
  {
    name: 'nothing listens on the port',
    code: 'guest-port/not-listening',
    fits: isTcp,
    harm: (guest, { port }) => {
      guest.listens = guest.listens.filter((one) => one.port !== port)
    },
  },
  {
    name: 'it listens on loopback only',
    code: 'guest-port/loopback-only',
    fits: isTcp,
    harm: (guest, pool) => bind(guest, pool, pool.isIpv6 ? '::1' : '127.0.0.1'),
  },
  {
    name: 'it listens on another address',
    code: 'guest-port/other-address',
    fits: (pool) => isTcp(pool) && !pool.isIpv6,
    harm: (guest, pool) => bind(guest, pool, '10.0.200.9'),
  },
  {
    name: 'iptables drops the sources of the probes',
    code: 'guest-firewall/probe-dropped',
    fits: ({ check, isKnown }) => check.type !== 'PING' && isKnown,
    harm: (guest, { sources }) => {
      guest.drops = [...sources]
    },
  },
  {
    name: 'iptables drops everything',
    code: 'guest-firewall/probe-dropped',
    fits: ({ check }) => check.type !== 'PING',
    harm: (guest, { isIpv6 }) => {
      guest.drops = [isIpv6 ? '::/0' : '0.0.0.0/0']
    },
  },
  {
    name: 'iptables drops pings',
    code: 'guest-icmp/icmp-dropped',
    fits: ({ check, isKnown }) => check.type === 'PING' && isKnown,
    harm: (guest, { sources }) => {
      guest.drops = [...sources]
    },
  },
  {
    name: 'a VPN has taken 100.64.0.0/10',
    code: 'guest-firewall/probe-dropped',
    fits: ({ check, sources, isKnown }) =>
      check.type !== 'PING' && isKnown && sources.includes('100.64.0.0/10'),
    harm: (guest) => {
      guest.vpn = 'tailscale'
    },
  },
  {
    name: 'the application answers with another code',
    code: 'guest-http/status-mismatch',
    fits: (pool) => isHttp(pool) && wrongCode(pool.check) !== null,
    harm: (guest, { check }) => {
      guest.http = wrongCode(check) ?? 503
      delete guest.head
    },
  },
  {
    name: 'the application does not know HEAD',
    code: 'guest-http/head-not-supported',
    fits: ({ check }) => check.type === 'HTTP' && check.method === 'HEAD' && (check.codes & 8) === 0,
    harm: (guest) => {
      guest.head = 405
    },
  },
  {
    name: 'the application is too slow',
    code: 'guest-http/too-slow',
    fits: (pool) => isHttp(pool) && pool.check.timeout < 10,
    harm: (guest, { check }) => {
      guest.latencyMs = check.timeout * 1_000 + 500
    },
  },
  {
    name: 'the port speaks no TLS',
    code: 'guest-http/tls-mismatch',
    fits: ({ check }) => check.type === 'HTTPS',
    harm: (guest) => {
      guest.plain = true
    },
  },
  {
    name: 'the kernel ignores pings',
    code: 'guest-icmp/echo-ignored',
    fits: ({ check }) => check.type === 'PING',
    harm: (guest) => {
      guest.ping = false
    },
  },
  {
    name: 'nobody accepts connections, and the queue is full',
    code: 'guest-port/backlog-full',
    fits: isTcp,
    harm: (guest) => {
      guest.backlogFull = true
    },
  },
  {
    name: 'the process is stopped',
    code: 'guest-http/too-slow',
    fits: isHttp,
    harm: (guest) => {
      guest.stopped = true
    },
  },
  {
    name: 'the application closes without an answer',
    code: 'guest-http/refused',
    fits: isHttp,
    harm: (guest, _, random) => {
      guest.ends = random.pick(['reset', 'empty'])
    },
  },
  {
    name: 'the port speaks something else than HTTP',
    code: 'guest-http/status-mismatch',
    fits: ({ check }) => check.type === 'HTTP',
    harm: (guest) => {
      guest.ends = 'not-http'
    },
  },
  {
    name: 'the port speaks TLS only',
    code: 'guest-http/tls-mismatch',
    fits: ({ check }) => check.type === 'HTTP' && (check.codes & 8) === 0,
    harm: (guest) => {
      guest.tls = true
    },
  },
  {
    name: 'the application redirects, and the check takes no 3xx',
    code: 'guest-http/status-mismatch',
    fits: (pool) => isHttp(pool) && (pool.check.codes & 4) === 0,
    harm: (guest) => {
      guest.http = 301
      delete guest.head
    },
  },
  {
    name: 'the application serves another Host',
    code: 'guest-http/status-mismatch',
    fits: (pool) => isHttp(pool) && (pool.check.codes & 8) === 0,
    harm: (guest) => {
      guest.servesHost = 'other.example.com'
    },
  },
  {
    name: 'the gRPC server answers with another code',
    code: 'guest-http/status-mismatch',
    fits: ({ check, protocol, isKnown }) => check.type === 'HTTP' && protocol.startsWith('HTTP') && isKnown,
    harm: (guest, { check }) => {
      Object.assign(check, { type: 'GRPC', grpcCodes: '0,5-9', method: null })
      guest.grpc = 12
    },
  },
  {
    name: 'nothing listens on the UDP port',
    code: 'guest-port/not-listening',
    fits: ({ check, protocol }) => protocol === 'UDP' && check.type === 'CUSTOM',
    harm: (guest, { port }) => {
      guest.listens = guest.listens.filter((one) => one.port !== port)
    },
  },
  {
    name: 'the application says other bytes than a custom check wants',
    code: 'guest-http/status-mismatch',
    fits: ({ check, protocol, isKnown }) => check.type === 'TCP' && protocol === 'TCP' && isKnown,
    harm: (guest, { check }) => {
      Object.assign(check, { type: 'CUSTOM', custom: { type: 'TEXT', send: 'ping', recv: 'pong' } })
      guest.says = 'no'
    },
  },
]
