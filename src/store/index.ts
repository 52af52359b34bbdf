// store/ keeps records: a few operations that app/ builds all memory on. It has three implementations of one interface:
// in the process (memory.ts), in a folder that one process owns (embedded/), and in Redis, which several instances share
// (redis/). looks/ wakes the workers for what is due. The room does not know what a record means; app/ and incidents/ do.

export { createMemoryStore, type MemoryOptions } from './memory.ts'
export { parseRedisAddress, type RedisAddress } from './redis-address.ts'
export { removeOlder } from './retention.ts'
export {
  type Change,
  type Condition,
  type Key,
  type Put,
  type Query,
  type Store,
  type Stored,
  StoreError,
  type StoreKind,
  type StoreTrouble,
} from './store.ts'
