import type { GuestCheck } from '../evaluation.ts'
import type { LocalRequest, RequestEnd } from '../facts.ts'
import { isExpected } from './expected.ts'
import type { Given } from './given.ts'

// How a request of the machine to itself ended, as the check sees it.

export type End =
  | { readonly kind: 'ok' }
  /** An answer of a kind that the check takes, if it is the right one. */
  | { readonly kind: 'any' }
  | { readonly kind: 'slow'; readonly seconds: number | null }
  | { readonly kind: 'wrong'; readonly reason: 'status-mismatch' | 'refused' | 'tls-mismatch' }

export type Failure = Exclude<End, { kind: 'ok' | 'any' }>

/** What the end means for the check. Null if it does not tell. */
export function endOf({ end, allowedMs }: LocalRequest, { check }: Pick<Given, 'check'>): End | null {
  const timeout = check.timeoutSeconds * 1000
  switch (end.kind) {
    case 'answer':
    case 'grpc':
    case 'bytes': {
      const isInTime =
        end.ms === null ? (allowedMs !== null && allowedMs <= timeout ? true : null) : end.ms <= timeout
      if (isInTime === false) return { kind: 'slow', seconds: end.ms === null ? null : end.ms / 1000 }
      if (check.isAnswerUnknown && end.kind !== 'answer' && !(end.kind === 'grpc' && end.status === null))
        return isInTime === null ? null : { kind: 'any' }
      if (!isExpected(end, check)) return { kind: 'wrong', reason: 'status-mismatch' }
      return isInTime === null ? null : { kind: 'ok' }
    }
    case 'answer-timeout':
      return allowedMs === null || allowedMs < timeout ? null : { kind: 'slow', seconds: null }
    case 'reset':
    case 'empty':
      return { kind: 'wrong', reason: 'refused' }
    case 'not-http':
      return { kind: 'wrong', reason: 'status-mismatch' }
    case 'tls-error':
      return { kind: 'wrong', reason: 'refused' }
    case 'not-tls':
      return { kind: 'wrong', reason: 'tls-mismatch' }
    default:
      return null
  }
}

/** What came back, in words. */
export function endText(end: RequestEnd, meaning: Failure): string {
  if (meaning.kind === 'slow')
    return meaning.seconds === null ? 'no answer in time' : `answer after ${meaning.seconds} s`
  switch (end.kind) {
    case 'answer':
      return `HTTP ${end.status}`
    case 'grpc':
      return `grpc-status ${end.status ?? 'none'}`
    case 'bytes':
      return end.hex === '' ? 'no bytes' : `bytes ${end.hex.slice(0, 64)}`
    case 'reset':
      return 'connection reset'
    case 'empty':
      return 'connection closed without an answer'
    case 'not-http':
      return 'an answer that is not HTTP'
    case 'tls-error':
      return 'TLS handshake refused'
    case 'not-tls':
      return 'an answer that is not TLS'
    default:
      return end.kind
  }
}

export const requestText = ({ kind, method, path }: GuestCheck): string =>
  kind === 'http' || kind === 'https' ? `${method} ${path}` : kind
