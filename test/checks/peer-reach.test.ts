import { describe, expect, it } from 'vitest'
import { peerReach } from '../../src/checks/peer-reach/index.ts'
import { ok } from '../../src/model/fact.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { guest, type Shop, shop } from '../../src/simulator/base.ts'
import type { Guest } from '../../src/simulator/world.ts'
import { AT } from '../support/guests.ts'
import { askSimulated } from '../support/simulated.ts'
import { healthCheck, snapshotOf } from '../support/snapshots.ts'
import { agent, fastClock, registered } from '../support/tat.ts'

// Another machine of the VPC tries the port of a Dead backend. Only the platform's own filters and the machine differ.

interface Given {
  readonly inside: Partial<Guest>
  /** What the look inside the machine does not show: its agent is offline. */
  readonly isBlind?: boolean
  readonly change?: (made: Shop) => void
}

async function look({ inside, isBlind = false, change = () => {} }: Given) {
  const made = shop()
  const own = made.machine(16)
  own.guest = guest(8080, inside)
  if (isBlind) own.agent = agent({ status: 'Offline' })
  registered(made.world)
  change(made)
  const { diagnosis } = await askSimulated(made.world, {
    clock: fastClock(),
    looks: { inGuest: 'registered' },
  })
  const found = diagnosis.findings.filter(({ code }) => code.startsWith('peer-reach/'))
  return {
    found: found.map(({ code, role, certainty }) => `${code} ${role} ${certainty}`),
    details: found.map(({ detail }) => detail).join('\n'),
    check: diagnosis.checks.find(({ check }) => check === 'peer-reach'),
    causes: diagnosis.findings.filter(({ role }) => role === 'cause').map(({ code }) => code),
  }
}

const REACHED = 'peer-reach/reachable-from-peer note certain'

describe('a port that another machine of the VPC reaches', () => {
  it('with the right answer is stopped for the source of the probes', async () => {
    const { found, details, causes } = await look({ inside: { drops: ['203.0.113.0/24'] } })
    expect(found).toEqual([REACHED])
    expect(details).toContain('status code 200')
    expect(details).toContain('looks at their source')
    expect(causes).toEqual(['guest-firewall/probe-dropped'])
  })

  it('with another answer has trouble in the application', async () => {
    const { found, details } = await look({ inside: { http: 503 } })
    expect(found).toEqual([REACHED])
    expect(details).toContain('the trouble is in the application')
  })

  it('and no answer in time, too', async () => {
    const { details } = await look({ inside: { latencyMs: 9_000 } })
    expect(details).toContain('connected, and no answer in time')
  })
})

describe('a port that another machine of the VPC does not reach', () => {
  it('is a possible cause if nothing else is known', async () => {
    const { found, causes } = await look({ inside: { listens: [] }, isBlind: true })
    expect(found).toEqual(['peer-reach/unreachable-from-peer cause possible'])
    expect(causes).toEqual(['peer-reach/unreachable-from-peer'])
  })

  it('is a note beside what the machine itself says', async () => {
    const { found, causes } = await look({ inside: { listens: [] } })
    expect(found).toEqual(['peer-reach/unreachable-from-peer note certain'])
    expect(causes).toEqual(['guest-port/not-listening'])
  })

  it('in time says nothing if its group keeps that machine out', async () => {
    const { found, check } = await look({
      inside: { drops: ['0.0.0.0/0'] },
      isBlind: true,
      change: ({ world }) => {
        for (const { rules } of world.groups)
          for (const rule of rules) if (rule.source === '10.0.0.0/16') rule.action = 'DROP'
      },
    })
    expect(found).toEqual([])
    expect(check).toEqual({ check: 'peer-reach', outcome: 'unknown', reason: 'peer-unclear' })
  })

  it('in time speaks for the machine if its group lets that machine in', async () => {
    const { found, details } = await look({ inside: { drops: ['0.0.0.0/0'] }, isBlind: true })
    expect(found).toEqual(['peer-reach/unreachable-from-peer cause possible'])
    expect(details).toContain('no connection in time')
  })
})

it('without a look inside the check does not apply', async () => {
  const made = shop()
  made.machine(16).guest = guest(8080, { listens: [] })
  const { diagnosis } = await askSimulated(made.world)
  expect(diagnosis.checks.find(({ check }) => check === 'peer-reach')).toEqual({
    check: 'peer-reach',
    outcome: 'not-applicable',
  })
})

describe('over UDP', () => {
  const settings = { type: 'CUSTOM', contextType: 'HEX', sendContext: '01', recvContext: '02' }
  const check = { ...settings, sourceIpType: 1 }
  const hexOf = (text: string): string => Buffer.from(text).toString('hex')
  /** What the other machine got, without what it printed before. */
  const codesWith = (protocol: 'TCP' | 'UDP', printed: string) =>
    draftsWith(protocol, printed).map(({ code }) => code)
  const draftsWith = (protocol: 'TCP' | 'UDP', printed: string, more: object = {}) => {
    const line = `request=bash custom - 10.0.1.16 8080 own 2000 0 20 ${printed}`
    const text = `clb-doctor-probe 1\ntarget=10.0.1.16\nport=8080\nprotocol=${protocol.toLowerCase()}\n${line}\n${line}\nclb-doctor-probe end\n`
    const report: GuestReport = { kind: 'probe', text, by: 'tat', at: AT, instanceId: 'ins-00000017' }
    const snapshot = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      listener: { protocol, healthCheck: healthCheck({ ...check, ...more }) },
    })
    const paths = evaluatePaths({ ...snapshot, peers: { '10.0.1.16:8080': ok(report) } })
    return peerReach.run(paths).drafts
  }
  const meaningWith = (printed: string, more: object = {}) =>
    draftsWith('TCP', hexOf(printed), more).map(({ params }) => Object(params.meaning).en)

  it('nothing that comes back tells nothing', () => {
    expect(codesWith('UDP', hexOf('connected\n'))).toEqual([])
    expect(codesWith('TCP', hexOf('connected\n'))).toEqual(['peer-reach/reachable-from-peer'])
  })

  it('an answer reaches, and a refusal does not', () => {
    expect(codesWith('UDP', hexOf('connected\n\x02'))).toEqual(['peer-reach/reachable-from-peer'])
    expect(codesWith('UDP', hexOf('connected\ndd: error reading: Connection refused\n'))).toEqual([
      'peer-reach/unreachable-from-peer',
    ])
  })

  it('the bytes that the check wants are the right answer, and others are not', () => {
    expect(meaningWith('connected\n\x02')).toEqual([expect.stringContaining('looks at their source')])
    expect(meaningWith('connected\n\x03')).toEqual([expect.stringContaining('trouble is in the application')])
  })

  it('bytes tell nothing of the application if the settings do not tell which ones are right', () => {
    expect(meaningWith('connected\n\x03', { recvContext: '0' })).toEqual([])
    expect(meaningWith('connected\n\x03', { sendContext: 'zz' })).toEqual([])
  })
})

describe('over gRPC', () => {
  const meaningWith = (status: number) => {
    const output = `HTTP/2 200\\r\\ncontent-type: application/grpc\\r\\ngrpc-status: ${status}\\r\\n`
    const line = `request=curl grpc POST 10.0.1.16 8080 own 2000 0 20 ${output}`
    const text = `clb-doctor-probe 1\ntarget=10.0.1.16\nport=8080\nprotocol=tcp\n${line}\n${line}\nclb-doctor-probe end\n`
    const report: GuestReport = { kind: 'probe', text, by: 'tat', at: AT, instanceId: 'ins-00000017' }
    const snapshot = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      listener: { protocol: 'TCP', healthCheck: healthCheck({ type: 'GRPC', sourceIpType: 1 }) },
    })
    const paths = evaluatePaths({ ...snapshot, peers: { '10.0.1.16:8080': ok(report) } })
    return peerReach.run(paths).drafts.map(({ params }) => Object(params.meaning).en)
  }

  it('the code that the check takes is the right answer, and others are not', () => {
    expect(meaningWith(12)).toEqual([expect.stringContaining('looks at their source')])
    expect(meaningWith(14)).toEqual([expect.stringContaining('trouble is in the application')])
  })
})
