import { setMaxListeners } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { createAgent, NO_PROXIES, PostError, post } from '../../src/net/index.ts'
import type { PostOptions } from '../../src/net/post.ts'
import { listen, startProxy } from './connect-proxy.ts'

type Serve = (request: http.IncomingMessage, response: http.ServerResponse) => void

/** A server that is closed at the end of the test. */
async function startServer(serve: Serve): Promise<AsyncDisposable & { readonly port: number }> {
  const server = http.createServer((request, response) => {
    request.resume().once('end', () => serve(request, response))
  })
  const port = await listen(server)
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const LONG = { connect: 10_000, head: 10_000, body: 10_000 }

async function postTo(port: number, options: Partial<PostOptions> = {}) {
  const url = new URL(`http://127.0.0.1:${port}`)
  const agent = await createAgent(url, NO_PROXIES)
  return post(url, {
    headers: {},
    body: 'x',
    agent,
    signal: new AbortController().signal,
    limits: LONG,
    ...options,
  })
}

const errorOf = async (sent: Promise<unknown>): Promise<PostError> => {
  const error = await sent.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof PostError)) throw new Error(`expected a PostError, got ${error}`)
  return error
}

describe('a POST', () => {
  it('fails with a timeout if the head of the answer is late', async () => {
    await using server = await startServer(() => undefined)
    const error = await errorOf(postTo(server.port, { limits: { ...LONG, head: 60 } }))
    expect(error).toMatchObject({ code: 'Timeout', isConnected: true })
  })

  it('fails with a timeout if the body of the answer is late', async () => {
    await using server = await startServer((_, response) => void response.writeHead(200).write('{'))
    const error = await errorOf(postTo(server.port, { limits: { ...LONG, body: 60 } }))
    expect(error).toMatchObject({ code: 'Timeout', isConnected: true })
  })

  it('fails with a timeout if no connection is made in time', async () => {
    // This server never answers the TLS handshake.
    const silent = net.createServer()
    const port = await listen(silent)
    const url = new URL(`https://127.0.0.1:${port}`)
    const agent = await createAgent(url, NO_PROXIES)
    const signal = new AbortController().signal
    const limits = { ...LONG, connect: 60 }
    const error = await errorOf(post(url, { headers: {}, body: '', agent, signal, limits }))
    expect(error).toMatchObject({ code: 'Timeout', isConnected: false })
    silent.close()
  })

  it('does not count the wait for a free connection against its limits', async () => {
    await using server = await startServer((_, response) => void setTimeout(() => response.end('ok'), 250))
    const url = new URL(`http://127.0.0.1:${server.port}`)
    const agent = await createAgent(url, NO_PROXIES, { keepAlive: true, maxSockets: 1 })
    // All ten together take longer than a limit; a single one has room for a busy machine.
    const limits = { connect: 2_000, head: 2_000, body: 2_000 }
    const all = await Promise.all(Array.from({ length: 10 }, () => postTo(server.port, { agent, limits })))
    expect(all.map(({ body }) => body.toString())).toEqual(Array(10).fill('ok'))
    agent.destroy()
  })

  it('fails with a timeout if its signal ends while it waits for a free connection', async () => {
    await using server = await startServer(() => undefined)
    const agent = await createAgent(new URL(`http://127.0.0.1:${server.port}`), NO_PROXIES, { maxSockets: 1 })
    const first = errorOf(postTo(server.port, { agent, signal: AbortSignal.timeout(5_000) }))
    const second = await errorOf(postTo(server.port, { agent, signal: AbortSignal.timeout(60) }))
    expect(second).toMatchObject({ code: 'Timeout', isConnected: false })
    agent.destroy()
    await first
  })

  it('fails with a timeout if its signal ends', async () => {
    await using server = await startServer(() => undefined)
    const error = await errorOf(postTo(server.port, { signal: AbortSignal.timeout(60) }))
    expect(error).toMatchObject({ code: 'Timeout' })
  })

  it('cuts the body of an answer that is too long', async () => {
    await using server = await startServer((_, response) => void response.end('y'.repeat(100_000)))
    const { body } = await postTo(server.port, { mostBytes: 1_000 })
    expect(body.toString()).toBe('y'.repeat(1_000))
  })
})

describe('a POST through a proxy', () => {
  const through = (port: number, address = `http://clb-doctor:pass%2Fword@127.0.0.1:${port}`) => ({
    https: new Secret(address),
    http: new Secret(address),
    exempt: '',
  })

  it('reaches a plain HTTP server with CONNECT, with the password of the proxy', async () => {
    await using server = await startServer((request, response) => void response.end(request.headers.host))
    await using proxy = await startProxy(() => ({ port: server.port }))
    const url = new URL('http://api.example:9100')
    const agent = await createAgent(url, through(proxy.port))
    const signal = new AbortController().signal
    const { body } = await post(url, { headers: {}, body: '', agent, signal, limits: LONG })
    expect(body.toString()).toBe('api.example:9100')
    expect(proxy.targets.at(-1)).toBe('api.example:9100')
    expect(proxy.authorizations.at(-1)).toBe(`Basic ${btoa('clb-doctor:pass/word')}`)
  })

  it('stays within the limit of connections and reuses them', async () => {
    await using server = await startServer((_, response) => void setTimeout(() => response.end('ok'), 10))
    await using proxy = await startProxy(() => ({ port: server.port }))
    const url = new URL('http://api.example:9100')
    const agent = await createAgent(url, through(proxy.port), { keepAlive: true, maxSockets: 4 })
    const signal = new AbortController().signal
    setMaxListeners(0, signal)
    await Promise.all(
      Array.from({ length: 20 }, () => post(url, { headers: {}, body: '', agent, signal, limits: LONG })),
    )
    expect(proxy.targets).toHaveLength(4)
    agent.destroy()
  })

  it.each([407, 403, 502])(
    'names the proxy but not its password if the proxy refuses with %i',
    async (status) => {
      await using proxy = await startProxy(() => ({ status }))
      const url = new URL('https://clb.tencentcloudapi.com')
      const agent = await createAgent(url, through(proxy.port))
      const signal = new AbortController().signal
      const error = await errorOf(post(url, { headers: {}, body: '', agent, signal, limits: LONG }))
      expect(error).toMatchObject({ code: `Proxy${status}`, proxyStatus: status, isConnected: false })
      expect(error.message).toBe(
        `the proxy 127.0.0.1:${proxy.port} refused a connection to clb.tencentcloudapi.com:443: HTTP ${status}`,
      )
    },
  )

  it('names the proxy if the proxy cannot be reached', async () => {
    const proxy = await startProxy(() => null)
    await proxy[Symbol.asyncDispose]()
    const url = new URL('https://clb.tencentcloudapi.com')
    const agent = await createAgent(url, through(proxy.port))
    const signal = new AbortController().signal
    const error = await errorOf(post(url, { headers: {}, body: '', agent, signal, limits: LONG }))
    expect(error).toMatchObject({ code: 'ProxyECONNREFUSED', proxyStatus: null })
    expect(error.message).toBe(`the proxy 127.0.0.1:${proxy.port} cannot be reached: ECONNREFUSED`)
  })

  it('fails with a timeout if its signal ends before the proxy answers; the agent closes the connection', async () => {
    const started = performance.now()
    await using proxy = await startProxy(() => null)
    const url = new URL('https://clb.tencentcloudapi.com')
    const agent = await createAgent(url, through(proxy.port))
    const signal = AbortSignal.timeout(100)
    const error = await errorOf(post(url, { headers: {}, body: '', agent, signal, limits: LONG }))
    expect(error.code).toBe('Timeout')
    agent.destroy()
    await proxy.isLeft
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
