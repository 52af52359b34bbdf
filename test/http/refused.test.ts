import { describe, expect, it } from 'vitest'
import { createRefusedBox, MOST_REFUSED } from '../../src/app/incidents/refused-box.ts'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import type { RefusedPayload } from '../../src/model/refused-payload.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { PLANTED, PLANTED_KINDS } from '../support/planted.ts'
import { ALARM_TOKEN, API_TOKEN, appWith, served, TOKENS } from './support.ts'

const API = { headers: { authorization: `Bearer ${API_TOKEN}` } }
const listOf = async (reply: Response) =>
  ((await reply.json()) as { refused: readonly RefusedPayload[] }).refused

describe('GET /v1/refused', () => {
  it('shows what serve refused, the newest first, each repeated one once', async () => {
    const server = await served(TOKENS)
    const send = (body: string) => fetch(server.at(`/alarms?token=${ALARM_TOKEN}`), { method: 'POST', body })
    await send('{"hello":1,"pass":"hunter2"}')
    await send('{"hello":1,"pass":"hunter2"}')
    await new Promise((resolve) => setTimeout(resolve, 5))
    await send('not json')
    let shown: readonly RefusedPayload[] = []
    for (let tries = 0; tries < 100 && shown.length < 2; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      shown = await listOf(await fetch(server.at('/v1/refused'), API))
    }
    expect(shown).toMatchObject([
      { reason: 'not-json', excerpt: 'not json' },
      { reason: 'unknown-shape', excerpt: '{"hello":1,"pass":"***"}' },
    ])
    expect(await listOf(await fetch(server.at('/v1/refused?limit=1'), API))).toHaveLength(1)
    expect((await fetch(server.at('/v1/refused?open=true'), API)).status).toBe(400)
    expect((await fetch(server.at('/v1/refused'))).status).toBe(401)
    await server.stop()
  })

  it.each([
    ['with its length', 'x'.repeat(1_048_577), /, and this one has 1048577 bytes/],
    ['in chunks', new Blob(['x'.repeat(1_048_577)]).stream(), /at most 1 MiB\. Let/],
  ] as const)('shows that a body was too large, sent %s, and so does the log', async (_, body, detail) => {
    const server = await served(TOKENS)
    const options = { method: 'POST', body, duplex: 'half' } as RequestInit
    expect((await fetch(server.at(`/alarms?token=${ALARM_TOKEN}`), options)).status).toBe(413)
    const shown = async () => listOf(await fetch(server.at('/v1/refused'), API))
    await expect
      .poll(shown)
      .toMatchObject([{ reason: 'too-large', excerpt: '', detail: expect.stringMatching(detail) }])
    expect(server.lines.filter((line) => line.includes('"reason":"too-large"'))).toHaveLength(1)
    await server.stop()
  })

  it('shows no secret', async () => {
    const store = createMemoryStore({ clock: systemClock })
    const box = createRefusedBox({ store, clock: systemClock, log: silentLog })
    const { app } = appWith(TOKENS, { keepRefused: box.keep })
    for (const [, payload] of PLANTED_KINDS) {
      const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
      await app.request(`/alarms?token=${ALARM_TOKEN}`, { method: 'POST', body })
      await box.flush()
    }
    const records = await store.list('refused', { limit: 500 })
    expect(records.length).toBeGreaterThan(30)
    expect(JSON.stringify(records)).not.toContain(PLANTED)
  })
})

describe('what is kept of refused payloads', () => {
  const one = (n: number): RefusedPayload => ({
    at: new Date(n).toISOString(),
    reason: 'unknown-shape',
    detail: 'd',
    excerpt: `${n}`,
  })

  it('is bounded: the oldest give way, and what comes in at once is limited', async () => {
    const store = createMemoryStore({ clock: systemClock })
    const box = createRefusedBox({ store, clock: systemClock, log: silentLog })
    for (let n = 0; n < MOST_REFUSED + 30; n++) {
      box.keep(one(n))
      await box.flush()
    }
    const kept = await store.list('refused', { limit: 1_000 })
    expect([kept.length, kept[0]?.at]).toEqual([MOST_REFUSED, 30])
    for (let n = 1_000; n < 2_000; n++) box.keep(one(n))
    await box.flush()
    expect((await store.list('refused', { limit: 1_000, newestFirst: true }))[0]?.at).toBe(1_049)
  })

  it('is not kept if the store has no room, and nothing fails', async () => {
    const store = createMemoryStore({ clock: systemClock, megabytes: 0.000_1 })
    const box = createRefusedBox({ store, clock: systemClock, log: silentLog })
    box.keep(one(1))
    await box.flush()
    expect(await store.count('refused')).toBe(0)
  })
})
