import type { GuestCheck } from '../../src/guest/evaluation.ts'
import type { GuestOutcome } from '../../src/model/guest.ts'

/** What the probes from one source met, in the form of the samples. `http` only if a request was sent. */
export interface Met {
  readonly src: string
  readonly tcp?: string
  readonly tcp_ms?: number
  readonly http?: string
  readonly http_ms?: number
  readonly icmp?: 'reply' | 'timeout'
  readonly icmp_ms?: number
}

/** An answer of the machine comes at once. Later it is the prober's own neighbour table that gives up. */
const AT_ONCE = 100

/** What it means for a health check, by contract. */
export function outcomeOf(met: Met, check: GuestCheck): GuestOutcome {
  if (met.icmp !== undefined) return met.icmp === 'reply' ? 'ok' : 'timeout'
  if (met.tcp !== 'open') return handshakeOf(met)
  if (met.http === undefined) return 'ok'
  const late = (met.http_ms ?? 0) > check.timeoutSeconds * 1000
  if (met.http === 'timeout' || late) return 'http-timeout'
  const status = /^HTTP\/\d\.\d (\d)\d\d/.exec(met.http)?.[1]
  return status && (check.httpCodes & (1 << (Number(status) - 1))) !== 0 ? 'ok' : 'wrong-answer'
}

function handshakeOf({ tcp, tcp_ms = 0 }: Met): GuestOutcome {
  if (tcp === 'timeout') return 'timeout'
  if (tcp === 'Connection refused' || tcp === 'Connection reset by peer') return 'refused'
  return tcp_ms > AT_ONCE ? 'timeout' : 'rejected'
}
