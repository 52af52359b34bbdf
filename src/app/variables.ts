import { CONSOLES, type Console } from '../model/console.ts'
import { Secret } from '../model/secret.ts'

// The forms of single variables. Null: the text is not accepted.

export function parseTokens(text: string): readonly Secret[] | null {
  const tokens = text.split(/\s+/)
  return tokens.length <= 2 ? tokens.map((token) => new Secret(token)) : null
}

/** The name as the platform's own list spells it. Null for a zone that it does not know. */
export function parseTimeZone(text: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

export const parseConsole = (text: string): Console | null => CONSOLES.find((name) => name === text) ?? null

export const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i

export function parseOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  return (url.protocol === 'http:' || url.protocol === 'https:') && isBare ? url.origin : null
}

/** Null for an address or a login: what is shown of a path can be a secret then. */
export const parsePath = (text: string): string | null =>
  /:\/\/|^[^\s/:]+:[^\s/]+@/.test(text) ? null : text

export function parseRate(text: string): number | null {
  const rate = Number(text)
  return Number.isFinite(rate) && rate > 0 ? rate : null
}
