import type { GuestCheck } from '../evaluation.ts'
import type { GuestFacts, LocalRequest, NotSeen, RequestEnd } from '../facts.ts'

// What the machine got when it asked itself. It travels over `lo`: it tells what the application does, never whether a
// probe gets so far.

export interface Asking {
  readonly facts: GuestFacts
  readonly check: GuestCheck
}

const LOOPBACK = new Set(['127.0.0.1', '::1'])

/** The requests to the target's address and port. `isWildcard`: those to loopback reach the same socket. */
const toTarget = ({ facts, check }: Asking, isWildcard: boolean): readonly LocalRequest[] => [
  ...facts.requests.filter(({ address, port }) => address === check.ip && port === check.port),
  ...(isWildcard
    ? facts.requests.filter(({ address, port }) => LOOPBACK.has(address) && port === check.port)
    : []),
]

/** The ends that say something about the application, the tool aside. */
const isTelling = ({ end }: LocalRequest): boolean => end.kind !== 'failed'

/** Is it the check's own request? Of recorded commands nobody knows, so they are compared. */
export function isOfCheck(request: LocalRequest, check: GuestCheck): boolean {
  if (request.scheme !== check.kind) return false
  if (request.isOfCheck || (check.kind !== 'http' && check.kind !== 'https')) return request.isOfCheck
  return (
    request.method?.toUpperCase() === check.method.toUpperCase() &&
    request.path === check.path &&
    (request.host ?? request.address) === (check.host ?? check.ip)
  )
}

/** The check's own requests, those that got an answer from the application first. */
export function ownRequests(asking: Asking, isWildcard: boolean): readonly LocalRequest[] {
  const own = toTarget(asking, isWildcard).filter((request) => isOfCheck(request, asking.check))
  const telling = own.filter(isTelling)
  return [
    ...telling.filter(({ end }) => isFromApplication(end)),
    ...telling.filter(({ end }) => !isFromApplication(end)),
  ]
}

/** Requests of another method or scheme to the same address, port and path. */
export const otherRequests = (asking: Asking): readonly LocalRequest[] =>
  toTarget(asking, false).filter((request) => !isOfCheck(request, asking.check) && isTelling(request))

export const isFromApplication = (end: RequestEnd): boolean =>
  end.kind === 'answer' ||
  end.kind === 'grpc' ||
  end.kind === 'bytes' ||
  end.kind === 'reset' ||
  end.kind === 'empty' ||
  end.kind === 'not-http' ||
  end.kind === 'tls-error' ||
  end.kind === 'not-tls' ||
  end.kind === 'tls' ||
  end.kind === 'answer-timeout'

/** How connecting to the target's address went. Null if nobody tried. */
export function handshakeOf({ facts, check }: Asking): 'open' | 'refused' | 'silent' | null {
  const protocol = check.kind === 'udp' ? 'udp' : 'tcp'
  const ends = facts.requests
    .filter(({ address, port, scheme }) => {
      const isOfProtocol = (scheme === 'udp') === (protocol === 'udp')
      return address === check.ip && port === check.port && isOfProtocol && scheme !== 'ping'
    })
    .map(({ end }) => end)
  if (ends.some((end) => end.kind === 'open' || isFromApplication(end))) return 'open'
  if (ends.some(({ kind }) => kind === 'refused')) return 'refused'
  return ends.some(({ kind }) => kind === 'connect-timeout' || kind === 'timeout' || kind === 'unreachable')
    ? 'silent'
    : null
}

/** Why there is no answer to the check's own request. Who refuses it is told with the handshake. */
export function unanswered(what: string, asking: Asking): readonly NotSeen[] {
  const tried = handshakeOf(asking)
  return tried === 'refused'
    ? []
    : [{ layer: 'request', why: tried === 'silent' ? 'failed' : 'unasked', what }]
}
