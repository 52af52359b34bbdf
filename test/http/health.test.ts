import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { createApp } from '../../src/http/app.ts'
import { serve } from '../../src/http/serve.ts'
import type { Clock } from '../../src/model/clock.ts'
import { systemClock } from '../../src/model/clock.ts'
import { openFolder } from '../../src/store/embedded/index.ts'
import { sample } from '../alarms/samples.ts'
import { logged } from './support.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clb-doctor-health-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ENV = {
  TENCENTCLOUD_SECRETID: 'id',
  TENCENTCLOUD_SECRETKEY: 'key',
  CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1:9',
}

async function running() {
  let passed = 0
  const clock: Clock = { ...systemClock, now: () => Date.now() + passed }
  const { log, lines } = logged()
  const data = join(folder, 'data')
  const store = await openFolder(data, { clock })
  const context = createContext(loadConfig(ENV), log, { store, canWait: true, clock })
  const app = createApp({
    context,
    enqueue: async () => 'enqueued',
    trustLoopback: true,
    slowsWrongTokens: false,
    addressOf: () => '127.0.0.1',
    readBudget: 1_000,
  })
  /** What a probe gets that asks again after so long. */
  const probed = async (afterMs: number): Promise<Response> => {
    passed += afterMs
    const reply = await app.request('/healthz')
    await new Promise((resolve) => setTimeout(resolve, 50))
    return reply
  }
  return { context, data, lines, probed }
}

it('/healthz answers 503 once the store has taken nothing for a minute, and 200 when it takes something', async () => {
  const { context, data, lines, probed } = await running()
  expect((await probed(0)).status).toBe(200)
  // SQLite would go on writing into a folder that was moved away.
  renameSync(data, `${data}-moved`)
  for (const ms of [10_000, 10_000, 40_000]) expect((await probed(ms)).status).toBe(200)
  const away = await probed(10_000)
  expect([away.status, away.headers.get('content-type')]).toEqual([
    503,
    'application/problem+json; charset=utf-8',
  ])
  expect(await away.json()).toMatchObject({
    status: 503,
    title: 'Store not available',
    version: expect.any(String),
  })
  expect(lines.filter((line) => line.startsWith('error the store takes nothing'))).toHaveLength(1)
  renameSync(`${data}-moved`, data)
  await probed(10_000)
  expect((await probed(10_000)).status).toBe(200)
  context.close()
})

it('an alarm that the store does not take is refused with the true reason', async () => {
  const { context, data } = await running()
  const server = await serve(context, { host: '127.0.0.1', port: 0 })
  renameSync(data, `${data}-moved`)
  const reply = await fetch(`http://127.0.0.1:${server.address.port}/alarms`, {
    method: 'POST',
    body: JSON.stringify(sample('metric-l7-listener')),
  })
  expect([reply.status, reply.headers.get('retry-after'), await reply.json()]).toEqual([
    503,
    '30',
    expect.objectContaining({
      title: 'Store not available',
      detail: 'The store takes nothing at the moment; send the alarm again shortly. The log says why.',
    }),
  ])
  await server.stop()
  context.close()
})
