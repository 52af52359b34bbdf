import type { AppContext } from '../app/index.ts'
import { VERSION } from '../app/version.ts'
import { problemResponse } from './problem.ts'
import type { Context } from './web.ts'

// Whether the process can take alarms. A supervisor asks this, and starts a process anew that could not for a minute: some
// troubles of a store end with a restart only, e.g. a folder that was moved away.

/** A store that is away for a moment needs no restart. */
const PATIENCE_MS = 60_000
/** Everybody may ask, so a question is not always a write. */
const BETWEEN_WRITES_MS = 5_000
const RECORD = { collection: 'health', id: 'write', value: '{}' }

/** Answers `GET /healthz` at once. Whether the store takes anything is tried beside it, so the next answer knows. */
export function createHealth({ store, clock, log }: AppContext): (c: Context) => Response {
  let triedAt = Number.NEGATIVE_INFINITY
  let isTrying = false
  /** Since when it refuses, ms since the epoch. Null: it takes what is written. */
  let refusesSince: number | null = null

  async function tryWrite(now: number): Promise<void> {
    if (store.kind === 'process' || isTrying || now - triedAt < BETWEEN_WRITES_MS) return
    isTrying = true
    triedAt = now
    try {
      await store.write({ put: [{ ...RECORD, at: now }] })
      if (refusesSince !== null) log.info('the store takes alarms again')
      refusesSince = null
    } catch (error) {
      if (refusesSince === null)
        log.error('the store takes nothing', { why: error instanceof Error ? error.message : String(error) })
      refusesSince ??= now
    } finally {
      isTrying = false
    }
  }

  return (c) => {
    const now = clock.now()
    void tryWrite(now)
    if (refusesSince === null || now - refusesSince < PATIENCE_MS)
      return c.json({ status: 'ok', version: VERSION })
    const since = new Date(refusesSince).toISOString()
    return problemResponse({
      status: 503,
      title: 'Store not available',
      detail: `The store takes nothing since ${since}; the log says why. If it does not come back by itself, start clb-doctor again.`,
      version: VERSION,
    })
  }
}
