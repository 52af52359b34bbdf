import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { incidentPage } from '../../src/app/incidents/history.ts'
import { silentLog } from '../../src/model/log.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { startRedis } from '../support/redis.ts'
import { type Door, type Platform, startPlatform, untoldIn } from './function.ts'

const CLBS = 40

async function burst(platform: Platform, door: Door, seconds: number): Promise<readonly (number | null)[]> {
  const answers = Array.from({ length: CLBS }, async (_, n) => {
    await delay((n / CLBS) * seconds * 1000)
    return platform.alarm(n, door)
  })
  return Promise.all(answers)
}

/** With Redis: few messages, and the last one has all of them. */
export async function withRedis(seconds: number): Promise<void> {
  const redis = await startRedis()
  const platform = await startPlatform({
    clbs: CLBS,
    env: { CLB_DOCTOR_REDIS_URL: redis.url },
    invokes: true,
  })
  try {
    const began = Date.now()
    const answers = await burst(platform, 'http', seconds)
    expect(answers.filter((status) => status !== 200)).toEqual([])
    await platform.quiet()
    // The timer of the platform comes each minute. After half a minute what has joined is told.
    while (Date.now() - began < 31_000) await delay(500)
    await platform.timer()
    for (let minute = 0; minute < 6 && !saysForty(platform); minute++) {
      await delay(60_000)
      await platform.timer()
    }
    const texts = platform.group.messages.map(({ content }) => content)
    expect(texts.length).toBeLessThanOrEqual(3)
    expect(saysForty(platform), texts.at(-1)).toBe(true)
    expect(texts.at(-1)?.match(/storm-\d+/g)?.length ?? 0).toBeGreaterThanOrEqual(10)
    const store = await openRedis(redis.address, { log: silentLog })
    const page = await incidentPage({ limit: 10, before: null, isOpen: true }, store, Date.now())
    await store.close()
    expect(page?.incidents.map(({ loadBalancers }) => loadBalancers.length)).toEqual([CLBS])
  } finally {
    await platform.close()
    await redis.close()
  }
}

const saysForty = ({ group }: Platform): boolean =>
  /\b40 load balancers down\b/.test(group.messages.at(-1)?.content ?? '')

/** Without Redis, asynchronously: each process knows itself alone, and every CLB is told within five minutes. */
export async function withoutRedis(door: Door, seconds: number, retryMs: number): Promise<void> {
  const platform = await startPlatform({ clbs: CLBS, env: {}, invokes: door === 'http', retryMs })
  try {
    const began = Date.now()
    const answers = await burst(platform, door, seconds)
    expect(answers.filter((status) => status !== 200 && status !== null)).toEqual([])
    await platform.quiet()
    expect(untoldIn(platform, CLBS)).toEqual([])
    expect((Date.now() - began) / 60_000).toBeLessThan(5)
  } finally {
    await platform.close()
  }
}

/** In place over HTTP: what the bot refused is in the log by name, and its sender is asked to send it again. */
export async function inPlace(seconds: number): Promise<void> {
  const platform = await startPlatform({ clbs: CLBS, env: { CLB_DOCTOR_ASYNC: 'off' }, invokes: true })
  try {
    const answers = await burst(platform, 'http', seconds)
    const untold = untoldIn(platform, CLBS)
    expect(untold.length).toBeGreaterThan(0)
    expect(answers.filter((status) => status === 503)).toHaveLength(untold.length)
    const refusals = platform.lines.filter((line) => line.includes('not told yet'))
    for (const name of untold)
      expect(
        refusals.some((line) => new RegExp(`${name}(?!\\d)`).test(line)),
        name,
      ).toBe(true)
  } finally {
    await platform.close()
  }
}
