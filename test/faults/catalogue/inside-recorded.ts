import { readdirSync, readFileSync } from 'node:fs'
import type { GuestOutcome } from '../../../src/model/guest.ts'
import type { Recording } from '../../../src/simulator/guest-recording.ts'
import type { Fault } from '../../guest-live/fault.ts'
import { FAULTS } from '../../guest-live/faults/index.ts'
import type { InsideFault, InsideOf } from './inside.ts'

// Faults that were recorded on real machines (test/fixtures/guest-probe): a simulated machine gets the rules, the kernel and
// the routes of the recording, with its own address and port and the sources of its own probes. What the probes meet is what
// the real ones met.

const FOLDER = new URL('../../fixtures/guest-probe/', import.meta.url)
const RECORDED = new Set(readdirSync(FOLDER))

/** Families whose sockets and answers a recording does not give to a simulated machine: these have a model. */
const MODELLED = /^(?:healthy|listen-|v6-listens-|service-down|accept-|process-|http|tls-|head-|vhost-)/
/** Recordings that no simulated CLB has, and why. */
export const NOT_INJECTED: Readonly<Record<string, string>> = {
  'v6-icmp-echo-ignored': 'no random CLB pings IPv6 backends',
  'v6-icmp-dropped': 'no random CLB pings IPv6 backends',
  'v6-icmp-healthy': 'no random CLB pings IPv6 backends',
  'v6-legacy-reject': 'its rule refuses the machine itself in the lab, and no other machine',
  'ipt-redirect-port-dropped': 'the service of the lab listens on another port than the one that is probed',
  'ipt-redirect-nobody': 'the service of the lab listens on another port than the one that is probed',
  'ipt-redirect-ok': 'the service of the lab listens on another port than the one that is probed',
  'ipt-redirect-http-ok': 'the service of the lab listens on another port than the one that is probed',
  'nft-redirect-ok': 'the service of the lab listens on another port than the one that is probed',
}

/** The target of these is a pod, and the probe ran on its node. test/guest/own-recordings.test.ts has them. */
const OF_PODS = /^direct-pod-/

const isSame = (outcomes: readonly GuestOutcome[]): boolean => new Set(outcomes).size === 1

/** Which probes a recording stops: all, those of 100.64.0.0/10 alone, or none of this range. Null: a part of it. */
function scopeOf({ meets, check }: Fault): 'all' | 'range' | 'none' | null {
  const range = check.ip.includes(':') ? meets : meets.slice(0, 2)
  if (!isSame(range)) return null
  if (range[0] === 'ok') return meets.every((one) => one === 'ok') ? 'none' : null
  return isSame(meets) ? 'all' : 'range'
}

const MEETS: Readonly<Partial<Record<GuestOutcome, Recording['meets']>>> = {
  timeout: 'dropped',
  rejected: 'dropped',
  refused: 'refused',
  'http-timeout': 'late',
  'wrong-answer': 'wrong',
}

const isForwarded = ({ name }: Fault): boolean => /^(?:k8s-|docker-)/.test(name)

function fits(recording: Fault, pool: InsideOf): boolean {
  const { name, check: recorded } = recording
  const { check, isIpv6, isKnown, sources, protocol, port } = pool
  // Rules of the lab let these in.
  if (port === 22 || port === 443) return false
  if (isIpv6 !== recorded.ip.includes(':') || !isKnown || sources.length !== 1) return false
  // Rules of the lab name addresses near its VIP.
  if (scopeOf(recording) !== 'all' && !isIpv6 && sources[0] !== '100.64.0.0/10') return false
  if (recorded.kind === 'ping') return check.type === 'PING'
  if (check.type === 'PING' || (protocol === 'UDP' && check.type === 'CUSTOM')) return false
  // A rule that lets connections open, and stops what follows.
  if (/new-only/.test(name)) return check.type === (recorded.kind === 'tcp' ? 'TCP' : 'HTTP')
  return true
}

const hexOf = (ip: string): string =>
  ip
    .split('.')
    .reverse()
    .map((byte) => Number(byte).toString(16).padStart(2, '0').toUpperCase())
    .join('')

/** The text for another machine: address, network and port, and of IPv6 the VIP that its rules name. */
export function textFor(
  { check }: Fault,
  text: string,
  to: { ip: string; port: number; source: string },
): string {
  const { ip, port, source } = to
  const own = text.replaceAll(check.ip, '@ip@').replaceAll(hexOf('10.0.1.16'), '@hex@')
  const net = ip.includes('.') ? own.replaceAll('10.0.1.', ip.replace(/\d+$/, '')) : own
  const named = net.replaceAll('@ip@', ip).replaceAll('@hex@', ip.includes('.') ? hexOf(ip) : ip)
  const ported =
    check.port === null
      ? named
      : named.replace(
          new RegExp(`([ds]ports? (?:\\d+,)*|[ds]port [a-z=!]+ |\\. |:)${check.port}(?![\\d.])`, 'g'),
          `$1${port}`,
        )
  return check.ip.includes(':') ? ported.replace(/fd77:0:0:2::(?:10)?\/(?:64|128)/g, source) : ported
}

function faultOf(fault: Fault): readonly InsideFault[] {
  const { name, meets, check } = fault
  const scope = scopeOf(fault)
  const isElsewhere = MODELLED.test(name) || OF_PODS.test(name) || name in NOT_INJECTED
  if (scope === null || isElsewhere || !RECORDED.has(name)) return []
  // Nothing on the machine shows these, so no finding can name them.
  if (scope !== 'none' && fault.code === null) return []
  const text = readFileSync(new URL(`${name}/probe.txt`, FOLDER), 'utf8')
  const own = /^request=.*/m.exec(text)?.[0] ?? ''
  return [
    {
      name: `recorded: ${name}`,
      code: fault.code ?? 'guest-port/not-listening',
      isHarmless: scope === 'none',
      isAlone: true,
      fits: (pool) => fits(fault, pool),
      harm: (guest, { port, sources: [source = ''], ip }) => {
        guest.recording = {
          text: textFor(fault, text, { ip, port, source }),
          stops:
            scope === 'none'
              ? []
              : scope === 'range'
                ? [source]
                : [check.ip.includes(':') ? '::/0' : '0.0.0.0/0'],
          meets: MEETS[meets[0] ?? 'ok'] ?? 'dropped',
          own: /\(7\)|refused/.test(own) ? 'refused' : /\(28\)|000 137 /.test(own) ? 'silent' : 'open',
          isForwarded: isForwarded(fault),
        }
        // A ping that the kernel ignores, ignores the machine's own, too.
        if (check.kind === 'ping' && /echo-ignored/.test(name)) guest.ping = false
      },
    },
  ]
}

export const RECORDED_FAULTS: readonly InsideFault[] = FAULTS.flatMap(faultOf)
