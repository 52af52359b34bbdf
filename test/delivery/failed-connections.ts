import net from 'node:net'
import { createServer } from 'node:tls'
import { generate } from 'selfsigned'
import type { Outcome } from '../../src/delivery/receiver.ts'
import { Secret } from '../../src/model/secret.ts'
import { NO_PROXIES, type Proxies } from '../../src/net/index.ts'
import { listen, startProxy } from '../net/connect-proxy.ts'
import { mutePort } from './contract.ts'

type Attempt = (host: string, proxies: Proxies) => Promise<Outcome>

const through = (port: number): Proxies => ({ ...NO_PROXIES, https: new Secret(`http://127.0.0.1:${port}`) })

/** The outcomes of attempts over https whose connection never opens, each with the name of its failure. */
export async function failedConnections(attempt: Attempt): Promise<readonly (readonly [string, Outcome])[]> {
  const closers: (() => unknown)[] = []
  const served = async (server: net.Server): Promise<string> => {
    closers.push(() => server.close())
    server.on('error', () => {})
    return `127.0.0.1:${await listen(server)}`
  }
  const { cert, private: key } = await certificate()
  const untrusted = await served(createServer({ key, cert }, () => {}).on('tlsClientError', () => {}))
  const reset = await served(
    net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
  )
  const plain = await served(
    net.createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 no\r\n\r\n')),
  )
  const mute = await mutePort()
  closers.push(() => mute.close())
  const elsewhere = 'hooks.example.com'
  const refusing = (status: number) => async () => {
    await using proxy = await startProxy(() => ({ status }))
    return attempt(elsewhere, through(proxy.port))
  }
  const cases: readonly (readonly [string, () => Promise<Outcome>])[] = [
    ['an untrusted certificate', () => attempt(untrusted, NO_PROXIES)],
    ['a reset during the TLS handshake', () => attempt(reset, NO_PROXIES)],
    ['a server without TLS', () => attempt(plain, NO_PROXIES)],
    ['a TLS handshake that never ends', () => attempt(`127.0.0.1:${mute.port}`, NO_PROXIES)],
    ['a proxy that wants a login', refusing(407)],
    ['a proxy that forbids the host', refusing(403)],
    ['a proxy that cannot reach the host', refusing(502)],
    ['a proxy that never answers', () => attempt(elsewhere, through(mute.port))],
    ['a proxy that is not there', () => attempt(elsewhere, through(1))],
  ]
  const outcomes = await Promise.all(cases.map(async ([name, run]) => [name, await run()] as const))
  for (const close of closers) close()
  return outcomes
}

let made: ReturnType<typeof generate> | undefined
/** One for all suites, because making a key takes time. */
function certificate() {
  made ??= generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 })
  return made
}
