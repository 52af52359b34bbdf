import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { createLinks } from '../../src/app/links.ts'
import { openStore } from '../../src/app/store.ts'
import { createApp } from '../../src/http/app.ts'
import type { Hono } from '../../src/http/web.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { IncidentNotice } from '../../src/model/incident.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { ALARM_TOKEN, API_TOKEN, logged, TOKENS } from './support.ts'

// A real Redis that has gone away. Every route that needs the store says so, and the sender may try again.

let redis: TestRedis
let context: ReturnType<typeof createContext>
const { log, lines } = logged()

beforeAll(async () => {
  redis = await startRedis()
  const config = loadConfig({
    ...TOKENS,
    TENCENTCLOUD_SECRETID: 'id',
    TENCENTCLOUD_SECRETKEY: 'key',
    CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1:9',
    CLB_DOCTOR_REDIS_URL: redis.url,
    CLB_DOCTOR_PUBLIC_URL: 'https://clb.example.com',
  })
  const store = await openStore(config, { clock: systemClock, log })
  context = createContext(config, log, { store, canWait: true })
  await redis.down()
}, 30_000)
afterAll(async () => {
  context.close()
  await redis.close()
})

describe('without its store', () => {
  const alarm = JSON.stringify({
    alarmStatus: '1',
    alarmObjInfo: { region: 'gz', dimensions: { vip: '203.0.113.26' } },
  })
  const app = (): Hono =>
    createApp({
      context,
      // As the function does it.
      enqueue: async ({ alarms }) => {
        await handleInPlace(alarms, context, { read: 500, total: 1_000 })
        return 'enqueued'
      },
      trustLoopback: false,
      slowsWrongTokens: false,
      addressOf: () => null,
      readBudget: 500,
    })
  const pages = (): IncidentNotice['pages'] => createLinks(context.config).pagesOf('in-1', 'en', Date.now())
  const at = (url: string | undefined): string => new URL(url ?? '').pathname + new URL(url ?? '').search

  it('every route that needs it answers with 503 and Retry-After', async () => {
    const asked = [
      ['GET', '/v1/incidents', ''],
      ['GET', '/v1/incidents/in-1', ''],
      ['GET', '/v1/refused', ''],
      ['POST', `/alarms?token=${ALARM_TOKEN}`, alarm],
      ['GET', at(pages()?.incident), ''],
      ['GET', at(pages()?.silence), ''],
      ['POST', at(pages()?.acknowledge), 'by=li'],
      ['POST', at(pages()?.silence), 'hours=2'],
    ] as const
    await Promise.all(
      asked.map(async ([method, path, body]) => {
        const headers = path.includes('?') ? {} : { authorization: `Bearer ${API_TOKEN}` }
        const reply = await app().request(path, { method, headers, ...(method === 'POST' ? { body } : {}) })
        expect([path, reply.status, reply.headers.get('content-type')]).toEqual([
          path,
          503,
          'application/problem+json; charset=utf-8',
        ])
        expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
        // A caller need not know where the store is.
        expect(await reply.text()).not.toContain(String(redis.port))
      }),
    )
    expect(lines.some((line) => line.startsWith('error request refused'))).toBe(true)
  })

  it('a person who opens a page, or presses its button, reads a page', async () => {
    const accept = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'
    for (const [method, path] of [
      ['GET', at(pages()?.incident)],
      ['GET', at(pages()?.silence)],
      ['POST', at(pages()?.acknowledge)],
    ] as const) {
      const body = method === 'POST' ? { body: 'by=li' } : {}
      const reply = await app().request(path, { method, headers: { accept }, ...body })
      expect([reply.status, reply.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await reply.text()).toContain('The page cannot be shown at the moment')
    }
  })
})
