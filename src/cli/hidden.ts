import { dirname } from 'node:path'

// A receiver's address in the place of a name or a file, for example `sinks test <address>`. Errors repeat the words of the
// command line, and an address is a secret.

const ADDRESS = /[a-z][a-z0-9+.-]{0,40}:\/\/[^\s"'<>]*/gi
/** `user:password@host` */
const LOGIN = /[^\s/:=]+:[^\s/]+@/g
const WORD = /^[a-z_.-]{0,20}$/i

/** Of an address no more than nobody keeps secret: what a receiver is, and the host and plain words of a web page. */
function shown(address: string): string {
  const [scheme = ''] = address.split('://')
  if (!/^https?$/i.test(scheme))
    return /^([a-z]{1,20}\+https?|smtps?|rediss?)$/i.test(scheme) ? `${scheme}://…` : '…'
  if (!URL.canParse(address)) return `${scheme}://…`
  const { origin, pathname, search, hash } = new URL(address)
  const words = pathname.split('/')
  const first = words.findIndex((word) => !WORD.test(word))
  if (first >= 0) return `${origin}${words.slice(0, first).join('/')}/…`
  return search + hash === '' ? address.replace(LOGIN, '') : `${origin}${pathname}?…`
}

/** Each text that must not be shown, with what stands in its place. */
function hiddenIn(arg: string): readonly (readonly [string, string])[] {
  const found = [...arg.matchAll(ADDRESS)].map(([address]) => address)
  const logins = [...arg.replace(ADDRESS, '').matchAll(LOGIN)].map(([login]) => login)
  // The error about a file that cannot be written names its folder.
  const folder = found.length > 0 ? dirname(arg) : ''
  return [
    ...(found.length > 0 ? [[arg, arg.replace(ADDRESS, shown)] as const] : []),
    ...found.map((address) => [address, shown(address)] as const),
    ...logins.map((login) => [login, '…@'] as const),
    ...(/^[^:]*$|^https?:\/*$/i.test(folder) ? [] : [[folder, '…'] as const]),
  ]
}

/** Shortens the addresses that stand in these arguments wherever they stand in a text. */
export function withoutAddresses(args: readonly string[]): (text: string) => string {
  const pairs = args
    // Of an option that is not known, Node names what stands before the equals sign.
    .flatMap((arg) => [arg, arg.split('=', 1)[0] ?? ''])
    .flatMap(hiddenIn)
    .toSorted(([one], [other]) => other.length - one.length)
  if (pairs.length === 0) return (text) => text
  const instead = new Map(pairs)
  const any = new RegExp(pairs.map(([found]) => found.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g')
  return (text) => text.replace(any, (found) => instead.get(found) ?? '…')
}
