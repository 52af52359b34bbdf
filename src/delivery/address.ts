import { isLoopback } from '../model/ip.ts'
import type { Text } from '../model/language.ts'
import { Secret } from '../model/secret.ts'
import { filled } from '../text/index.ts'
import type { PostOnce } from './post.ts'
import type { Receiver } from './receiver.ts'
import { TEXTS } from './texts.ts'

/** The parts of an address that a receiver needs to send. */
export interface Means {
  readonly post: PostOnce
  readonly now: () => number
}

/** A parsed address. It creates the receiver. */
export interface Address {
  readonly kind: string
  /** Kind and host, for logs and errors. */
  readonly label: string
  /**
   * What makes it this receiver and no other one, without what may rotate: a password, a token, a key that signs. The key of
   * a bot is its address, so this can be secret.
   */
  readonly identity: Secret
  /** Two receivers of one identity may differ in this, and are two then. Left out: one address is one receiver. */
  readonly variant?: string
  /** What its limit of messages belongs to, for example a login. It can be secret. Left out: to this receiver alone. */
  readonly limit?: Secret
  /** True if it must not lead to loopback, link-local and metadata addresses. */
  readonly isGuarded?: boolean
  connect(means: Means): Receiver
}

/** A receiver's address is wrong or not available. Names its position and kind, never its secret part. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError'
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

/** `detail`: what is wrong and what to write, after the place of the address. */
export type Fail = (detail: Text) => ReceiverError

/** What the owner of the configuration says of an address, beside it. */
export interface Permission {
  /** It may lead to loopback, link-local and metadata addresses. */
  readonly allowPrivate: boolean
}

/** A kind of receiver. `receivers.ts` lists all kinds. */
export interface ReceiverKind {
  /** The form of its addresses, for the error about an unknown address. Left out: `kind+https://…`. */
  readonly form?: Text
  /**
   * Null if the address is of another kind.
   * @throws ReceiverError made by `fail`
   */
  parse(url: URL, fail: Fail, permission: Permission): Address | null
}

/**
 * Turns `wecom+https://…` of the kind `wecom` into `https://…`. Plain http is only allowed on loopback. Null for
 * another scheme.
 */
export function webAddress(url: URL, kind: string, fail: Fail): URL | null {
  if (url.protocol !== `${kind}+https:` && url.protocol !== `${kind}+http:`) return null
  // URL only validates the host of a known scheme, so the inner URL is parsed again.
  const text = url.href.slice(kind.length + 1)
  if (url.hostname === '' || !URL.canParse(text))
    throw fail(filled(TEXTS.wrong.scheme, { scheme: url.protocol }))
  const inner = new URL(text)
  if (inner.protocol === 'http:' && !isLoopback(inner.hostname))
    throw fail(filled(TEXTS.wrong.plain, { host: inner.hostname }))
  return inner
}

export const identityOf = (kind: string, ...parts: readonly (string | number)[]): Secret =>
  new Secret(JSON.stringify([kind, ...parts]))

/** Do both addresses lead to one receiver? */
export const isSame = (one: Address, other: Address): boolean =>
  one.identity.reveal() === other.identity.reveal() && one.variant === other.variant

/** A plus sign is literal here: base64 keys and addresses such as ops+clb@example.com contain it. */
export const queryOf = (url: URL): URLSearchParams => new URLSearchParams(url.search.replaceAll('+', '%2B'))

/**
 * User and password of an address. Null: it has no login.
 * @throws ReceiverError for half a login, or one that is not percent-encoded
 */
export function loginIn(
  { username, password }: URL,
  where: string,
  fail: Fail,
): { readonly user: string; readonly password: Secret } | null {
  if (username === '' && password === '') return null
  if (username === '' || password === '') throw fail(filled(TEXTS.wrong.login, { where }))
  try {
    return { user: decodeURIComponent(username), password: new Secret(decodeURIComponent(password)) }
  } catch {
    throw fail(filled(TEXTS.wrong.encoded, { where }))
  }
}

/** The header Authorization of a login. */
export const basicOf = ({ user, password }: { readonly user: string; readonly password: Secret }): string =>
  `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`
