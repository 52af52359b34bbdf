import { setTimeout as delay } from 'node:timers/promises'
import { silentLog } from '../../src/model/log.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { startRedis } from '../support/redis.ts'
import { storeContract } from './contract.ts'

storeContract('Redis', async () => {
  const redis = await startRedis()
  const store = await openRedis(redis.address, { log: silentLog })
  return {
    store,
    pass: async (ms) => {
      await delay(ms)
    },
    close: async () => {
      await store.close()
      await redis.close()
    },
  }
})
