import { getRequestListener } from '@hono/node-server'
import serverless from 'serverless-http'
import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { readPlatformEvent, withRawHeaders } from '../../src/function/platform-event.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import { silentLog } from '../../src/model/log.ts'
import { sample, sampleNames } from '../alarms/samples.ts'
import { ALARM_TOKEN, appWith, contextWith, TOKENS } from './support.ts'

// Every sample goes through every door, and each door must give the same alarms.

const payloads = sampleNames.filter((name) => !/^scf-(?:function|api)/.test(name))
const json = JSON.stringify
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const token = { token: ALARM_TOKEN }
const path = '/alarms'

/** The routes, with what they take over. */
function routes() {
  const given: Alarm[] = []
  const { app } = appWith(TOKENS, {
    context: contextWith(silentLog, TOKENS),
    enqueue: async ({ alarms }) => {
      given.push(...alarms)
      return 'enqueued'
    },
  })
  return { app, given }
}

/** The alarms that the function reads from an event, as its handler does. */
async function fromEvent(event: unknown): Promise<readonly Alarm[]> {
  const read = readPlatformEvent(event)
  if (read.kind === 'payload') return parseAlarm(read.payload).alarms
  const { app, given } = routes()
  // The type of serverless-http names only frameworks, but it also accepts a request listener.
  const run = serverless(getRequestListener(app.fetch) as unknown as serverless.Application, {
    request: withRawHeaders,
  })
  const answer = (await run(read.event, {})) as { statusCode: number; body: string }
  expect([answer.statusCode, JSON.parse(answer.body)]).toMatchObject([200, { retCode: 0 }])
  return given
}

async function overHttp(body: string, route: string): Promise<readonly Alarm[]> {
  const { app, given } = routes()
  const reply = await app.request(`${route}?token=${ALARM_TOKEN}`, { method: 'POST', body })
  expect(reply.status).toBe(200)
  return given
}

const apiGateway = (body: string, isBase64Encoded: boolean) => ({
  requestContext: {
    serviceId: 'service-x',
    path,
    httpMethod: 'POST',
    sourceIp: '198.51.100.7',
    stage: 'release',
  },
  headers: { 'Content-Type': 'application/json', Host: 'x.gz.apigw.tencentcs.com' },
  body,
  pathParameters: {},
  queryStringParameters: {},
  headerParameters: {},
  stageVariables: { stage: 'release' },
  path,
  queryString: token,
  httpMethod: 'POST',
  isBase64Encoded,
})
const awsVersion1 = (body: string) => ({
  resource: '/{proxy+}',
  path,
  httpMethod: 'POST',
  headers: { Host: 'x.execute-api.amazonaws.com' },
  multiValueHeaders: { Host: ['x.execute-api.amazonaws.com'] },
  queryStringParameters: token,
  multiValueQueryStringParameters: { token: [ALARM_TOKEN] },
  pathParameters: null,
  stageVariables: null,
  requestContext: { stage: 'prod', identity: { sourceIp: '198.51.100.7' } },
  body,
  isBase64Encoded: false,
})
const awsVersion2 = (body: string, isBase64Encoded: boolean) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: `token=${ALARM_TOKEN}`,
  headers: { host: 'x.lambda-url.on.aws' },
  requestContext: { http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '198.51.100.7' } },
  body,
  isBase64Encoded,
})
const awsLoadBalancer = (body: string) => ({
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x' } },
  httpMethod: 'POST',
  path,
  queryStringParameters: token,
  headers: { host: 'lb.example', 'x-forwarded-for': '198.51.100.7' },
  body,
  isBase64Encoded: false,
})
const functionUrl = (body: unknown, at = path) => ({
  body,
  headers: { 'content-type': 'application/json', host: 'x.ap-guangzhou.tencentscf.com' },
  httpMethod: 'POST',
  path: at,
  queryString: token,
})

const DOORS: readonly (readonly [string, (payload: object) => Promise<readonly Alarm[]>])[] = [
  ['plain HTTP', (payload) => overHttp(json(payload), '/alarms')],
  ['plain HTTP with a slash at the end', (payload) => overHttp(json(payload), '/alarms/')],
  ['plain HTTP as JSON in a JSON string', (payload) => overHttp(json(json(payload)), '/alarms')],
  ['plain HTTP with a byte order mark', (payload) => overHttp(`\uFEFF${json(payload)}`, '/alarms')],
  ['plain HTTP over several lines', (payload) => overHttp(JSON.stringify(payload, null, 2), '/alarms')],
  ['a function URL', (payload) => fromEvent(functionUrl(json(payload)))],
  ['a function URL with a parsed body', (payload) => fromEvent(functionUrl(payload))],
  ['a function URL with JSON in a JSON string', (payload) => fromEvent(functionUrl(json(json(payload))))],
  ['API Gateway', (payload) => fromEvent(apiGateway(json(payload), false))],
  ['API Gateway in base64', (payload) => fromEvent(apiGateway(base64(`\uFEFF${json(payload)}`), true))],
  ['AWS version 1', (payload) => fromEvent(awsVersion1(json(payload)))],
  ['AWS version 2', (payload) => fromEvent(awsVersion2(json(payload), false))],
  ['AWS version 2 in base64', (payload) => fromEvent(awsVersion2(base64(json(payload)), true))],
  ['an AWS load balancer', (payload) => fromEvent(awsLoadBalancer(json(payload)))],
  ['a direct call', (payload) => fromEvent(payload)],
  ['a direct call with JSON text', (payload) => fromEvent(json(payload))],
  ['a direct call with JSON text after a byte order mark', (payload) => fromEvent(`\uFEFF${json(payload)}`)],
  ['a direct call with JSON text in JSON text', (payload) => fromEvent(json(json(payload)))],
  ['a direct call with a body', (payload) => fromEvent({ body: json(payload), headers: {} })],
]

describe.each(DOORS)('%s', (_, through) => {
  it.each(payloads)('gives the alarms of %s', async (name) => {
    const payload = sample(name)
    expect(await through(payload)).toEqual(parseAlarm(payload).alarms)
  })
})

describe('the address of a function URL, which ends in a slash,', () => {
  it.each(payloads.filter((name) => name !== 'scf-timer-event'))('takes %s', async (name) => {
    const payload = sample(name)
    const { alarms } = parseAlarm(payload)
    expect(alarms.length).toBeGreaterThan(0)
    expect(await overHttp(json(payload), '/')).toEqual(alarms)
    expect(await fromEvent(functionUrl(json(payload), '/'))).toEqual(alarms)
  })
})

describe('a template with a raw line break in a string', () => {
  it('is read by both doors', async () => {
    const { readFileSync } = await import('node:fs')
    const text = readFileSync(new URL('../fixtures/alarms/template-raw-newline.txt', import.meta.url), 'utf8')
    const vip = { clb: { vip: '203.0.113.26' }, listener: { port: 443, protocol: 'TCP' } }
    for (const alarms of [
      await overHttp(text, '/alarms'),
      await fromEvent(functionUrl(text)),
      await fromEvent(text),
      await fromEvent({ body: text }),
    ])
      expect(alarms).toMatchObject([vip])
  })
})
