import { describe, expect, it } from 'vitest'
import { checkOf } from '../../src/app/guest-judge/question.ts'
import { evaluateGuest, type GuestCheck, type GuestFacts, requestKeyOf } from '../../src/guest/index.ts'
import { ok } from '../../src/model/fact.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { guestCheck } from '../support/guest-check.ts'
import { AT, addresses, facts } from '../support/guests.ts'
import { healthCheck, snapshotOf } from '../support/snapshots.ts'

// Checks of custom texts and of gRPC: over which protocol they are sent, and which answers are right.

const IP = '10.0.1.16'
const PROBERS = addresses('100.64.0.0/10')

/** A machine that is read wholly, and listens at port 8000 of UDP alone. */
const machine = (fields: Partial<GuestFacts> = {}): GuestFacts =>
  facts({
    listening: [
      {
        protocol: 'udp',
        address: '0.0.0.0',
        isDualStack: null,
        port: 8000,
        device: null,
        queued: 0,
        backlog: null,
        process: null,
        processState: null,
      },
    ],
    devices: [{ name: 'eth0', addresses: [`${IP}/24`], isUp: true, hasXdp: false, hasTc: false }],
    routes:
      'default via 10.0.1.1 dev eth0\nlocal 10.0.1.16 dev eth0 table local\nbroadcast 10.0.1.255 dev eth0 table local',
    policies: '0: from all lookup local\n32766: from all lookup main',
    sysctls: {
      'net.ipv4.conf.eth0.arp_ignore': '0',
      'net.ipv4.conf.all.arp_ignore': '0',
      'net.ipv4.conf.eth0.arp_filter': '0',
      'net.ipv4.conf.all.arp_filter': '0',
    },
    filters: [
      {
        texts: { iptables: '', iptablesLegacy: '', ip6tables: '', ip6tablesLegacy: '', nft: '', ipset: '' },
        afterSeconds: null,
      },
    ],
    ...fields,
  })

const asked = (
  kind: 'custom' | 'grpc',
  end: GuestFacts['requests'][number]['end'],
): GuestFacts['requests'] => [
  {
    address: IP,
    port: 8000,
    scheme: kind,
    method: null,
    host: null,
    agent: null,
    path: null,
    isOfCheck: true,
    allowedMs: 2_000,
    tool: 'curl',
    end,
  },
]

const custom = (changes: Partial<GuestCheck> = {}): GuestCheck =>
  guestCheck({ kind: 'custom', port: 8000, sendHex: '01', receiveHex: '02', transport: 'udp', ...changes })

const outcomesOf = (of: GuestFacts, check: GuestCheck) =>
  evaluateGuest(of, check, PROBERS).parts.map(({ outcome }) => outcome)

describe('a custom check of a UDP listener', () => {
  const answered = machine({ requests: asked('custom', { kind: 'bytes', hex: '02', ms: 1 }) })

  it('meets the UDP socket, though the output does not tell the protocol', () => {
    expect(outcomesOf(answered, custom())).toEqual(['ok'])
    expect(outcomesOf(answered, custom({ transport: 'tcp' }))).not.toEqual(['ok'])
  })

  it('meets it, though the script was asked about a TCP check of the same port', () => {
    const target = { ip: IP, port: 8000, protocol: 'tcp' as const }
    expect(outcomesOf({ ...answered, target }, custom())).toEqual(['ok'])
  })

  it('has the protocol of its listener in a snapshot', () => {
    const settings = healthCheck({ type: 'CUSTOM', contextType: 'HEX', sendContext: '01', recvContext: '02' })
    const kindsOf = (protocol: 'TCP' | 'UDP') =>
      evaluatePaths(
        snapshotOf({
          machines: [{ host: 16, status: 'Dead' }],
          listener: { protocol, healthCheck: settings },
        }),
      ).pools.flatMap(({ targets }) =>
        targets.map(({ guestCheck: { kind, transport } }) => `${kind} ${transport}`),
      )
    expect(kindsOf('UDP')).toEqual(['custom udp'])
    expect(kindsOf('TCP')).toEqual(['custom tcp'])
  })

  it('is another question than the same bytes over TCP', () => {
    expect(requestKeyOf(custom())).not.toBe(requestKeyOf(custom({ transport: 'tcp' })))
  })
})

describe('hexadecimal that is not whole', () => {
  /** What one Dead backend meets by an output in which any bytes came back. */
  const outcomeWith = (settings: object) => {
    const line = 'request=bash custom - 10.0.1.16 8080 own 2000 0 20 636f6e6e65637465640a03'
    const text = `clb-doctor-probe 1\ntarget=10.0.1.16\nport=8080\nprotocol=tcp\n${line}\nclb-doctor-probe end\n`
    const report: GuestReport = { kind: 'probe', text, by: 'hand', at: AT, instanceId: null }
    const check = healthCheck({ type: 'CUSTOM', contextType: 'HEX', sourceIpType: 1, ...settings })
    const snapshot = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      listener: { protocol: 'TCP', healthCheck: check },
    })
    const { pools } = evaluatePaths({ ...snapshot, guests: { '10.0.1.16:8080': ok(report) } })
    return pools[0]?.targets[0]?.guest?.reasons.map(({ code }) => code)
  }

  it('in what is expected takes no answer for right or wrong', () => {
    expect(outcomeWith({ sendContext: '01', recvContext: '02' })).toEqual(['guest-http/status-mismatch'])
    expect(outcomeWith({ sendContext: '01', recvContext: '0' })).toEqual([])
    expect(checkWith({ sendContext: '01', recvContext: '0' })).toMatchObject({ isAnswerUnknown: true })
  })

  it('in what is sent makes no request the own one', () => {
    expect(outcomeWith({ sendContext: 'zz', recvContext: '02' })).toEqual([])
  })

  const checkWith = (settings: object) => {
    const check = healthCheck({ type: 'CUSTOM', contextType: 'HEX', ...settings })
    const listener = { protocol: 'TCP', healthCheck: check }
    return evaluatePaths(snapshotOf({ machines: [{ host: 16, status: 'Dead' }], listener })).pools[0]
      ?.targets[0]?.guestCheck
  }
})

describe('an answer that nobody can compare', () => {
  const NOTHING_ASKED = {
    kind: null,
    path: null,
    host: null,
    method: null,
    codes: null,
    timeoutSeconds: null,
  }
  const told = (kind: 'custom' | 'grpc', end: GuestFacts['requests'][number]['end']) => {
    const [udp] = machine().listening ?? []
    if (!udp) throw new Error('no socket')
    const own = machine({
      target: { ip: IP, port: 8000, protocol: 'tcp', kind },
      listening: [{ ...udp, protocol: 'tcp', backlog: 128 }],
      requests: asked(kind, end),
    })
    return evaluateGuest(own, checkOf(own, { ip: IP, port: 8000 }, NOTHING_ASKED), PROBERS)
  }

  it.each([
    ['custom', { kind: 'bytes', hex: '02', ms: 1 }, 'custom: bytes 02'],
    ['grpc', { kind: 'grpc', status: 0, ms: 1 }, 'grpc: grpc-status 0'],
    ['grpc', { kind: 'grpc', status: 12, ms: 1 }, 'grpc: grpc-status 12'],
  ] as const)('to a %s check without its settings is neither right nor wrong: %o', (kind, end, what) => {
    const { parts, reasons, notSeen } = told(kind, end)
    expect(parts.map(({ outcome }) => outcome)).toEqual(['unknown'])
    expect(reasons).toEqual([])
    expect(notSeen).toContainEqual({ layer: 'request', why: 'not-understood', what })
  })

  it.each([
    ['custom', { kind: 'bytes', hex: '02', ms: 3_000 }, 'guest-http/too-slow'],
    ['grpc', { kind: 'grpc', status: null, ms: 1 }, 'guest-http/status-mismatch'],
    ['grpc', { kind: 'not-http', ms: 1 }, 'guest-http/status-mismatch'],
  ] as const)('is wrong all the same if no %s check takes it: %o', (kind, end, code) => {
    const own = told(kind, end)
    expect(own.reasons.map((reason) => reason.code)).toEqual([code])
  })
})
