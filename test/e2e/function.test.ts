import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { sample } from '../alarms/samples.ts'
import { expectScan } from '../scan/support.ts'
import { catchDiagnoses } from '../support/receivers.ts'
import { bundle, startedWith } from './deployed.ts'
import { EXPECTATIONS } from './expectations.ts'
import { expectAsExpected, type Stage, setStage } from './support.ts'

// The deployed bundle, as the platform starts it: `handler.main_handler`. Each test loads it again.

const require = createRequire(import.meta.url)

interface HttpAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
}

let stage: Stage | null = null

async function deployed(env: Record<string, string> = {}, scenarioName = 'sg-blocks-vip') {
  const scenario = findScenario(scenarioName)
  if (!scenario) throw new Error(scenarioName)
  stage = await setStage(scenario)
  vi.unstubAllEnvs()
  return { stage, call: startedWith({ ...stage.env, ...env }) }
}

const http = (answer: unknown): HttpAnswer => answer as HttpAnswer
const TOKEN = { CLB_DOCTOR_ALARM_TOKEN: 's3cret' }

/** A bot over its limit is left alone for a minute, and the sender repeats after a minute. */
function waitMinute(): void {
  const now = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
}

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await stage?.close()
  stage = null
})

describe('the function', () => {
  // Its budgets are parts of the limit, and Node's timers take whole milliseconds only.
  it.each([2_000, 2_500, 2_751, '3333', 3_000.5])(
    'tells an alarm within a limit of %j ms',
    async (time_limit_in_ms) => {
      for (const event of [sample('scf-function-url-event'), sample('metric-l7-listener')]) {
        const { stage: own, call } = await deployed(TOKEN)
        await call(event, { time_limit_in_ms })
        expect(own.group.messages).toHaveLength(1)
        await own.close()
      }
    },
  )

  it('scans within a limit that has no whole parts', async () => {
    const { stage, call } = await deployed()
    expect(await call(sample('scf-timer-event'), { time_limit_in_ms: 12_347 })).toMatchObject({
      scan: { ended: 'complete' },
    })
    expect(stage.group.messages).toHaveLength(1)
  })

  it.each(['scf-function-url-event', 'scf-api-gateway-event'])(
    'sends the message for %s before it answers',
    async (name) => {
      const { stage, call } = await deployed(TOKEN)
      const answer = http(await call(sample(name)))
      expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
        200,
        { sessionId: 'ECkYDW5CbFIIPabdCq4y7w3t', retCode: 0 },
      ])
      expect(stage.group.messages).toHaveLength(1)
      const [diagnosis] = stage.hook.diagnoses
      const expected = EXPECTATIONS['sg-blocks-vip']
      if (!diagnosis || !expected) throw new Error('nothing arrived')
      expectAsExpected(diagnosis, expected)
    },
  )

  it.each([
    'metric-l7-listener',
    'eventbridge-single',
    'eventbridge-batch',
    'event-server-port',
    'user-template',
    'prometheus',
  ])('accepts %s without a token, because the platform has authorized the caller', async (name) => {
    const { stage, call } = await deployed()
    const answer = (await call(sample(name))) as { handled: { loadBalancer: string; verdict: string }[] }
    expect(answer.handled.map(({ loadBalancer, verdict }) => [loadBalancer, verdict])).toEqual([
      ['lb-7dpmqwcu', 'degraded'],
    ])
    expect(stage.group.messages).toHaveLength(1)
  })

  it('reads the Chinese condition of a template: the alarm is about health checks', async () => {
    const { stage, call } = await deployed({}, 'healthy')
    await call(sample('user-template'))
    expect(stage.group.messages[0]?.content).toContain('可能在抖动，或监控有延迟')
  })

  it('finds a private CLB by its VIP and its VPC, given as an id or as a number', async () => {
    for (const name of ['metric-private-listener', 'metric-private-listener-numeric-vpc']) {
      const { stage: own, call } = await deployed()
      const answer = (await call(sample(name))) as { handled: { loadBalancer: string; verdict: string }[] }
      expect([name, answer.handled[0]?.loadBalancer, answer.handled[0]?.verdict]).toEqual([
        name,
        'lb-p2x4k8aa',
        'healthy',
      ])
      await own.close()
    }
  })

  it('diagnoses each CLB of an Alertmanager group', async () => {
    const { call } = await deployed()
    const answer = (await call(sample('alertmanager-v4'))) as { handled: { loadBalancer: string }[] }
    expect(answer.handled.map(({ loadBalancer }) => loadBalancer)).toEqual(['lb-7dpmqwcu', 'lb-p2x4k8aa'])
  })

  it('scans all CLBs on a timer event and sends the result to every receiver each time', async () => {
    const { stage, call } = await deployed({ CLB_DOCTOR_LANG: 'en' })
    const counts = { found: 4, examined: 4, degraded: 1, inconclusive: 0, nothingToCheck: 1, healthy: 2 }
    const deliveries = [{ outcome: 'delivered' }, { outcome: 'delivered' }]
    for (const _ of [1, 2])
      expect(await call(sample('scf-timer-event'))).toMatchObject({
        scan: { verdict: 'degraded', ended: 'complete', counts, deliveries },
      })
    const [first, second] = stage.group.messages
    expect([first?.msgtype, second === undefined]).toEqual(['markdown', false])
    expect(first?.content).toMatch(/^# <font color="warning">1 CLB has trouble<\/font> CLB scan\n/)
    expect(first?.content).toContain('shop-front (lb-7dpmqwcu)')
    expect(stage.hook.events.map(({ type, source }) => [type, source])).toEqual([
      ['dev.clb-doctor.scan.v1', '/clb-doctor'],
      ['dev.clb-doctor.scan.v1', '/clb-doctor'],
    ])
    for (const { data } of stage.hook.events) expectScan(data)
  })

  it('sends a partial scan if the time limit of the function is near', async () => {
    const { stage, call } = await deployed({ CLB_DOCTOR_LANG: 'en' })
    stage.cloud.faults.set('clb:DescribeListeners', { kind: 'slow', ms: 20_000 })
    const answer = await call(sample('scf-timer-event'), { time_limit_in_ms: '4000' })
    expect(answer).toMatchObject({ scan: { verdict: 'degraded', ended: 'out-of-time' } })
    expect(stage.group.messages[0]?.content).toContain('Not reached: 4 CLBs')
  })

  it.each([
    'scan',
    '{"task":"scan","regions":[]}',
    '{"task":"scan","regions":["Mars!"]}',
    '{"task":"scan","region":"ap-shanghai"}',
  ])(
    'fails for a timer with a wrong message, so that it reaches the dead letter queue: %s',
    async (Message) => {
      const { stage, call } = await deployed()
      await expect(call({ ...sample('scf-timer-event'), Message })).rejects.toThrow(
        /timer.*\{"task":"scan"\}.*"regions"/,
      )
      expect([stage.cloud.calls.total(), stage.group.messages.length]).toEqual([0, 0])
    },
  )

  it('warns about a scan or an alarm if no receiver is configured', async () => {
    const lines: string[] = []
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
    try {
      for (const event of ['scf-timer-event', 'metric-l7-listener']) {
        lines.length = 0
        const { stage: own, call } = await deployed({ CLB_DOCTOR_SINKS: '' })
        await call(sample(event))
        expect(lines.filter((line) => line.includes('"warn"')).join('')).toContain(
          'CLB_DOCTOR_SINKS is empty',
        )
        await own.close()
      }
    } finally {
      spy.mockRestore()
    }
  })

  it('starts no scan for a timer payload that comes over HTTP with the alarm token', async () => {
    const { stage, call } = await deployed(TOKEN)
    const event = sample('scf-function-url-event')
    const body = JSON.stringify(sample('scf-timer-event'))
    expect(http(await call({ ...event, body })).statusCode).toBe(200)
    expect([stage.cloud.calls.total(), stage.group.messages.length]).toEqual([0, 0])
  })

  it('needs the token over HTTP, in the query or as Bearer, and refuses all requests if none is configured', async () => {
    const event = sample('scf-function-url-event')
    const { call } = await deployed(TOKEN)
    const callWith = (changes: object) => call({ ...event, ...changes })
    expect(http(await callWith({ queryString: { token: 'wrong' } })).statusCode).toBe(401)
    expect(http(await callWith({ queryString: {} })).statusCode).toBe(401)
    const headers = { ...(event.headers as object), authorization: 'Bearer s3cret' }
    expect(http(await callWith({ queryString: {}, headers })).statusCode).toBe(200)
    await stage?.close()
    const open = await deployed()
    expect(http(await open.call(event)).statusCode).toBe(401)
  })

  it('answers within the 5 s that the sender waits, and reports a gap for a slow call', async () => {
    const { stage, call } = await deployed(TOKEN)
    stage.cloud.faults.set('vpc:DescribeNetworkAcls', { kind: 'slow', ms: 20_000 })
    const answer = http(await call(sample('scf-function-url-event')))
    expect(answer.statusCode).toBe(200)
    const [diagnosis] = stage.hook.diagnoses
    expect(diagnosis?.gaps).toContainEqual(expect.objectContaining({ action: 'vpc:DescribeNetworkAcls' }))
    expect(diagnosis?.stats.durationMs).toBeLessThan(4_500)
    expect(diagnosis?.findings.some(({ role }) => role === 'cause')).toBe(true)
  })

  it('answers 503 if no receiver took the message, and delivers it when the sender repeats the alarm', async () => {
    const { stage, call } = await deployed(TOKEN)
    vi.stubEnv('CLB_DOCTOR_SINKS', `wecom+${stage.group.url}`)
    stage.group.reply({ errcode: 45009, errmsg: 'api freq out of limit' })
    const refused = http(await call(sample('scf-function-url-event')))
    expect([refused.statusCode, refused.headers['retry-after'], JSON.parse(refused.body).title]).toEqual([
      503,
      '60',
      'Not delivered',
    ])
    waitMinute()
    const repeated = http(await call(sample('scf-function-url-event')))
    expect([repeated.statusCode, stage.group.messages.length]).toEqual([200, 1])
  })

  it('fails for a platform event if no receiver took the message, and delivers it at the next try', async () => {
    const { stage, call } = await deployed()
    vi.stubEnv('CLB_DOCTOR_SINKS', `wecom+${stage.group.url}`)
    stage.group.reply({ errcode: 45009, errmsg: 'api freq out of limit' })
    await expect(call(sample('metric-l7-listener'))).rejects.toThrow(/^no receiver took/)
    waitMinute()
    expect(await call(sample('metric-l7-listener'))).toMatchObject({
      handled: [{ deliveries: [{ outcome: 'delivered' }] }],
    })
    // The look of this try serves the next one, and nobody is told twice.
    expect(await call(sample('metric-l7-listener'))).toMatchObject({ handled: [{ repeat: true }] })
    expect(stage.group.messages).toHaveLength(1)
  })

  it('gives a slow receiver the time that reading did not use', async () => {
    const slow = await catchDiagnoses(2_000)
    const { call } = await deployed(TOKEN)
    vi.stubEnv('CLB_DOCTOR_SINKS', slow.address)
    const lines: string[] = []
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
    await call(sample('scf-function-url-event'))
    write.mockRestore()
    await slow.close()
    expect(lines.join('')).toContain('"outcome":"delivered"')
    expect(slow.diagnoses).toHaveLength(1)
  })

  it('answers 200 if one receiver took the message, or if every failure is permanent', async () => {
    const { stage, call } = await deployed(TOKEN)
    stage.group.reply({ errcode: 45009, errmsg: 'api freq out of limit' })
    expect(http(await call(sample('scf-function-url-event'))).statusCode).toBe(200)
    expect(stage.hook.diagnoses).toHaveLength(1)
    await stage.close()
    const second = await deployed(TOKEN)
    vi.stubEnv('CLB_DOCTOR_SINKS', `wecom+${second.stage.group.url}`)
    second.stage.group.reply({ errcode: 93000, errmsg: 'invalid webhook url' })
    expect(http(await second.call(sample('scf-function-url-event'))).statusCode).toBe(200)
  })

  it('names the wrong variable: in a problem over HTTP, in an error for a platform event', async () => {
    const { call } = await deployed({ CLB_DOCTOR_LANG: 'fr' })
    const answer = http(await call(sample('scf-function-url-event')))
    expect([answer.statusCode, JSON.parse(answer.body).detail]).toEqual([
      500,
      expect.stringMatching(/^CLB_DOCTOR_LANG：应为/),
    ])
    await expect(call(sample('metric-l7-listener'))).rejects.toThrow(/CLB_DOCTOR_LANG/)
  })
})

describe('the bundle', () => {
  it('is found by a loader that knows only .js files', () => {
    const { main_handler } = require(bundle.replace(/\.cjs$/, '')) as { main_handler: unknown }
    expect(typeof main_handler).toBe('function')
  })

  it('answers with an HTML page if the request accepts one', async () => {
    const { call } = await deployed({ CLB_DOCTOR_API_TOKEN: 's3cret', CLB_DOCTOR_LANG: 'en' })
    const event = sample('scf-function-url-event')
    const headers = {
      ...(event.headers as object),
      authorization: 'Bearer s3cret',
      accept: 'text/html',
      'content-type': 'application/json',
    }
    const body = JSON.stringify({ loadBalancerId: 'lb-7dpmqwcu' })
    const answer = http(
      await call({ ...event, path: '/v1/diagnoses', queryString: {}, headers, body, isBase64Encoded: false }),
    )
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(answer.body).toMatch(/^<!doctype html>/i)
    expect(answer.body).toContain('sg-hardened')
  })

  it('sends mail', async () => {
    const mails: string[] = []
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        stream.setEncoding('utf8').on('data', (part) => mails.push(part))
        stream.on('end', () => done())
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.server.address() as AddressInfo
    const { call } = await deployed({
      CLB_DOCTOR_SINKS: `smtp://127.0.0.1:${port}/?from=clb@example.com&to=oncall@example.com`,
    })
    await call(sample('metric-l7-listener'))
    await new Promise<void>((resolve) => server.close(() => resolve()))
    const { subject, text, html } = await simpleParser(mails.join(''))
    expect(subject).toContain('shop-front')
    for (const part of [text, html]) expect(part).toContain('sg-hardened')
  })

  // The size of the bundle has no limit. Its load time has one (bench/load.mjs).
  it('has a source map next to it, and contains no simulator, command line or mail package', () => {
    const sourcesOf = (name: string): readonly string[] =>
      JSON.parse(readFileSync(join(dirname(bundle), `${name}.cjs.map`), 'utf8')).sources
    const [taking, looking] = [sourcesOf('handler'), sourcesOf('diagnose')]
    expect(looking.some((file) => file.includes('src/app/diagnose.ts'))).toBe(true)
    expect([...taking, ...looking].filter((file) => /src\/(simulator|cli)\/|nodemailer/.test(file))).toEqual(
      [],
    )
  })

  it('has the stages of a look in a file of their own, which taking an alarm in does not load', () => {
    const { sources } = JSON.parse(readFileSync(join(dirname(bundle), 'handler.cjs.map'), 'utf8'))
    expect(
      sources.filter((file: string) => /src\/(snapshot|rules|path|checks|diagnosis)\//.test(file)),
    ).toEqual([])
  })
})
