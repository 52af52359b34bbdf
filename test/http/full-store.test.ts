import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { serve } from '../../src/http/serve.ts'
import { systemClock } from '../../src/model/clock.ts'
import { openFolder } from '../../src/store/embedded/index.ts'
import { type Store, StoreError } from '../../src/store/index.ts'
import { sample } from '../alarms/samples.ts'
import { incidentOf, recordsOf } from '../support/incident-records.ts'
import { logged } from './support.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clb-doctor-full-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const HOUR = 3_600_000

/** Fills the folder with closed incidents of the last day. */
async function fill(store: Store): Promise<void> {
  const now = Date.now()
  for (let n = 0; ; n++) {
    const closed = incidentOf(`in-closed-${n}`, now - 20 * HOUR + n, { closedAt: now - 10 * HOUR + n })
    const wide = { ...closed, timeline: [{ ...closed.timeline[0], detail: 'x'.repeat(20_000) }] }
    const failure = await store
      .write({ put: recordsOf(wide as typeof closed) })
      .then(() => null)
      .catch((error: unknown) => error)
    if (failure instanceof StoreError && failure.kind === 'full') break
    if (failure !== null) throw failure
  }
  // Nothing fits any more, however small it is.
  for (
    let n = 0;
    await store
      .write({ put: [{ collection: 'small', id: `${n}`, value: 'x'.repeat(900), at: 0 }] })
      .catch(() => false);
    n++
  );
}

it('a folder at its bound refuses alarms until the oldest closed incidents have given way, and keeps what is open', async () => {
  const store = await openFolder(folder, { clock: Date, megabytes: 2 })
  await store.write({ put: recordsOf(incidentOf('in-open', Date.now() - HOUR)) })
  await fill(store)
  const closedBefore = await store.count('closed')
  const { log, lines } = logged()
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: 'id',
    TENCENTCLOUD_SECRETKEY: 'key',
    CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1:9',
  })
  const context = createContext(config, log, { store, canWait: true, clock: systemClock })
  const server = await serve(context, { host: '127.0.0.1', port: 0 })
  const send = () =>
    fetch(`http://127.0.0.1:${server.address.port}/alarms`, {
      method: 'POST',
      body: JSON.stringify(sample('metric-l7-listener')),
    })
  const refused = await send()
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([503, 30])
  await vi.waitFor(async () => expect((await send()).status).toBe(200), { timeout: 10_000, interval: 100 })
  expect(await store.count('closed')).toBeLessThan(closedBefore)
  const [open, oldest] = await store.read([
    { collection: 'incidents', id: 'in-open' },
    { collection: 'incidents', id: 'in-closed-0' },
  ])
  expect([open?.id, oldest]).toEqual(['in-open', null])
  expect(lines.some((line) => line.includes('the oldest closed incidents were removed early'))).toBe(true)
  await server.stop()
  context.close()
})
