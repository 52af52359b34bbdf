import type { Config } from '../config.ts'
import { orStop } from '../store.ts'
import { isAsKnown, type KnownOptions, RECORD, recordIn } from './record.ts'

// The store keeps by the name of a receiver what waits for it and what it was told. A name may go to another address: it is
// counted by the place in CLB_DOCTOR_SINKS, or somebody changes it. So at the start names are compared with addresses.

/**
 * What the store keeps stands under the names of these receivers when it returns. It costs one read if nothing changed.
 * @throws ConfigError, with the store closed, if it does not answer, has no room, or another instance takes too long
 */
export async function knowReceivers(
  { receivers, redis }: Pick<Config, 'receivers' | 'redis'>,
  options: KnownOptions,
): Promise<void> {
  const { store } = options
  // It ends with its process, and so do the names.
  if (store.kind === 'process') return
  try {
    await orStop(redis === null ? 'CLB_DOCTOR_DATA' : 'CLB_DOCTOR_REDIS_URL', async () => {
      const [stored] = await store.read([RECORD])
      const record = recordIn(stored)
      if (record !== null && isAsKnown(record, receivers)) return
      // Loaded on demand: names hardly ever change.
      await (await import('./carry-over.ts')).carryOver(receivers, options)
    })
  } catch (error) {
    await store.close()
    throw error
  }
}
