import { bareHost } from '../model/ip.ts'
import { Secret } from '../model/secret.ts'

export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly user: string | null
  readonly password: Secret | null
  readonly db: number
}

const DEFAULT_PORT = 6_379

/** Reads `redis://[user:password@]host[:port][/db]`, or `rediss://…` for TLS. Null: another text. */
export function parseRedisAddress(text: string): RedisAddress | null {
  if (!/^rediss?:\/\//i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  const db = /^\/?$/.test(url.pathname) ? 0 : Number(/^\/(\d{1,5})$/.exec(url.pathname)?.[1] ?? Number.NaN)
  if (url.hostname === '' || Number.isNaN(db) || url.search !== '' || url.hash !== '') return null
  try {
    const [user, password] = [url.username, url.password].map(decodeURIComponent)
    return {
      host: decodeURIComponent(bareHost(url.hostname)),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
      tls: url.protocol === 'rediss:',
      user: user || null,
      password: password ? new Secret(password) : null,
      db,
    }
  } catch {
    return null
  }
}
