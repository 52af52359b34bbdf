import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startRedis } from '../support/redis.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

const PROGRAM = `
const { openRedis } = require('./redis.cjs')
const { createSharedLookQueue } = require('./looks.cjs')
const log = { info() {}, warn() {}, error() {} }
const clock = { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }
const address = { host: '127.0.0.1', port: Number(process.argv[2]), tls: false, user: null, password: null, db: 0 }
async function main() {
  const store = await openRedis(address, { log })
  await store.write({ put: [{ collection: 'looks', id: 'lb-1', at: 1, value: '{}' }] })
  const looks = createSharedLookQueue({ store, address, clock, log })
  const key = await new Promise((resolve) => looks.work(async (key) => resolve(key), 1))
  console.log(key, await store.count('looks'))
  process.exit(0)
}
main()
`

it('the bundles of the shared store and its queue run without any package beside them', async () => {
  const redis = await startRedis()
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-bundles-'))
  try {
    for (const name of ['redis.cjs', 'looks.cjs']) copyFileSync(join(dist, name), join(folder, name))
    writeFileSync(join(folder, 'program.cjs'), PROGRAM)
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [join(folder, 'program.cjs'), String(redis.port)],
      { timeout: 20_000 },
    )
    expect(stdout).toBe('lb-1 1\n')
    expect(stderr).toBe('')
  } finally {
    await redis.close()
    rmSync(folder, { recursive: true })
  }
})

it('the command line finds libsql from dist/, and the function does not have it', () => {
  expect(createRequire(join(dist, 'main.cjs')).resolve('libsql')).toContain('node_modules')
  expect(readFileSync(join(dist, 'handler.cjs'), 'utf8')).not.toMatch(/["']libsql["']|journal_mode/)
})
