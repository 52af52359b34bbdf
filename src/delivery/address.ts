import { isLoopback } from '../model/ip.ts'
import type { PostOnce } from './post.ts'
import type { Receiver } from './receiver.ts'

/** What receivers send with. */
export interface Means {
  readonly post: PostOnce
  readonly now: () => number
}

/** An address that was understood: it knows its receiver. */
export interface Address {
  readonly kind: string
  /** Kind and host, for logs and errors. */
  readonly label: string
  connect(means: Means): Receiver
}

/** A receiver's address is wrong or not available. Names its position and kind, never its secret part. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError'
}

export type Fail = (detail: string) => ReceiverError

/** A kind of receiver, as `receivers.ts` lists it. */
export interface ReceiverKind {
  /** How its addresses look, for the error about an address of no kind. */
  readonly form: string
  /**
   * Null if the address is of another kind.
   * @throws ReceiverError made by `fail`
   */
  parse(url: URL, fail: Fail): Address | null
}

/** `wecom+https://…` of the kind `wecom` → `https://…`; plain http is for loopback only. Null for another scheme. */
export function webAddress(url: URL, kind: string, fail: Fail): URL | null {
  if (url.protocol !== `${kind}+https:` && url.protocol !== `${kind}+http:`) return null
  // URL only validates the host of a known scheme, so the inner URL is parsed again.
  const text = url.href.slice(kind.length + 1)
  if (url.hostname === '' || !URL.canParse(text)) throw fail(`(${url.protocol}//…) has no valid host`)
  const inner = new URL(text)
  if (inner.protocol === 'http:' && !isLoopback(inner.hostname))
    throw fail(`(${inner.hostname}): plain http is for loopback only; use https`)
  return inner
}

/** A plus sign is literal here: base64 keys and addresses such as ops+clb@example.com contain it. */
export const queryOf = (url: URL): URLSearchParams => new URLSearchParams(url.search.replaceAll('+', '%2B'))
