import type { Certainty } from '../../model/diagnosis.ts'
import type { HealthCheck } from '../../model/snapshot.ts'
import { filled, type Params } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

/** An expectation that no answer meets, or hardly one. */
export interface Expectation {
  readonly certainty: Certainty
  readonly params: Params
  readonly field: string
  readonly value: unknown
  /** The settings that an answer can meet, if there is one obvious choice. */
  readonly better?: Partial<HealthCheck>
}

/** The bit for 2xx in HttpCode (platform facts C3). */
export const SUCCESS = 2
const ALL_CODES = 31

/** HttpCode: no final status is 1xx (RFC 9110, 15.2). Null if some final status is expected. */
export function badHttpCode({ httpCodes: mask }: HealthCheck): Expectation | null {
  if (mask === null || (mask & (ALL_CODES - 1)) !== 0) return null
  const kind = (mask & ALL_CODES) === 0 ? 'noClass' : 'informational'
  return {
    // It is not documented what the API means by a value outside 1 to 31.
    certainty: kind === 'informational' ? 'certain' : 'possible',
    params: expectationParams(kind, { value: String(mask) }),
    field: 'HttpCode',
    value: mask,
    better: { httpCodes: (mask & ALL_CODES) | SUCCESS },
  }
}

/** gRPC has the codes 0 to 16. A server may send other numbers, so this proves nothing (platform facts C3). */
export function badGrpcCode({ extendedCode: codes }: HealthCheck): Expectation | null {
  if (codes === null || codes === undefined || parts(codes).some(isKnownToGrpc)) return null
  return {
    certainty: 'possible',
    params: expectationParams('grpc', { value: codes }),
    field: 'ExtendedCode',
    value: codes,
  }
}

const LAST_GRPC_CODE = 16

/** The parts of `20`, `20,25` or `0-99`. */
const parts = (codes: string): readonly string[] => codes.split(/[,，]/).map((part) => part.trim())

function isKnownToGrpc(part: string): boolean {
  const [, from, to = from] = /^(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/.exec(part) ?? []
  return from !== undefined && Number(from) <= LAST_GRPC_CODE && Number(to) >= Number(from)
}

/** What a custom check sends or expects is missing, or stands for no bytes (platform facts C3). */
export function badContent(check: HealthCheck): Expectation | null {
  const { contextType, sendContext, recvContext } = check
  const contents = [
    ['SendContext', sendContext],
    ['RecvContext', recvContext],
  ] as const
  for (const [field, value] of contents) {
    if (value === null)
      return { certainty: 'possible', params: expectationParams('unset', { value: '', field }), field, value }
    if (value === undefined) continue
    const kind =
      contextType === 'HEX' && !isHex(value)
        ? 'hex'
        : contextType === 'TEXT' && !isVisible(value)
          ? 'text'
          : null
    if (kind !== null)
      return {
        // The documents do not allow it, and do not say what CLB sends then.
        certainty: kind === 'hex' ? 'likely' : 'possible',
        params: expectationParams(kind, { value, field }),
        field,
        value,
      }
  }
  return null
}

const isHex = (text: string): boolean => text.length % 2 === 0 && /^[\dA-F]+$/i.test(text)
const isVisible = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

function expectationParams(
  kind: keyof typeof TEXTS.expectations,
  given: { readonly value: string; readonly field?: keyof typeof TEXTS.fields },
): Params {
  const { expects, meaning, todo } = TEXTS.expectations[kind]
  const { field, value } = given
  const params = { value: value.slice(0, MOST_SHOWN), field: field ? TEXTS.fields[field] : '' }
  return {
    expects: filled(expects, params),
    meaning: filled(meaning, params),
    todo: filled(todo, params),
  }
}

/** A content has at most 500 characters. A title shows the beginning. */
const MOST_SHOWN = 40
