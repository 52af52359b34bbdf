import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { run } from '../../src/cli/index.ts'
import type { Terminal } from '../../src/cli/io.ts'
import { openFolder, readFolder } from '../../src/store/embedded/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clb-doctor-backup-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function clbDoctor(args: readonly string[], env: Record<string, string>) {
  let [out, err] = ['', '']
  const terminal: Terminal = {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    progress: () => {},
    status: () => {},
    env: { CLB_DOCTOR_LANG: 'en', ...env },
    isTerminal: false,
    color: false,
    width: 100,
    statusWidth: () => 80,
    untilStopped: () => new Promise(() => {}),
  }
  return { status: await run(args, terminal), out, err }
}

it('clb-doctor backup copies the store of a running serve, without credentials', async () => {
  const data = join(folder, 'data')
  const store = await openFolder(data, { clock: Date })
  await store.write({ put: [{ collection: 'incidents', id: 'in-1', at: 1, value: '{}' }] })
  const target = join(folder, 'restored', 'store.db')
  const nowhere = await clbDoctor(['backup', target], { CLB_DOCTOR_DATA: data })
  expect([nowhere.status, nowhere.err]).toEqual([2, expect.stringContaining('make it first')])
  await (await openFolder(join(folder, 'restored'), { clock: Date })).close()
  rmSync(join(folder, 'restored', 'store.db'))
  expect(await clbDoctor(['backup', target], { CLB_DOCTOR_DATA: data })).toEqual({
    status: 0,
    out: '',
    err: '',
  })
  await store.close()
  const restored = await readFolder(join(folder, 'restored'))
  expect((await restored.list('incidents', { limit: 9 })).map(({ id }) => id)).toEqual(['in-1'])
  await restored.close()
})

it('clb-doctor backup says in one line why it cannot', async () => {
  const data = join(folder, 'data')
  for (const [args, env, part] of [
    [['backup'], {}, 'name the file'],
    [['backup', 'a', 'b'], {}, '"b"'],
    [['backup', join(folder, 'x')], { CLB_DOCTOR_DATA: data }, data],
    [['backup', 'x'], { CLB_DOCTOR_REDIS_URL: 'redis://:s3cret@127.0.0.1' }, 'use the backups of Redis'],
    [['backup', 'x'], { CLB_DOCTOR_REDIS_URL: 's3cret' }, 'CLB_DOCTOR_REDIS_URL'],
  ] as const) {
    const { status, out, err } = await clbDoctor(args, env)
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(/^clb-doctor: .+\n$/)
    expect(err).toContain(part)
    expect(err).not.toContain('s3cret')
  }
})
