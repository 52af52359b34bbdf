import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { type Server, serve } from '../../src/http/serve.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Log } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { sample } from '../alarms/samples.ts'
import { type Stage, setStage } from '../e2e/support.ts'
import { expectDiagnosis } from '../support/schema.ts'

let stage: Stage
let server: Server
let context: ReturnType<typeof createContext>
const logged: string[] = []
const log: Log = {
  info: (message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
  warn: (message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
  error: (message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
}

beforeAll(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
  context = createContext(
    loadConfig({ ...stage.env, CLB_DOCTOR_ALARM_TOKEN: 'alarm-t0ken', CLB_DOCTOR_API_TOKEN: 'api-t0ken' }),
    log,
  )
  server = await serve(context, { host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await server.stop()
  context.close()
  await stage.close()
})

const at = (path: string): string => `http://127.0.0.1:${server.address.port}${path}`
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(at(path), { method: 'POST', body, headers })
const API = { authorization: 'Bearer api-t0ken' }

async function problemOf(reply: Response): Promise<{ status: number; title: string; detail: string }> {
  expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const problem = (await reply.json()) as { status: number; title: string; detail: string }
  expect(problem.status).toBe(reply.status)
  return problem
}

describe('POST /alarms', () => {
  it('requires the token, as a query parameter or as Bearer', async () => {
    expect((await problemOf(await post('/alarms', '{}'))).status).toBe(401)
    expect((await problemOf(await post('/alarms?token=wrong', '{}'))).status).toBe(401)
    expect((await post('/alarms?token=alarm-t0ken', '')).status).toBe(200)
    expect((await post('/alarms', '', { authorization: 'Bearer alarm-t0ken' })).status).toBe(200)
  })

  it('answers the address test of a sender, which is a GET without a body', async () => {
    const reply = await fetch(at('/alarms'))
    expect([reply.status, await reply.json()]).toEqual([200, { sessionId: '', retCode: 0 }])
  })

  it('refuses a body that is not JSON with 400, and a body over 1 MiB with 413', async () => {
    expect((await problemOf(await post('/alarms?token=alarm-t0ken', '{"a":'))).status).toBe(400)
    const large = await post('/alarms?token=alarm-t0ken', JSON.stringify({ a: 'x'.repeat(1024 * 1024) }))
    expect((await problemOf(large)).status).toBe(413)
  })

  it('answers an unknown payload with 200 and logs its first 2 KB with masked secrets', async () => {
    const payload = {
      sessionId: 's-1',
      hello: 'w'.repeat(4000),
      password: 'hunter2hunter2',
      url: 'https://x/?key=abc123',
    }
    const { hello, ...first } = payload
    const body = JSON.stringify({ ...first, hello })
    const reply = await post('/alarms?token=alarm-t0ken', body)
    expect([reply.status, await reply.json()]).toEqual([200, { sessionId: 's-1', retCode: 0 }])
    const line = logged.find((entry) => entry.startsWith('payload refused {"reason":"unknown-shape"')) ?? ''
    expect(line).not.toMatch(/hunter2|abc123/)
    expect(line.length).toBeLessThan(2_700)
  })

  it.each([
    'metric-l7-listener',
    'metric-number-status',
    'event-vip-blocked',
    'metric-recovered-without-time',
  ])('accepts %s and returns its session id', async (name) => {
    const payload = sample(name)
    const reply = await post('/alarms?token=alarm-t0ken', JSON.stringify(payload))
    expect([reply.status, await reply.json()]).toEqual([200, { sessionId: payload.sessionId, retCode: 0 }])
  })
})

describe('POST /v1/diagnoses', () => {
  const ask = (body: unknown, headers: Record<string, string> = {}) =>
    post('/v1/diagnoses', JSON.stringify(body), { ...API, ...headers })

  it('answers with the Diagnosis of a CLB that is named by id or VIP', async () => {
    for (const body of [
      { loadBalancerId: 'lb-7dpmqwcu' },
      { vip: '203.0.113.26', vpcId: 'vpc-1ywqac83' },
      { loadBalancerId: 'lb-7dpmqwcu', vip: '203.0.113.26', vpcId: 'vpc-1ywqac83' },
    ]) {
      const reply = await ask(body)
      const diagnosis = (await reply.json()) as Diagnosis
      expect([reply.status, diagnosis.verdict, diagnosis.trigger.source]).toEqual([200, 'degraded', 'api'])
      expectDiagnosis(diagnosis)
    }
  })

  it('renders the format that Accept names', async () => {
    for (const [type, mark] of [
      ['text/plain', '■ 2/5 backends down'],
      ['text/markdown', '# 2/5 backends down'],
      ['text/html', '<!doctype html>'],
    ] as const) {
      const reply = await ask({ loadBalancerId: 'lb-7dpmqwcu' }, { accept: type })
      expect(reply.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
      expect((await reply.text()).startsWith(mark)).toBe(true)
    }
  })

  it.each([
    ['*/*', 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
    ['text/html;q=0.1, application/json', 'application/json'],
    ['text/html;q=0', 'application/json'],
    ['TEXT/HTML', 'text/html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['image/png', 'application/json'],
  ])('answers Accept: %s with %s', async (accept, type) => {
    const reply = await ask({ loadBalancerId: 'lb-7dpmqwcu' }, { accept })
    expect(reply.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
  })

  it.each([
    [{}, 400, 'loadBalancerId'],
    [[], 400, 'loadBalancerId'],
    ['text', 400, 'loadBalancerId'],
    [{ loadBalancerId: 'nonsense' }, 400, 'lb-7dpmqwcu'],
    [{ vip: '999.1.1.1' }, 400, 'IP address'],
    [{ loadBalancerId: 'lb-7dpmqwcu', listenerId: 'x' }, 400, 'lbl-'],
    [{ loadBalancerId: 'lb-7dpmqwcu', region: 'nowhere' }, 400, 'ap-guangzhou'],
    [{ loadBalancerId: 'lb-7dpmqwcu', region: 7 }, 400, 'region'],
    [{ loadBalancerId: 'lb-7dpmqwcu', language: 'fr' }, 400, 'zh-CN'],
    [{ loadBalancerID: 'lb-7dpmqwcu' }, 400, 'no field "loadBalancerID"; the fields are loadBalancerId, vip'],
    [{ loadBalancerId: 'lb-7dpmqwcu', vip: '203.0.113' }, 400, 'IP address'],
    [{ loadBalancerId: '203.0.113.26' }, 400, 'lb-7dpmqwcu'],
    [{ loadBalancerId: 'lb-7dpmqwcu', vip: '203.0.113.31' }, 400, 'has 203.0.113.26, not 203.0.113.31'],
    [{ loadBalancerId: 'lb-7dpmqwcu', vip: 'shop.example.com' }, 400, 'not shop.example.com'],
    [
      { loadBalancerId: 'lb-7dpmqwcu', vpcId: 'vpc-zzzzzz99' },
      400,
      'is in vpc-1ywqac83, not in vpc-zzzzzz99',
    ],
    [{ loadBalancerId: 'lb-nosuchlb' }, 404, 'lb-nosuchlb in region ap-guangzhou'],
    [{ loadBalancerId: 'lb-7dpmqwcu', region: 'ap-shanghai' }, 404, 'ap-shanghai'],
    [{ loadBalancerId: 'lb-7dpmqwcu', listenerId: 'lbl-nosuch00' }, 404, 'lbl-shop0443'],
    [{ vip: '10.0.0.10' }, 409, 'lb-p2x4k8aa'],
  ])('answers %j with HTTP %i and a detail that contains %s', async (body, status, words) => {
    const problem = await problemOf(await ask(body))
    expect([problem.status, problem.detail]).toEqual([status, expect.stringContaining(words)])
  })

  it('requires its own token', async () => {
    const reply = await post('/v1/diagnoses', '{"loadBalancerId":"lb-7dpmqwcu"}', {
      authorization: 'Bearer alarm-t0ken',
    })
    expect((await problemOf(reply)).status).toBe(401)
  })
})

describe('the other routes', () => {
  it('answer /healthz without a token', async () => {
    expect(await (await fetch(at('/healthz'))).json()).toEqual({ status: 'ok', version: '0.1.0' })
  })

  it('answer the page of an incident that is not kept with a page', async () => {
    const reply = await fetch(at('/incidents/in-1'), { headers: API })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  })

  it('answer any other path with a 404 problem', async () => {
    expect((await problemOf(await fetch(at('/nope')))).detail).toContain('GET /nope')
  })
})

describe('a store without room', () => {
  it('answers 503 with Retry-After, so that the sender tries again', async () => {
    const store = createMemoryStore({ clock: systemClock, megabytes: 0.001 })
    const small = createContext(loadConfig(stage.env), log, { store })
    const own = await serve(small, { host: '127.0.0.1', port: 0 })
    const refused = await fetch(`http://127.0.0.1:${own.address.port}/alarms`, {
      method: 'POST',
      body: JSON.stringify(sample('metric-l7-listener')),
    })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
    await own.stop()
    small.close()
  })
})

describe('the log', () => {
  it('holds no secret', () => {
    const all = logged.join('\n')
    for (const secret of ['alarm-t0ken', 'api-t0ken', stage.cloud.credentials.secretKey, 'key=693a'])
      expect(all).not.toContain(secret)
  })
})
