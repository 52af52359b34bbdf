// One of several instances that share the looks: claims a key, reads how often it was asked for, takes some time, and
// writes the outcome in one step with the end of the look. Prints `begun KEY` and `done KEY`.
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../../../src/model/clock.ts'
import { silentLog } from '../../../src/model/log.ts'
import { parseRedisAddress } from '../../../src/store/index.ts'
import { LOOKS } from '../../../src/store/looks/index.ts'
import { createSharedLookQueue } from '../../../src/store/looks/shared.ts'
import { openRedis } from '../../../src/store/redis/index.ts'

const [, , url = '', takesMs = '100', lockMs = '2000'] = process.argv

async function main(): Promise<void> {
  const address = parseRedisAddress(url)
  if (!address) throw new Error(url)
  const store = await openRedis(address, { log: silentLog })
  const holder = `p${process.pid}`
  const queue = createSharedLookQueue({
    store,
    address,
    clock: systemClock,
    log: silentLog,
    lockMs: Number(lockMs),
    sweepMs: 500,
  })
  queue.work(async (key) => {
    if (!(await store.claim(key, holder, 2_000))) return
    const [look] = await store.read([{ collection: LOOKS, id: key }])
    if (look) {
      process.stdout.write(`begun ${key}\n`)
      await delay(Number(takesMs))
      const isDone = await store.write({
        when: [{ collection: LOOKS, id: key, version: look.version }],
        remove: [{ collection: LOOKS, id: key }],
        put: [{ collection: 'done', id: `${key} ${look.version}`, at: Date.now(), value: holder }],
      })
      if (isDone) process.stdout.write(`done ${key}\n`)
    }
    await store.release(key, holder)
  }, 4)
  process.once('SIGTERM', () => {
    queue
      .stop()
      .then(() => store.close())
      .then(() => process.stdout.write('stopped\n'))
      .catch(() => {})
  })
  process.stdout.write('ready\n')
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
})
