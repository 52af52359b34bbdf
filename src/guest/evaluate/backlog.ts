import type { AddressSet } from '../../rules/index.ts'
import type { GuestReason } from '../evaluation.ts'
import type { Listening } from '../facts.ts'
import type { Endpoint } from './arrivals.ts'
import { movedBy } from './counters.ts'
import type { Given } from './given.ts'
import { reasonOf } from './reasons.ts'
import { handshakeOf } from './requests.ts'
import { socketText } from './sockets.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts } from './stops.ts'

/** The queue of connections that wait for the application is full: the kernel drops the SYN. */
export function backlog(
  taking: readonly Listening[],
  sources: AddressSet,
  to: Endpoint,
  given: Given,
): Verdicts {
  const sockets = taking.filter(({ protocol }) => protocol === 'tcp')
  const [socket] = sockets
  if (socket === undefined) return NOTHING
  const states = sockets.map(isFull)
  if (states.every((full) => full === false)) return NOTHING
  if (states.includes(false) || states.includes(null)) return perhapsFull(sockets, sources, to, given)
  const isSeen = handshakeOf(given) === 'silent' || (movedBy(given.facts, 'ListenOverflows') ?? 0) > 0
  return stoppedBy(backlogFull(socket, sources, { certainty: isSeen ? 'certain' : 'likely', to }, given))
}

/**
 * Only ss tells how many may wait. Without it three signs are left: connections wait, the kernel counts full queues (of
 * all sockets), and the machine's own connection is not answered. All three are one of silence and its explanation.
 */
function perhapsFull(
  sockets: readonly Listening[],
  sources: AddressSet,
  to: Endpoint,
  given: Given,
): Verdicts {
  const waiting = sockets.find(({ queued }) => queued !== null && queued > 0)
  const socket = waiting ?? (sockets[0] as Listening)
  const isSilent = handshakeOf(given) === 'silent'
  const signs = [waiting !== undefined, (movedBy(given.facts, 'ListenOverflows') ?? 0) > 0, isSilent]
  const found = signs.filter((is) => is).length
  const doubt = inDoubt({
    sources,
    stage: 'listener',
    decidedBy: `${socketText(socket)}: Recv-Q ${socket.queued ?? '?'}`,
    code: 'guest-port/backlog-full',
    notSeen: [{ layer: 'sockets', why: 'tool', what: 'ss -lnt' }],
  })
  if (found < 2 || handshakeOf(given) === 'open') return doubt
  const isLikely = found === signs.length && sockets.every((one) => isFull(one) === null)
  const reason = backlogFull(socket, sources, { certainty: isLikely ? 'likely' : 'possible', to }, given)
  return isLikely ? stoppedBy(reason) : { ...doubt, reasons: [reason] }
}

interface Full {
  readonly certainty: GuestReason['certainty']
  readonly to: Endpoint
}

function backlogFull(
  socket: Listening,
  sources: AddressSet,
  { certainty, to }: Full,
  given: Given,
): GuestReason {
  const overflows = movedBy(given.facts, 'ListenOverflows')
  const { queued, backlog: most, process } = socket
  const allowed = given.machine.sysctl('net.core.somaxconn')
  return reasonOf(given, {
    code: 'guest-port/backlog-full',
    stage: 'listener',
    sources,
    outcome: 'timeout',
    certainty,
    decidedBy:
      most === null
        ? `${socketText(socket)}: Recv-Q ${queued ?? '?'}, ListenOverflows +${overflows ?? '?'}`
        : `${socketText(socket)}: Recv-Q ${queued} > Send-Q ${most}`,
    params: {
      port: to.port,
      ...(queued === null ? {} : { queued }),
      ...(most === null ? {} : { backlog: most }),
      ...(process === null ? {} : { process: process.name }),
      ...(most === null || allowed === null ? {} : { allowed }),
    },
    evidence: [
      ...(queued === null ? [] : [{ fact: 'Recv-Q', value: queued }]),
      ...(most === null ? [] : [{ fact: 'Send-Q', value: most }]),
      ...(overflows === null ? [] : [{ fact: 'ListenOverflows', value: overflows }]),
    ],
  })
}

/** Null if the longest queue is not known and connections wait. */
function isFull({ queued, backlog }: Listening): boolean | null {
  if (queued === 0) return false
  if (queued === null || backlog === null) return null
  return queued > backlog
}
