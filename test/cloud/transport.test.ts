import net from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { CloudError } from '../../src/cloud/errors.ts'
import { deferred } from '../support/deferred.ts'
import {
  answerWith,
  cloudAt,
  failureOf,
  GUANGZHOU,
  inTurn,
  json,
  never,
  PLANTED,
  type Reply,
  raw,
  startApi,
  status,
} from './api.ts'
import { steppingClock } from './clocks.ts'

const listeners = (id: string) => ({ LoadBalancerId: id })

describe('a request', () => {
  it('goes to the origin with the Host header and the signature of the real host', async () => {
    await using api = await startApi()
    using cloud = cloudAt(api.origin)
    const session = cloud.session(never())
    await session.call('clb:DescribeListeners', listeners('lb-虚拟'), GUANGZHOU)
    await session.call('vpc:DescribeSubnets', { Limit: '100' }, { region: 'eu-frankfurt', wave: 1 })
    expect(api.seen).toMatchObject([
      {
        host: 'clb.tencentcloudapi.com',
        action: 'DescribeListeners',
        region: 'ap-guangzhou',
        version: '2018-03-17',
        body: { LoadBalancerId: 'lb-虚拟' },
        signatureFault: null,
      },
      {
        host: 'vpc.tencentcloudapi.com',
        action: 'DescribeSubnets',
        region: 'eu-frankfurt',
        version: '2017-03-12',
        signatureFault: null,
      },
    ])
  })

  it('has the session token', async () => {
    await using api = await startApi()
    using cloud = cloudAt(api.origin)
    await cloud.session(never()).call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    expect(api.seen[0]?.headers['x-tc-token']).toBe(PLANTED.token)
  })

  it('uses TLS for an https origin, with the name of the origin', async () => {
    const hello = deferred<Buffer>()
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (bytes) => {
        hello.resolve(bytes)
        socket.destroy()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as net.AddressInfo
    using cloud = cloudAt(`https://localhost:${port}`, { clock: steppingClock() })
    const asked = failureOf(
      cloud.session(never()).call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU),
    )
    const bytes = await hello.promise
    expect(bytes[0]).toBe(0x16)
    expect(bytes.toString('latin1')).toContain('localhost')
    expect(await asked).toMatchObject({ problem: 'unavailable' })
    server.close()
  })
})

describe('connections', () => {
  it('are used again, also by the next session', async () => {
    await using api = await startApi()
    using cloud = cloudAt(api.origin)
    for (const id of ['lb-1', 'lb-2', 'lb-3'])
      await cloud.session(never()).call('clb:DescribeListeners', listeners(id), GUANGZHOU)
    expect(api.seen.map(({ connection }) => connection)).toEqual([1, 1, 1])
  })

  it('that were idle for a minute, as during a freeze, are not used again', async () => {
    await using api = await startApi()
    const clock = steppingClock()
    using cloud = cloudAt(api.origin, { clock })
    await cloud.session(never()).call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    await clock.sleep(60_000)
    await cloud.session(never()).call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    expect(api.seen.map(({ connection }) => connection)).toEqual([1, 2])
  })

  it('that the server closes while they are idle do not fail the next call', async () => {
    const closing: Reply = (_, response, socket) => {
      json(response, { Response: { RequestId: 'req-1' } })
      response.once('close', () => socket.resetAndDestroy())
    }
    await using api = await startApi(inTurn(closing, answerWith({})))
    using cloud = cloudAt(api.origin)
    const session = cloud.session(never())
    await session.call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    await session.call('clb:DescribeListeners', listeners('lb-2'), GUANGZHOU)
    expect(api.seen.at(-1)?.body).toEqual(listeners('lb-2'))
  })

  it('are free again after a failed answer with a large body', async () => {
    const failures = Array<Reply>(40).fill(status(404, 'x'.repeat(200_000)))
    await using api = await startApi(inTurn(...failures, answerWith({ TotalCount: 1 })))
    using cloud = cloudAt(api.origin)
    // Without a free connection, a call would wait for the ten seconds of one attempt.
    const session = cloud.session(AbortSignal.timeout(8_000))
    for (const i of failures.keys())
      await failureOf(session.call('clb:DescribeListeners', listeners(`lb-${i}`), GUANGZHOU))
    const answer = await session.call('clb:DescribeListeners', listeners('lb-last'), GUANGZHOU)
    expect(answer.TotalCount).toBe(1)
  })

  it('are at most 32 to one host', async () => {
    const release = deferred<void>()
    await using api = await startApi(async (_, response) => {
      await release.promise
      json(response, { Response: { RequestId: 'req-1' } })
    })
    using cloud = cloudAt(api.origin)
    const session = cloud.session(never())
    const calls = Array.from({ length: 40 }, (_, i) =>
      session.call('clb:DescribeListeners', listeners(`lb-${i}`), GUANGZHOU),
    )
    while (api.seen.length < 32) await new Promise((resolve) => setImmediate(resolve))
    release.resolve()
    await Promise.all(calls)
    expect(new Set(api.seen.map(({ connection }) => connection)).size).toBe(32)
  })

  it('serve 200 requests without a retry: an answer in chunks is not read as cut short', async () => {
    await using api = await startApi(async (_, response) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      json(response, { Response: { RequestId: 'req-1' } })
    })
    using cloud = cloudAt(api.origin)
    const session = cloud.session(never())
    await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        session.call('clb:DescribeListeners', listeners(`lb-${i}`), GUANGZHOU),
      ),
    )
    expect(session.cost).toMatchObject({ apiCalls: 200, retries: 0 })
  })
})

describe('an answer', () => {
  const head = (length: number) =>
    `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`
  const body = (text: string): Reply => raw(`${head(Buffer.byteLength(text))}${text}`)

  it.each<[string, Reply, string, string]>([
    ['cut short', raw(`${head(500)}{"Response":{"Listeners":[`), 'unavailable', 'ECONNRESET'],
    [
      'cut short in chunks',
      raw('HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"Res\r\n'),
      'unavailable',
      'ECONNRESET',
    ],
    ['that is a reset', (_, __, socket) => void socket.resetAndDestroy(), 'unavailable', 'ECONNRESET'],
    ['that is a closed connection', (_, __, socket) => void socket.end(), 'unavailable', 'ECONNRESET'],
    ['that is not HTTP', raw('\x00\x01 SSH-2.0'), 'malformed', 'NotHttp'],
    ['that is HTML', body('<html>gateway</html>'), 'malformed', 'NotJson'],
    ['that is empty', body(''), 'malformed', 'NotJson'],
    ['that is null', body('null'), 'malformed', 'NotJson'],
    ['that is a list', body('[]'), 'malformed', 'NotJson'],
    ['without Response', body('{"code":0}'), 'malformed', 'NotJson'],
    ['whose Response is null', body('{"Response":null}'), 'malformed', 'NotJson'],
    ['whose Response is a text', body('{"Response":"ok"}'), 'malformed', 'NoRequestId'],
    ['whose Response is empty', body('{"Response":{}}'), 'malformed', 'NoRequestId'],
    [
      'with an error without a code',
      body('{"Response":{"Error":{},"RequestId":"r"}}'),
      'malformed',
      'NoErrorCode',
    ],
    [
      'that is an event stream',
      raw(
        'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\nContent-Length: 2\r\n\r\n{}',
      ),
      'malformed',
      'NotJson',
    ],
    [
      'that is not gzip, against its header',
      raw('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}'),
      'malformed',
      'NotGzip',
    ],
  ])('%s fails at once, after four requests', async (_, reply, problem, code) => {
    await using api = await startApi(reply)
    using cloud = cloudAt(api.origin, { clock: steppingClock() })
    // A failure by timeout would take the ten seconds of one attempt.
    const call = cloud
      .session(AbortSignal.timeout(8_000))
      .call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    const error = await failureOf(call)
    expect(error).toBeInstanceOf(CloudError)
    expect(error).toMatchObject({ problem, code, action: 'clb:DescribeListeners' })
    expect(api.seen).toHaveLength(4)
  })

  it('that is compressed is read', async () => {
    await using api = await startApi((_, response) => {
      const body = gzipSync(JSON.stringify({ Response: { TotalCount: 7, RequestId: 'req-1' } }))
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(body)
    })
    using cloud = cloudAt(api.origin)
    const call = cloud.session(never()).call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    expect((await call).TotalCount).toBe(7)
    expect(api.seen[0]?.headers['accept-encoding']).toBe('gzip')
  })

  it('with a redirect is not followed, so the token goes to no other host', async () => {
    await using api = await startApi((_, response) => {
      response.writeHead(307, { Location: 'http://elsewhere.example/' }).end()
    })
    using cloud = cloudAt(api.origin)
    const call = cloud.session(never()).call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    expect(await failureOf(call)).toMatchObject({ problem: 'unavailable', code: 'Http307' })
    expect(api.seen).toHaveLength(1)
  })

  it('is a failure with the reason if the connection is refused', async () => {
    const api = await startApi()
    await api[Symbol.asyncDispose]()
    using cloud = cloudAt(api.origin, { clock: steppingClock() })
    const call = cloud.session(never()).call('clb:DescribeListeners', listeners('lb-1'), GUANGZHOU)
    expect(await failureOf(call)).toMatchObject({
      problem: 'unavailable',
      code: 'ECONNREFUSED',
      message: expect.stringContaining('ECONNREFUSED 127.0.0.1'),
    })
  })
})
