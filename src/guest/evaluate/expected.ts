import { codeBit, codeClassesIn } from '../../model/http-codes.ts'
import type { GuestCheck } from '../evaluation.ts'
import type { RequestEnd } from '../facts.ts'

// Which answers the settings of the check take.

type Answer = Extract<RequestEnd, { kind: 'answer' | 'grpc' | 'bytes' }>

export function isExpected(end: Answer, check: GuestCheck): boolean {
  switch (end.kind) {
    case 'answer':
      // Without a grpc-status there is nothing that a gRPC check takes.
      return check.kind !== 'grpc' && (check.httpCodes & codeBit(end.status)) !== 0
    case 'grpc':
      return end.status !== null && isInCodes(end.status, check.extendedCode ?? USUAL_GRPC)
    case 'bytes':
      return check.receiveHex === null || end.hex.toLowerCase() === check.receiveHex.toLowerCase()
  }
}

/** The default of a CLB: UNIMPLEMENTED (platform facts C3). */
const USUAL_GRPC = '12'

const isInCodes = (status: number, codes: string): boolean =>
  codes.split(',').some((part) => {
    const [from, to = from] = part.split('-').map((text) => Number(text.trim()))
    return from !== undefined && to !== undefined && from <= status && status <= to
  })

/** `2xx, 3xx`, the codes of gRPC, or the bytes of a custom check. */
export function codesText({ kind, httpCodes, extendedCode, receiveHex }: GuestCheck): string {
  if (kind === 'grpc') return extendedCode ?? USUAL_GRPC
  if (kind === 'custom') return receiveHex ?? ''
  return codeClassesIn(httpCodes).join(', ')
}
