import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../model/secret.ts'
import type { Context } from './web.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in constant time with every token, so that the time does not reveal how much of a guess is right. */
function isOneOf(given: string, tokens: readonly Secret[]): boolean {
  const shown = digest(given)
  return tokens.map((token) => timingSafeEqual(shown, digest(token.reveal()))).includes(true)
}

/** What a caller shows: a Bearer token, the password of Basic, or `?token=`. */
export function shownBy(c: Context): readonly string[] {
  const header = c.req.header('authorization') ?? ''
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic)\s+(.+)$/i.exec(header) ?? []
  const basic = Buffer.from(credentials, 'base64').toString('utf8')
  const inHeader = scheme.toLowerCase() === 'basic' ? basic.slice(basic.indexOf(':') + 1) : credentials.trim()
  // A token has no space, so a space in the query was a plus sign that nobody encoded.
  const inQuery = (c.req.queries('token') ?? []).map((token) => token.replaceAll(' ', '+'))
  return [...(scheme === '' ? [] : [inHeader]), ...inQuery]
}

export const isRight = (shown: readonly string[], tokens: readonly Secret[]): boolean =>
  shown.some((given) => isOneOf(given, tokens))
