import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Log } from '../../model/log.ts'
import { filled } from '../../text/index.ts'
import { checkedChange, checkedQuery, wellFormed } from '../checked.ts'
import type { RedisAddress } from '../redis-address.ts'
import { type Store, StoreError } from '../store.ts'
import { TEXTS } from '../texts.ts'
import { warnOfSettings } from './advice.ts'
import { Connection, connectTo, reasonOf } from './connection.ts'
import {
  claimKey,
  listCall,
  NUMBERS,
  readCall,
  recordsListed,
  recordsRead,
  TAG,
  triple,
  writeCall,
} from './layout.ts'
import { CLAIM, LIST, READ, RELEASE, WRITE } from './scripts.ts'

/** For the queue of looks: the same Redis, with connections of its own. */
export { connectTo, reasonOf, TAG }

export interface RedisStoreOptions {
  readonly log: Log
  /** How long to wait for a Redis that does not answer at the start. */
  readonly patienceMs?: number
  /** Only reads, so a Redis that holds nothing of clb-doctor is refused. Default: it becomes a new store. */
  readonly mustExist?: boolean
}

/** A Redis that starts at the same time reads its file first. */
const PATIENCE_MS = 10_000

/**
 * Opens the store that several instances share.
 * @throws StoreError with one line for people, which never holds the password
 */
export async function openRedis(address: RedisAddress, options: RedisStoreOptions): Promise<Store> {
  const { log, patienceMs = PATIENCE_MS, mustExist = false } = options
  const connection = new Connection(address, log)
  try {
    await connection.open(patienceMs)
    if (mustExist && !(await connection.call((client) => client.exists(NUMBERS))))
      throw new StoreError(
        'defect',
        filled(TEXTS.nothingInRedis, { redis: `${address.host}:${address.port}`, db: address.db }),
      )
    await connection.call((client) => warnOfSettings(client, log))
    const since = await connection.call(beginning)
    return storeOn(connection, since)
  } catch (error) {
    connection.close()
    throw error
  }
}

async function beginning(client: Redis): Promise<number> {
  const [seconds] = await client.time()
  await client.hsetnx(NUMBERS, 'since', Number(seconds) * 1_000)
  return Number(await client.hget(NUMBERS, 'since'))
}

function storeOn(connection: Connection, since: number): Store {
  /** Runs a script. `eval` sends its text only if Redis does not know it yet. */
  const scripts = scriptRunner(connection)
  return {
    kind: 'shared',
    since,
    async read(given) {
      const wanted = given.map(wellFormed)
      if (wanted.length === 0) return []
      const { keys, args } = readCall(wanted)
      return recordsRead(wanted, await scripts(READ, keys, args))
    },
    async write(change) {
      const { keys, args } = writeCall(checkedChange(change), Date.now())
      return (await scripts(WRITE, keys, args)) === 1
    },
    async list(collection, query) {
      const { keys, args } = listCall(collection.toWellFormed(), checkedQuery(query))
      return recordsListed(await scripts(LIST, keys, args))
    },
    async count(collection) {
      const [versions = ''] = triple(collection.toWellFormed())
      return connection.call((client) => client.hlen(versions))
    },
    async claim(name, holder, forMs) {
      const ms = Math.max(1, Math.ceil(forMs))
      return (await scripts(CLAIM, [claimKey(name)], [holder, ms])) === 1
    },
    async release(name, holder) {
      await scripts(RELEASE, [claimKey(name)], [holder])
    },
    async close() {
      connection.close()
    },
  }
}

type RunScript = (
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>

function scriptRunner(connection: Connection): RunScript {
  const hashes = new Map<string, string>()
  return (script, keys, args) =>
    connection.call(async (client) => {
      const params = [...keys, ...args]
      const hash = hashes.get(script)
      if (hash !== undefined) {
        try {
          return await client.evalsha(hash, keys.length, ...params)
        } catch (error) {
          // It was started again, or another node has taken over.
          if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
        }
      }
      hashes.set(script, createHash('sha1').update(script).digest('hex'))
      return client.eval(script, keys.length, ...params)
    })
}
