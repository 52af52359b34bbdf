import { bareHost } from '../../../model/ip.ts'

// What a command line asks for: the words of a shell line without quotes, and the URL in it.

/** The words of a command. Quotes are taken off, nothing is evaluated. Pipes and `;` end it. */
export function wordsOf(command: string): readonly string[] {
  const words: string[] = []
  for (const [, double, single, bare] of command.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)) {
    const word = double ?? single ?? bare ?? ''
    if (bare !== undefined && /^[|;&]/.test(bare)) break
    words.push(word)
  }
  return words
}

export interface Asked {
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly port: number
  readonly path: string
}

/** The first URL with an address in it. Null without one. */
export function urlIn(words: readonly string[]): Asked | null {
  for (const text of words) {
    const [, scheme = '', host = '', port, path = ''] =
      /^(https?):\/\/(\[[^\]]+\]|[^/:?#]+)(?::(\d{1,5}))?([/?].*)?$/i.exec(text) ?? []
    if (scheme === '') continue
    const own = scheme.toLowerCase() === 'https' ? 'https' : 'http'
    return {
      scheme: own,
      address: bareHost(host),
      port: port === undefined ? (own === 'https' ? 443 : 80) : Number(port),
      path: path === '' ? '/' : path,
    }
  }
  return null
}

/** The value of an option in any of its forms: `-m 6`, `-m6`, `--max-time 6`, `--max-time=6`. */
export function optionOf(words: readonly string[], short: string, long?: string): string | null {
  for (const [i, text] of words.entries()) {
    if (text === `-${short}` || text === `--${long}`) return words[i + 1] ?? null
    if (long !== undefined && text.startsWith(`--${long}=`)) return text.slice(long.length + 3)
    if (/^-[a-zA-Z]\d/.test(text) && text[1] === short) return text.slice(2)
  }
  return null
}

/** Seconds as ms. Null if there is no number. */
export const msOf = (seconds: string | null | undefined): number | null =>
  seconds !== null && seconds !== undefined && /^\d+(\.\d+)?$/.test(seconds)
    ? Math.round(Number(seconds) * 1000)
    : null
