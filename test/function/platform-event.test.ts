import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import fc from 'fast-check'
import { Hono } from 'hono'
import serverless from 'serverless-http'
import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { readPlatformEvent, withRawHeaders } from '../../src/function/platform-event.ts'
import { sample, sampleNames } from '../alarms/samples.ts'

interface Seen {
  readonly method: string
  readonly path: string
  readonly queries: Record<string, string[]>
  readonly headers: Record<string, string>
  readonly body: string
  readonly client: string | null
}

const app = new Hono<{ Bindings: HttpBindings }>()
app.all('*', async (c) =>
  c.json({
    method: c.req.method,
    path: c.req.path,
    queries: c.req.queries(),
    headers: c.req.header(),
    body: await c.req.text(),
    client: getConnInfo(c).remote.address ?? null,
  }),
)

// The type of serverless-http names only frameworks, but it also accepts a request listener.
const run = serverless(getRequestListener(app.fetch) as unknown as serverless.Application, {
  request: withRawHeaders,
})

/** Sends an event through serverless-http to the application. Returns the status and the body of the answer. */
async function answerTo(event: unknown): Promise<{ readonly status: number; readonly body: string }> {
  const read = readPlatformEvent(event)
  if (read.kind !== 'http') throw new Error(`not an HTTP event: ${JSON.stringify(read)}`)
  const answer = (await run(read.event, {})) as { statusCode: number; body: string }
  return { status: answer.statusCode, body: answer.body }
}

async function seen(event: unknown): Promise<Seen> {
  const { status, body } = await answerTo(event)
  expect(status).toBe(200)
  return JSON.parse(body)
}

const scf = (part: object = {}) => ({
  httpMethod: 'GET',
  path: '/',
  headers: {},
  queryString: {},
  body: '',
  ...part,
})

describe('an SCF event through serverless-http', () => {
  it.each(['scf-function-url-event', 'scf-api-gateway-event'])(
    'keeps its method, path, query, headers, body and client: %s',
    async (name) => {
      const event = sample(name)
      const request = await seen(event)
      expect(request).toMatchObject({
        method: 'POST',
        path: '/alarms',
        queries: { token: ['s3cret'] },
        body: event.body,
        client: '198.51.100.7',
      })
      expect(request.headers['content-type']).toBe('application/json')
      expect(request.headers.host).toMatch(/tencentscf\.com$|apigw\.tencentcs\.com$/)
      expect(parseAlarm(JSON.parse(request.body)).alarms).toHaveLength(1)
    },
  )

  it('keeps its query values if they are repeated, empty, not strings or need encoding', async () => {
    const queryString = {
      a: ['1', '2'],
      flag: true,
      off: false,
      n: 5,
      'k&=': 'x y&z=%41+#',
      text: '值',
      none: null,
      o: {},
    }
    expect((await seen(scf({ queryString }))).queries).toEqual({
      a: ['1', '2'],
      flag: [''],
      off: ['false'],
      n: ['5'],
      'k&=': ['x y&z=%41+#'],
      text: ['值'],
      none: [''],
    })
  })

  it('also has the extra parameters of API Gateway, which do not override headers and query', async () => {
    const request = await seen(
      scf({
        requestContext: { sourceIp: '198.51.100.7' },
        headers: { Authorization: 'Bearer real' },
        headerParameters: { authorization: 'Bearer other', 'X-Extra': 'e' },
        queryString: { token: 'real' },
        queryStringParameters: { token: 'other', extra: 'e' },
      }),
    )
    expect(request.headers).toMatchObject({ authorization: 'Bearer real', 'x-extra': 'e' })
    expect(request.queries).toEqual({ token: ['real'], extra: ['e'] })
  })

  it('may have header names in any case, and loses headers that HTTP does not allow', async () => {
    const headers = {
      HOST: 'h.example',
      'X-List': ['a', 'b'],
      'X-N': 5,
      'X-Bad\r\n': 'x',
      'X-Split': 'a\r\nb',
      'X-O': {},
    }
    const request = await seen(scf({ headers }))
    expect(request.headers).toMatchObject({ host: 'h.example', 'x-list': 'a, b', 'x-n': '5' })
    expect(Object.keys(request.headers)).not.toEqual(expect.arrayContaining(['x-split']))
    expect(Object.keys(request.headers).join()).not.toMatch(/x-bad|x-o/)
  })

  it.each([
    [undefined, '/'],
    [null, '/'],
    ['', '/'],
    ['alarms', '/alarms'],
    ['//evil.example/x', '/evil.example/x'],
    ['/a b/值', '/a b/值'],
    ['/a?b#c', '/a?b#c'],
  ])('with the path %j is read as %j', async (path, expected) => {
    const request = await seen(scf({ path }))
    expect(decodeURIComponent(request.path)).toBe(expected)
    expect(request.queries).toEqual({})
  })

  it.each([
    ['text ✓', false, 'text ✓'],
    [Buffer.from('text ✓').toString('base64'), true, 'text ✓'],
    [Buffer.from('text ✓').toString('base64'), 'true', 'text ✓'],
    [{ alarmStatus: '1' }, undefined, '{"alarmStatus":"1"}'],
    [[1], true, '[1]'],
    [7, false, '7'],
    [null, undefined, ''],
    [undefined, undefined, ''],
  ])(
    'with the body %j (base64: %j) is read as text and gets the right content-length',
    async (body, isBase64Encoded, expected) => {
      const headers = { 'Content-Length': '3', 'content-type': 'application/json' }
      const request = await seen(scf({ httpMethod: 'POST', headers, body, isBase64Encoded }))
      expect(request.body).toBe(expected)
      expect(request.headers['content-length']).toBe(String(Buffer.byteLength(expected)))
    },
  )

  it('reaches the application with a body that is not JSON if the body is nested too deeply to serialize', async () => {
    const body = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    const request = await seen(scf({ httpMethod: 'POST', body }))
    expect(() => JSON.parse(request.body)).toThrow(SyntaxError)
    expect(request.body).not.toBe('')
  })

  it('is read if its parts have fields that keep them from becoming text', async () => {
    const odd = JSON.parse('{"toString":1,"valueOf":[],"__proto__":{"a":1},"then":{},"toJSON":7}')
    const parts = {
      httpMethod: 'POST',
      path: '/',
      headers: {},
      queryString: {},
      body: '{}',
      isBase64Encoded: false,
    }
    for (const key of Object.keys(parts)) {
      expect(readPlatformEvent({ ...parts, [key]: odd }).kind).toBe('http')
      expect((await answerTo({ ...parts, [key]: odd })).status).toBeLessThan(500)
    }
    expect(readPlatformEvent({ body: '{"a":1}', isBase64Encoded: odd })).toEqual({
      kind: 'payload',
      payload: { a: 1 },
    })
  })

  it('has the host localhost if it has no headers', async () => {
    expect((await seen(scf({ headers: undefined }))).headers.host).toBe('localhost')
  })
})

describe('the client address', () => {
  const spoofed = { 'X-SCF-Remote-Addr': '127.0.0.1' }

  it('is not taken from a header that a caller behind API Gateway sets', async () => {
    const behind = scf({ headers: spoofed, requestContext: { sourceIp: '198.51.100.7' } })
    expect((await seen(behind)).client).toBe('198.51.100.7')
    expect((await seen(scf({ headers: spoofed, requestContext: {} }))).client).toBe('')
  })

  it.each(['127.0.0.1, 198.51.100.7', 'localhost', '', 7, ['127.0.0.1', '198.51.100.7'], undefined])(
    'is empty if the header has %j',
    async (value) => {
      expect((await seen(scf({ headers: { 'x-scf-remote-addr': value } }))).client).toBe('')
    },
  )
})

describe('an AWS event', () => {
  const v1 = {
    resource: '/{proxy+}',
    path: '/alarms',
    httpMethod: 'POST',
    headers: { Host: 'x.execute-api.amazonaws.com' },
    multiValueHeaders: { Host: ['x.execute-api.amazonaws.com'] },
    queryStringParameters: { token: 's3cret' },
    multiValueQueryStringParameters: { token: ['s3cret'] },
    pathParameters: null,
    stageVariables: null,
    requestContext: { stage: 'prod', identity: { sourceIp: '198.51.100.7' } },
    body: '{}',
    isBase64Encoded: false,
  }
  const v2 = {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/alarms',
    rawQueryString: 'token=s3cret',
    headers: { host: 'x.lambda-url.on.aws' },
    requestContext: {
      http: { method: 'POST', path: '/alarms', protocol: 'HTTP/1.1', sourceIp: '198.51.100.7' },
    },
    body: '{}',
    isBase64Encoded: false,
  }
  const alb = {
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x' } },
    httpMethod: 'POST',
    path: '/alarms',
    queryStringParameters: { token: 's3cret' },
    headers: { host: 'lb.example', 'x-forwarded-for': '198.51.100.7' },
    body: '{}',
    isBase64Encoded: false,
  }

  it.each([
    ['API Gateway version 1', v1, '198.51.100.7'],
    ['API Gateway version 2', v2, '198.51.100.7'],
    ['a load balancer', alb, null],
  ])('of %s passes unchanged', async (_name, event, client) => {
    const read = readPlatformEvent(event)
    expect(read).toEqual({ kind: 'http', event })
    expect(await seen(structuredClone(event))).toMatchObject({
      method: 'POST',
      path: '/alarms',
      queries: { token: ['s3cret'] },
      body: '{}',
      client,
    })
  })
})

describe('an AWS event with a field of another type', () => {
  const version2 = {
    version: '2.0',
    rawPath: '/alarms',
    rawQueryString: 'token=s3cret',
    headers: { host: 'x.lambda-url.on.aws' },
    requestContext: { http: { method: 'POST', path: '/alarms', protocol: 'HTTP/1.1' } },
    body: '{}',
  }
  const version1 = {
    resource: '/{proxy+}',
    httpMethod: 'POST',
    path: '/alarms',
    headers: { host: 'x.example' },
    multiValueHeaders: { host: ['x.example'] },
    multiValueQueryStringParameters: { token: ['s3cret'] },
    requestContext: { identity: { sourceIp: '198.51.100.7' } },
    body: '{}',
  }

  it.each([
    { ...version2, rawQueryString: { a: [[]] } },
    { ...version2, rawPath: 7 },
    { ...version2, headers: [['a']] },
    { ...version2, cookies: {} },
    { ...version2, requestContext: { http: {} } },
    { ...version2, requestContext: { http: { method: ['POST'] } } },
    { ...version2, body: { a: 1 }, isBase64Encoded: { toString: 1 } },
    { ...version1, multiValueHeaders: { host: null } },
    { ...version1, multiValueHeaders: { 'a\r\nb': ['c'] } },
    { ...version1, multiValueQueryStringParameters: { token: ['\ud800'] } },
    { ...version1, path: null },
    { ...version1, requestContext: { elb: 7, identity: 'x' } },
  ])('gets an answer of the routes all the same: %j', async (event) => {
    expect((await answerTo(event)).status).toBeLessThan(500)
  })

  it('keeps what can be read', async () => {
    const request = await seen({ ...version2, cookies: {} })
    expect(request).toMatchObject({
      method: 'POST',
      path: '/alarms',
      queries: { token: ['s3cret'] },
      body: '{}',
    })
  })
})

describe('an event that is not HTTP', () => {
  const notHttp = sampleNames.filter((name) => !/^scf-(?:function|api)/.test(name))

  it.each(notHttp)('such as %s is the payload itself', (name) => {
    expect(readPlatformEvent(sample(name))).toEqual({ kind: 'payload', payload: sample(name) })
  })

  const callback = sample('metric-l7-listener')
  const json = JSON.stringify(callback)

  it.each([
    ['a JSON text', json],
    ['a body', { body: json }],
    ['a parsed body', { body: callback, headers: {} }],
    ['a base64 body', { body: Buffer.from(json).toString('base64'), isBase64Encoded: true }],
    ['a payload', { headers: { 'X-Vip': '1.2.3.4' }, payload: callback, isBase64Encoded: 'false' }],
    ['a body in a body', { body: JSON.stringify({ body: json }) }],
  ])('that wraps the payload as %s is unwrapped', (_name, event) => {
    expect(readPlatformEvent(event)).toEqual({ kind: 'payload', payload: callback })
  })

  it.each([
    ['a job with more than a payload', { job: 'diagnose', payload: { a: 1 } }],
    ['both a body and a payload', { body: '{}', payload: {} }],
    ['an empty object', {}],
    ['null', null],
    ['a text that is not JSON', 'hello'],
    ['a list', [1]],
  ])('that is %s is not unwrapped', (_name, event) => {
    expect(readPlatformEvent(event)).toEqual({ kind: 'payload', payload: event })
  })

  it.each(['X-ODD', 'PROPFIND', '', 'a b', 5, null, {}])(
    'is not assumed if the event has an httpMethod such as %j',
    (httpMethod) => {
      expect(readPlatformEvent({ body: json, headers: {}, httpMethod }).kind).toBe('http')
    },
  )
})

describe('any SCF event', () => {
  it('gets an answer with a status below 500', async () => {
    const loose = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()), fc.jsonValue()))
    const event = fc.record({
      httpMethod: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'options', 'PROPFIND'), fc.string()),
      path: fc.oneof(fc.webPath(), fc.string({ unit: 'binary' })),
      headers: loose,
      queryString: loose,
      body: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      isBase64Encoded: fc.constantFrom(true, false, 'true', undefined),
    })
    await fc.assert(
      fc.asyncProperty(event, async (part) => {
        expect((await answerTo(part)).status).toBeLessThan(500)
      }),
    )
  })
})
