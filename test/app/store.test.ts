import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { ConfigError } from '../../src/app/config-error.ts'
import { openServeStore, type ServeStore } from '../../src/app/serve-store.ts'
import { openStore } from '../../src/app/store.ts'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import { freePort, startRedis } from '../support/redis.ts'

const needs = { clock: systemClock, log: silentLog, patienceMs: 300 }
const credentials = { TENCENTCLOUD_SECRETID: 'AKIDtest', TENCENTCLOUD_SECRETKEY: 'key' }
const configOf = (env: Record<string, string>) => loadConfig({ ...credentials, ...env })

let folder: string
const opened: ServeStore[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clb-doctor-app-store-'))
})
afterEach(async () => {
  for (const { store, looks } of opened.splice(0)) {
    await looks.stop()
    await store.close()
  }
  rmSync(folder, { recursive: true })
})
const openFor = async (env: Record<string, string>): Promise<ServeStore> => {
  const one = await openServeStore(configOf(env), needs)
  opened.push(one)
  return one
}
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('the store of a process', () => {
  it('is memory for the function, and the folder of CLB_DOCTOR_DATA for serve', async () => {
    expect(configOf({}).dataFolder).toBe('./clb-doctor-data')
    expect((await openStore(configOf({}), needs)).kind).toBe('process')
    const data = join(folder, 'data')
    expect((await openFor({ CLB_DOCTOR_DATA: data })).store.kind).toBe('folder')
    expect(existsSync(join(data, 'store.db'))).toBe(true)
  })

  it('is Redis for both if it is set, and wakes workers', async () => {
    const redis = await startRedis()
    try {
      const env = { CLB_DOCTOR_REDIS_URL: redis.url, CLB_DOCTOR_DATA: join(folder, 'data') }
      const shared = await openStore(configOf(env), needs)
      const { store, looks } = await openFor(env)
      expect([shared.kind, store.kind]).toEqual(['shared', 'shared'])
      const woken = new Promise<string>((resolve) => {
        looks.work(async (key) => resolve(key), 1)
      })
      await looks.ask('lb-1')
      expect(await woken).toBe('lb-1')
      expect(existsSync(join(folder, 'data'))).toBe(false)
      await shared.close()
      for (const one of opened.splice(0)) {
        await one.looks.stop()
        await one.store.close()
      }
    } finally {
      await redis.close()
    }
  })

  it('that cannot be opened stops the start with one line that names the variable, in both languages', async () => {
    const data = join(folder, 'data')
    await openFor({ CLB_DOCTOR_DATA: data })
    const port = await freePort()
    const url = `redis://:s3cretword@127.0.0.1:${port}`
    for (const [env, variable, part] of [
      [{ CLB_DOCTOR_DATA: data }, 'CLB_DOCTOR_DATA', data],
      [{ CLB_DOCTOR_REDIS_URL: url }, 'CLB_DOCTOR_REDIS_URL', String(port)],
    ] as const) {
      const failure = await failureOf(openFor(env))
      if (!(failure instanceof ConfigError)) throw new Error(String(failure))
      expect(failure.variable).toBe(variable)
      for (const language of ['en', 'zh-CN'] as const) {
        expect(failure.inLanguage(language)).toMatch(new RegExp(`^${variable}[:：].{20,400}$`))
        expect(failure.inLanguage(language)).toContain(part)
        expect(failure.inLanguage(language)).not.toContain('s3cretword')
      }
    }
  })
})
