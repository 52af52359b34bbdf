import { noteOwner, type OwnAddress, openFolder } from '../store/embedded/index.ts'
import type { Store } from '../store/index.ts'
import { createLookQueue, type LookQueue } from '../store/looks/index.ts'
import type { Config } from './config.ts'
import { openStore, orStop, type StoreNeeds } from './store.ts'

/** The store of `serve`, and the queue that wakes its workers. */
export interface ServeStore {
  readonly store: Store
  readonly looks: LookQueue
  /** Says where this process listens to those who find the folder in use. */
  readonly announce: (address: OwnAddress) => void
}

/**
 * Opens the store of `serve`: Redis if it is set, else the folder of `CLB_DOCTOR_DATA`. The function imports store.ts
 * instead, so that the folder's engine stays out of its bundle.
 * @throws ConfigError with one line that names the variable and says what to do
 */
export async function openServeStore(
  config: Pick<Config, 'redis' | 'dataFolder'>,
  needs: StoreNeeds,
): Promise<ServeStore> {
  const { redis: address } = config
  if (address === null) {
    const store = await orStop('CLB_DOCTOR_DATA', () => openFolder(config.dataFolder, needs))
    noteOwner(config.dataFolder, null)
    return {
      store,
      looks: createLookQueue({ ...needs, store }),
      announce: (address) => noteOwner(config.dataFolder, address),
    }
  }
  const store = await openStore(config, needs)
  const { createSharedLookQueue } = await import('../store/looks/shared.ts')
  return { store, looks: createSharedLookQueue({ ...needs, store, address }), announce: () => {} }
}
