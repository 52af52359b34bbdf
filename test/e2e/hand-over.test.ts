import { afterEach, describe, expect, it, vi } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import type { SimulatedFunction } from '../../src/simulator/world.ts'
import { sample } from '../alarms/samples.ts'
import { startedWith } from './deployed.ts'
import { type Stage, setStage } from './support.ts'

// The deployed bundle hands an HTTP alarm on to itself (docs/cam-policy-async.json).

let stage: Stage | null = null
let lines: string[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await stage?.close()
  stage = null
})

/** `own`: the function that the role may invoke. Null: the policy is not attached. */
async function deployed(own: SimulatedFunction | null, env: Record<string, string> = {}) {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  const build = () => {
    const world = scenario.build()
    if (own) world.functions = [own]
    return world
  }
  stage = await setStage({ ...scenario, build })
  lines = []
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line))
    return true
  })
  const started = startedWith({ ...stage.env, CLB_DOCTOR_ALARM_TOKEN: 's3cret', ...env })
  const platform = { function_name: 'clb-doctor', namespace: 'default', function_version: '$LATEST' }
  return {
    stage,
    call: (event: unknown, more: object = {}) => started(event, { ...platform, ...more }),
  }
}

const clbDoctor = (): SimulatedFunction => ({ name: 'clb-doctor', namespace: 'default', invoked: [] })
const overHttp = sample('scf-function-url-event')
/** For a fault that holds answers back. */
function held() {
  let release = (): void => {}
  const until = new Promise<void>((resolve) => {
    release = resolve
  })
  return { until, release: () => release() }
}

const addressCheck = () => ({ ...(structuredClone(overHttp) as object), body: '' })
const answered = (answer: unknown): unknown => (answer as { statusCode?: number }).statusCode
const invocations = ({ cloud }: Stage): number => cloud.calls.count('scf:Invoke')

describe('an HTTP alarm of the function', () => {
  it('is handed on as an asynchronous event, which tells it and knows when it was taken', async () => {
    const own = clbDoctor()
    const { stage, call } = await deployed(own)
    const before = Date.now()
    expect(answered(await call(overHttp))).toBe(200)
    expect([stage.group.messages.length, own.invoked.length]).toEqual([0, 1])
    const job = JSON.parse(own.invoked[0] ?? '{}') as { takenAt: number }
    expect(job.takenAt).toBeGreaterThanOrEqual(before)
    expect(await call(job)).toMatchObject({ handled: [{ loadBalancer: 'lb-7dpmqwcu' }] })
    expect(stage.group.messages).toHaveLength(1)
    expect(invocations(stage)).toBe(1)
  })

  it('is handled in place without the policy, which the log names once; it is not tried again soon', async () => {
    const { stage, call } = await deployed(null)
    expect([answered(await call(overHttp)), answered(await call(overHttp))]).toEqual([200, 200])
    expect(stage.group.messages).toHaveLength(1)
    expect(invocations(stage)).toBe(1)
    const said = lines.filter((line) => line.includes('cam-policy-async.json'))
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('"level":"info"')
  })

  it('is handled in place with CLB_DOCTOR_ASYNC=off', async () => {
    const { stage, call } = await deployed(clbDoctor(), { CLB_DOCTOR_ASYNC: 'off' })
    expect(answered(await call(overHttp))).toBe(200)
    expect([stage.group.messages.length, invocations(stage)]).toEqual([1, 0])
  })

  it('is handled in place if the platform cannot take it, and tried again with the next', async () => {
    const { stage, call } = await deployed(clbDoctor())
    stage.cloud.faults.set('scf:Invoke', { kind: 'error', code: 'InvalidParameterValue' })
    expect(answered(await call(overHttp))).toBe(200)
    expect(stage.group.messages).toHaveLength(1)
    stage.cloud.faults.clear()
    const tried = invocations(stage)
    expect(answered(await call(overHttp))).toBe(200)
    expect(invocations(stage)).toBe(tried + 1)
  })

  /** An alarm within a limit, while these calls hang. It is told, and answered within the limit. */
  async function expectToldWhile(hanging: Parameters<Stage['cloud']['faults']['set']>[0], limit: number) {
    const { stage, call } = await deployed(clbDoctor())
    const context = { time_limit_in_ms: limit }
    // Loading what serves HTTP takes its part of the first event.
    expect(answered(await call(addressCheck(), context))).toBe(200)
    const { until, release } = held()
    stage.cloud.faults.set(hanging, { kind: 'held', until })
    const begun = performance.now()
    const answer = await call(overHttp, context)
    const took = performance.now() - begun
    release()
    expect([answered(answer), stage.group.messages.length]).toEqual([200, 1])
    // Of a limit of 1 s there is only the half left to work in.
    expect(took).toBeLessThan(limit === 1_000 ? 1_000 : limit - 500)
  }

  it.each([1_000, 1_500, 3_000])('is told in place within a limit of %j ms if the hand-over hangs', (limit) =>
    expectToldWhile('scf:Invoke', limit),
  )

  it.each([1_000, 1_500, 3_000])(
    'is answered within a limit of %j ms if the whole API hangs, and told as far as is known',
    (limit) => expectToldWhile('*', limit),
  )

  it.each([1_000, 1_500])('a diagnosis over HTTP is answered within a limit of %j ms, too', async (limit) => {
    const token = 'api-t0ken-of-16-letters'
    const { stage, call } = await deployed(clbDoctor(), { CLB_DOCTOR_API_TOKEN: token })
    const event = {
      ...(structuredClone(overHttp) as object),
      path: '/v1/diagnoses',
      queryString: { token },
      body: JSON.stringify({ loadBalancerId: 'lb-7dpmqwcu' }),
    }
    expect(answered(await call(event))).toBe(200)
    const { until, release } = held()
    stage.cloud.faults.set('*', { kind: 'held', until })
    const begun = performance.now()
    const answer = (await call(event, { time_limit_in_ms: limit })) as { statusCode: number; body: string }
    const took = performance.now() - begun
    release()
    expect([answer.statusCode, JSON.parse(answer.body).verdict]).toEqual([200, 'inconclusive'])
    expect(took).toBeLessThan(limit)
  })

  it('is not handed on for a minute after a hand-over that did not answer', async () => {
    const { stage, call } = await deployed(clbDoctor())
    const { until, release } = held()
    stage.cloud.faults.set('scf:Invoke', { kind: 'held', until })
    expect(answered(await call(overHttp))).toBe(200)
    const tried = invocations(stage)
    release()
    stage.cloud.faults.clear()
    expect(answered(await call(overHttp))).toBe(200)
    expect(invocations(stage)).toBe(tried)
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000)
    expect(answered(await call(overHttp))).toBe(200)
    expect(invocations(stage)).toBe(tried + 1)
  })

  it('is handed on in parts if it is a batch that is longer than an asynchronous event may be', async () => {
    const own = clbDoctor()
    const { stage, call } = await deployed(own)
    const alerts = Array.from({ length: 900 }, (_, i) => ({
      status: 'firing',
      labels: { alertname: '好'.repeat(100), loadbalancer_id: 'lb-7dpmqwcu', port: `${i}` },
    }))
    const event = structuredClone(overHttp) as { body: string }
    event.body = JSON.stringify({ version: '4', commonLabels: { severity: 'critical' }, alerts })
    expect(answered(await call(event))).toBe(200)
    const jobs = own.invoked.map((job) => JSON.parse(job) as { payload: { alerts: unknown[] } })
    expect(jobs.length).toBeGreaterThan(1)
    expect(Math.max(...own.invoked.map((job) => Buffer.byteLength(job)))).toBeLessThanOrEqual(128 * 1024)
    expect(jobs.flatMap(({ payload }) => payload.alerts)).toHaveLength(alerts.length)
    expect(
      new Set(jobs.flatMap(({ payload }) => payload.alerts.map((one) => JSON.stringify(one)))).size,
    ).toBe(900)
    for (const { payload } of jobs)
      expect(payload).toMatchObject({ version: '4', commonLabels: { severity: 'critical' } })
    expect(stage.group.messages).toHaveLength(0)
  })

  it('is handled in place if it is longer than an asynchronous event may be', async () => {
    const own = clbDoctor()
    const { stage, call } = await deployed(own)
    const event = structuredClone(overHttp) as { body: string }
    const payload = JSON.parse(event.body)
    event.body = JSON.stringify({ ...payload, additionalMsg: [{ key: 'x', value: '好'.repeat(50_000) }] })
    expect(answered(await call(event))).toBe(200)
    expect([stage.group.messages.length, own.invoked.length, invocations(stage)]).toEqual([1, 0, 0])
  })

  it('is not handed on if its token is wrong', async () => {
    const own = clbDoctor()
    const { call } = await deployed(own, { CLB_DOCTOR_ALARM_TOKEN: 'another-secret' })
    expect(answered(await call(overHttp))).toBe(401)
    expect(own.invoked).toEqual([])
  })
})

it.each(['auto ', 'on', 'Off'])('CLB_DOCTOR_ASYNC=%j: is auto or off', async (value) => {
  const { call } = await deployed(null, { CLB_DOCTOR_ASYNC: value })
  const answer = (await call(overHttp)) as { statusCode: number; body: string }
  expect(answer.statusCode).toBe(value.trim() === 'auto' ? 200 : 500)
  if (answer.statusCode === 500) expect(answer.body).toContain('CLB_DOCTOR_ASYNC')
})
