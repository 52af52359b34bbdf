import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../../src/http/connections.ts'
import { ALARM_TOKEN, sent, served } from './support.ts'

let stop: (() => Promise<void>) | null = null
afterEach(async () => {
  await stop?.()
  stop = null
})

async function started(limits?: Parameters<typeof served>[1], host?: string) {
  const server = await served(undefined, limits, host)
  stop = server.stop
  return server
}

const head = (path: string, ...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')
const OPEN = `/alarms?token=${ALARM_TOKEN}`
/** An address of this machine that is not on loopback. */
const own = Object.values(networkInterfaces())
  .flatMap((entries) => entries ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

const MiB = 1024 * 1024
const part = Buffer.alloc(64 * 1024, 'x')
const chunk = Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])

describe('a body over 1 MiB', () => {
  it('is answered with 413 while the client still sends, and the connection can be used again', async () => {
    const { port } = await started()
    const total = 8 * MiB
    const answer = await sent(port, [
      head(OPEN, `Content-Length: ${total}`),
      ...Array.from({ length: total / part.length }, () => part),
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    ])
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*at most 1 MiB[\s\S]*HTTP\/1.1 200 OK/)
  })

  it('is answered with 413 if it has no length, also by a client that only reads after it has sent all', async () => {
    const { port } = await started()
    const answer = await sent(port, [
      head(OPEN, 'Transfer-Encoding: chunked', 'Connection: close'),
      ...Array.from({ length: 128 }, () => chunk),
      '0\r\n\r\n',
    ])
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*at most 1 MiB/)
  })

  it('is answered with 413 if the client sends it slowly', async () => {
    const { port } = await started()
    const parts = Array.from({ length: 24 }, () => chunk)
    const answer = await sent(
      port,
      [head(OPEN, 'Transfer-Encoding: chunked', 'Connection: close'), ...parts, '0\r\n\r\n'],
      40,
    )
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })

  it('ends with the connection if the client never stops, after 64 MiB', async () => {
    const { port } = await started()
    const warned: string[] = []
    const onWarning = ({ name }: Error) => warned.push(name)
    process.on('warning', onWarning)
    const answer = await sent(port, [
      head(OPEN, 'Transfer-Encoding: chunked'),
      ...Array.from({ length: 1_200 }, () => chunk),
    ])
    process.off('warning', onWarning)
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(warned).toEqual([])
  })

  it('is not asked for if the client asks first', async () => {
    const { port } = await started()
    const refused = await sent(port, [
      head(OPEN, `Content-Length: ${2 * MiB}`, 'Expect: 100-continue', 'Connection: close'),
    ])
    expect(refused).toMatch(/^HTTP\/1.1 413 /)
    const welcome = await sent(port, [
      head(OPEN, 'Content-Length: 2', 'Expect: 100-continue', 'Connection: close'),
      '{}',
    ])
    expect(welcome).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/)
  })

  it('without a token is answered with 401', async () => {
    const { port } = await started()
    const answer = await sent(port, [
      head('/alarms', `Content-Length: ${4 * MiB}`, 'Connection: close'),
      ...Array.from({ length: (4 * MiB) / part.length }, () => part),
    ])
    expect(answer).toMatch(/^HTTP\/1.1 401 /)
  })

  it('may be 1 MiB exactly', async () => {
    const { at } = await started()
    const body = `{"a":"${'x'.repeat(MiB - 8)}"}`
    expect((await fetch(at(OPEN), { method: 'POST', body })).status).toBe(200)
    expect((await fetch(at(OPEN), { method: 'POST', body: `${body} ` })).status).toBe(413)
  })
})

describe('a client', () => {
  it('that leaves in the middle of its body is one line in the log, and no error', async () => {
    const { port, lines } = await started()
    for (const headers of [['Content-Length: 100'], ['Transfer-Encoding: chunked']]) {
      const socket = connect(port, '127.0.0.1')
      socket.write(`${head(OPEN, ...headers)}5\r\nhello\r\n`)
      await new Promise((resolve) => setTimeout(resolve, 100))
      socket.resetAndDestroy()
    }
    const left = 'info the client left before its request was complete {"method":"POST","path":"/alarms"}'
    await expect.poll(() => lines.slice(1)).toEqual([left, left])
  })

  it('that sends its headers or its body too slowly is cut with 408', async () => {
    const { port, lines } = await started({ ...LIMITS, headersMs: 200, requestMs: 400 })
    expect(await sent(port, ['POST /alarms HTTP/1.1\r\nHost: localhost\r\nX-Slow: '])).toMatch(
      /^HTTP\/1.1 408 /,
    )
    const before = performance.now()
    expect(await sent(port, [head(OPEN, 'Content-Length: 100'), ...'{"a":1'.split('')], 150)).toMatch(
      /^HTTP\/1.1 408 /,
    )
    expect(performance.now() - before).toBeLessThan(3_000)
    expect(lines.join('\n')).not.toMatch(/error|stack/)
  })

  it.each([
    ['GET /alarms HTTP/1.1\r\nHost: a b\r\n\r\n', '400'],
    ['GET \\evil HTTP/1.1\r\nHost: localhost\r\n\r\n', '400'],
    ['GET /alarms HTTP/1.1\r\nHost: localhost/x\r\n\r\n', '400'],
    ['GET http://localhost:1/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', '200'],
    ['nonsense\r\n\r\n', '400'],
    ['GET /healthz HTTP/1.0\r\n\r\n', '200'],
    ['OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', '400'],
    ['GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', '404'],
    [
      'POST /alarms HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    [`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
  ])('that sends %j gets an answer with the status %s', async (request, status) => {
    const { port, lines } = await started()
    expect(await sent(port, [request])).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(lines.slice(1)).toEqual([])
  })

  it('gets no connection if there are too many, and the log says so once', async () => {
    const { at, port, lines } = await started({ ...LIMITS, total: 3 })
    const held = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'))
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    for (let i = 0; i < 3; i++) await expect(fetch(at('/healthz'))).rejects.toThrow()
    for (const socket of held) socket.destroy()
    await expect.poll(async () => (await fetch(at('/healthz')).catch(() => null))?.status).toBe(200)
    expect(lines.slice(1)).toEqual([
      'warn connections were closed: too many at a time {"count":1,"from":["127.0.0.1"]}',
    ])
  })

  it.skipIf(own === undefined)(
    'of one address gets a share of the connections, and loopback more',
    async () => {
      const { port, lines } = await started({ ...LIMITS, perSource: 2 }, '0.0.0.0')
      const open = async (host: string) => {
        const sockets = Array.from({ length: 4 }, () => connect(port, host))
        const closed = sockets.map(
          (socket) => new Promise((resolve) => socket.once('close', () => resolve('closed'))),
        )
        await new Promise((resolve) => setTimeout(resolve, 200))
        const states = await Promise.all(closed.map((one) => Promise.race([one, Promise.resolve('open')])))
        for (const socket of sockets) socket.destroy()
        return states.filter((state) => state === 'open').length
      }
      expect([await open(own ?? ''), await open('127.0.0.1')]).toEqual([2, 4])
      expect(lines.slice(1)).toEqual([
        `warn connections were closed: too many at a time {"count":1,"from":["${own}"]}`,
      ])
    },
  )
})

describe('a target in absolute form', () => {
  const asked = async (target: string) => {
    const server = await served({})
    stop = server.stop
    const body = JSON.stringify({ alerts: [{ labels: { loadbalancer_id: 'lb-7dpmqwcu' } }] })
    const lines = ['Host: localhost', 'Connection: close', `Content-Length: ${body.length}`]
    const request = (host: string) => `POST ${host}/alarms HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
    return sent(server.port, [request(target)])
  }

  it('that names this machine is taken without a token', async () => {
    expect(await asked('')).toMatch(/^HTTP\/1.1 200/)
    await stop?.()
    expect(await asked('http://127.0.0.1:9000')).toMatch(/^HTTP\/1.1 200/)
  })

  it('that names another host is refused, whatever its Host header says', async () => {
    const answer = await asked('http://evil.example.com')
    expect(answer).toMatch(/^HTTP\/1.1 4/)
    expect(answer).toContain('Host')
  })
})
