import { isLoopback } from '../model/ip.ts'

/**
 * `https://host[:port][/path]`, without a slash at its end. Plain `http` is for loopback alone: a link is as good as a
 * password for its incident. Null: another text.
 */
export function parsePublicUrl(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, hostname, username, password, search, hash, origin, pathname } = new URL(text)
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
  if (!isSafe || username !== '' || password !== '' || search !== '' || hash !== '' || /[?#]/.test(text))
    return null
  return `${origin}${pathname.replace(/\/+$/, '')}`
}
