// Opens the shared store of an address, writes and reads a record, and prints `ok` or why not.
import { silentLog } from '../../../src/model/log.ts'
import { parseRedisAddress } from '../../../src/store/index.ts'
import { openRedis } from '../../../src/store/redis/index.ts'

async function main(url: string): Promise<string> {
  const address = parseRedisAddress(url)
  if (!address) return 'no address'
  const store = await openRedis(address, { log: silentLog, patienceMs: 2_000 })
  await store.write({ put: [{ collection: 'c', id: 'a', at: 1, value: '{}' }] })
  const count = await store.count('c')
  await store.close()
  return count === 1 ? 'ok' : `count ${count}`
}

main(process.argv[2] ?? '').then(
  (outcome) => process.stdout.write(`${outcome}\n`),
  (error: unknown) => process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`),
)
