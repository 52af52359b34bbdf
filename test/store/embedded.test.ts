import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFolder } from '../../src/store/embedded/index.ts'
import { storeContract } from './contract.ts'

storeContract('a folder', async () => {
  let now = 1_700_000_000_000
  const path = mkdtempSync(join(tmpdir(), 'clb-doctor-store-'))
  const store = await openFolder(path, { clock: { now: () => now } })
  return {
    store,
    pass: async (ms) => {
      now += ms
    },
    close: async () => {
      await store.close()
      rmSync(path, { recursive: true })
    },
  }
})
