import type { Clock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import { createMemoryStore, type Store, StoreError } from '../store/index.ts'
import { inEachLanguage, mark } from '../text/index.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

export interface StoreNeeds {
  readonly clock: Clock
  readonly log: Log
  /** How long to wait for a Redis that does not answer at the start. */
  readonly patienceMs?: number
}

/**
 * Opens the store of a process that lives for a while only, as the function does: Redis if it is set, else memory.
 * @throws ConfigError with one line that names the variable and says what to do
 */
export async function openStore(config: Pick<Config, 'redis'>, needs: StoreNeeds): Promise<Store> {
  const { redis } = config
  if (redis === null) return createMemoryStore({ clock: needs.clock })
  return orStop('CLB_DOCTOR_REDIS_URL', async () => {
    // Loaded on demand: most functions have no Redis.
    const { openRedis } = await import('../store/redis/index.ts')
    return openRedis(redis, needs)
  })
}

/** Why a store cannot be opened stops the start as a wrong variable does. */
export async function orStop<T>(variable: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const text = inEachLanguage(
      (language) => `${variable}${mark('colon', language)}${error.inLanguage(language)}`,
    )
    throw new ConfigError(variable, text, { cause: error })
  }
}
