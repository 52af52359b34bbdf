import type { Certainty } from '../../model/diagnosis.ts'
import type { AnswerDoubt } from '../evaluation.ts'
import type { LocalRequest, RequestEnd } from '../facts.ts'
import { PROBE_AGENT } from '../usual.ts'
import type { Given } from './given.ts'

// What an answer to the machine itself tells of the answers to the probes. They have the address of the CLB.

export interface Told {
  readonly certainty: Certainty
  readonly doubts?: readonly AnswerDoubt[]
}

/**
 * Answers that usual servers choose by the address of the peer: access lists (401, 403, 404, 407, 451; nginx 444 closes),
 * limits and pages of maintenance (429, 503), and a proxy whose next server depends on the peer (502, 503, 504). No usual
 * server redirects, fails (500) or refuses a method (405, 501) by the address.
 */
const BY_PEER = new Set([401, 403, 404, 407, 429, 444, 451, 502, 503, 504])

/** UNAVAILABLE, PERMISSION_DENIED, UNAUTHENTICATED, RESOURCE_EXHAUSTED, NOT_FOUND: the same in gRPC. */
const GRPC_BY_PEER = new Set([5, 7, 8, 14, 16])

/** A server that speaks no HTTP may greet whom it does not know otherwise: MySQL does. */
function isByPeer(end: RequestEnd): boolean {
  switch (end.kind) {
    case 'answer':
      return BY_PEER.has(end.status)
    case 'grpc':
      return end.status !== null && GRPC_BY_PEER.has(end.status)
    case 'bytes':
    case 'reset':
    case 'empty':
      return true
    default:
      return false
  }
}

interface Answered {
  readonly request: LocalRequest
  /** The second half of the reason's code. */
  readonly code: string
  /** True if it was slow more than once, or if its process is stopped. */
  readonly isSlowAgain: boolean
  /** True if several places take such requests, one of them by chance. */
  readonly isOneOfSeveral: boolean
}

function doubtsOf({ request: { end }, code, isSlowAgain, isOneOfSeveral }: Answered): readonly AnswerDoubt[] {
  if (code === 'tls-mismatch') return []
  const slow: readonly AnswerDoubt[] = isSlowAgain ? [] : ['once']
  const own = code === 'too-slow' ? slow : end.kind === 'tls-error' ? (['handshake'] as const) : []
  const byPeer: readonly AnswerDoubt[] = code !== 'too-slow' && isByPeer(end) ? ['peer'] : []
  return [...own, ...byPeer, ...(isOneOfSeveral ? (['several'] as const) : [])]
}

/**
 * An answer to a request that was not exactly the check's may differ. An application may know its clients by their
 * User-Agent and give other codes to others, but it speaks TLS to all of them.
 */
export function told(answered: Answered, { check }: Given): Told {
  const { isOfCheck, agent, tool } = answered.request
  const isHttp = check.kind === 'http' || check.kind === 'https'
  const isLike =
    isHttp &&
    tool === 'curl' &&
    (agent === PROBE_AGENT || answered.code === 'tls-mismatch' || answered.code === 'too-slow')
  const doubts = doubtsOf(answered)
  const certainty = doubts.length === 0 && (isOfCheck || isLike) ? 'certain' : 'likely'
  return { certainty, ...(doubts.length > 0 ? { doubts } : {}) }
}
