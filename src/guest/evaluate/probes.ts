import { type AddressSet, intersect, parseAddresses, subtract, unionOf } from '../../rules/index.ts'
import type { ProbesSeen } from '../evaluation.ts'
import type { Connection } from '../facts.ts'
import type { Given } from './given.ts'

// The kernel has met the real probes: their connections are in its tables.

const HALF_OPEN = new Set(['SYN_RECV', 'NEW_SYN_RECV'])
const CONNECTED = new Set([
  'ESTABLISHED',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'CLOSING',
])

/** Peers of `sources` with a connection to one of these ports. */
export function probesSeen(
  sources: AddressSet,
  ports: readonly number[],
  { facts, machine }: Given,
): ProbesSeen {
  const own = (facts.connections ?? []).filter(({ localPort }) => ports.includes(localPort))
  const peers = (states: ReadonlySet<string>): AddressSet =>
    subtract(intersect(peersOf(own, states, sources), sources), machine.own)
  return { connected: peers(CONNECTED), halfOpen: peers(HALF_OPEN) }
}

const peersOf = (
  all: readonly Connection[],
  states: ReadonlySet<string>,
  { family }: AddressSet,
): AddressSet =>
  unionOf(
    family,
    all.flatMap(({ state, peerAddress }) => (states.has(state) ? (parseAddresses(peerAddress) ?? []) : [])),
  )
