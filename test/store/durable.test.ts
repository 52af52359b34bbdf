import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupFolder, openFolder, readFolder } from '../../src/store/embedded/index.ts'
import { MIGRATIONS } from '../../src/store/embedded/schema.ts'
import { type Store, StoreError } from '../../src/store/index.ts'
import { bundled, startChild } from '../support/child.ts'

const clock = { now: () => 1_700_000_000_000 }
const QUICK = { clock, patienceMs: 100 }

let path: string
const opened: Store[] = []
const open = async (options: { readonly megabytes?: number } = {}): Promise<Store> => {
  const store = await openFolder(path, { ...QUICK, ...options })
  opened.push(store)
  return store
}
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'clb-doctor-store-')), 'data')
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  rmSync(join(path, '..'), { recursive: true, force: true })
})

const put = (id: string, value = '{}', at = 0) => ({ collection: 'alarms', id, value, at })
const file = (): string => join(path, 'store.db')
const failureOf = async (work: Promise<unknown>): Promise<StoreError> => {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (failure instanceof StoreError) return failure
  throw new Error(`a StoreError was expected, not ${String(failure)}`)
}
const oneLineIn = (failure: StoreError): void => {
  for (const language of ['en', 'zh-CN'] as const) {
    expect(failure.inLanguage(language)).toMatch(/^.{20,400}$/)
    expect(failure.inLanguage(language)).not.toMatch(/\{\w+\}/)
  }
}

describe('a folder', () => {
  it('is for nobody else on the machine', async () => {
    const store = await open()
    await store.write({ put: [put('a')] })
    const mode = (name: string): number => statSync(join(path, name)).mode & 0o777
    expect(mode('.')).toBe(0o700)
    const files = readdirSync(path)
    expect(files).toEqual(expect.arrayContaining(['owner.db', 'store.db', 'store.db-wal']))
    expect(files.map((name) => [name, mode(name)])).toEqual(files.map((name) => [name, 0o600]))
  })

  it('keeps records, versions and its age over a restart, and claims are free again', async () => {
    const first = await open()
    await first.write({ put: [put('a'), put('gone')] })
    const [before, gone] = await first.read([
      { collection: 'alarms', id: 'a' },
      { collection: 'alarms', id: 'gone' },
    ])
    await first.write({ remove: [{ collection: 'alarms', id: 'gone' }] })
    expect(await first.claim('lb-1', 'a worker', 60_000)).toBe(true)
    await first.close()

    const second = await open()
    expect(second.since).toBe(first.since)
    expect(await second.read([{ collection: 'alarms', id: 'a' }])).toEqual([before])
    expect(await second.claim('lb-1', 'another worker', 60_000)).toBe(true)
    await second.write({ put: [put('gone')] })
    const [again] = await second.read([{ collection: 'alarms', id: 'gone' }])
    expect(again?.version).toBeGreaterThan(gone?.version ?? Number.POSITIVE_INFINITY)
  })

  it('refuses calls after it was closed, and wrote everything before', async () => {
    const store = await open()
    const writing = store.write({ put: [put('a')] })
    await store.close()
    expect(await writing).toBe(true)
    expect((await failureOf(store.write({ put: [put('b')] }))).kind).toBe('unavailable')
    expect((await failureOf(store.read([]))).kind).toBe('unavailable')
    expect(await (await open()).count('alarms')).toBe(1)
  })

  it('commits what 64 writers write at once together', async () => {
    const store = await open()
    // Each commit makes the log longer by at least one page of 4 KB for each page that changed.
    const grown = async (writes: () => Promise<unknown>): Promise<number> => {
      const before = statSync(`${file()}-wal`).size
      await writes()
      return statSync(`${file()}-wal`).size - before
    }
    await store.write({ put: [put('first')] })
    const together = await grown(() =>
      Promise.all(Array.from({ length: 64 }, (_, i) => store.write({ put: [put(`a${i}`)] }))),
    )
    const alone = await grown(async () => {
      for (let i = 0; i < 64; i++) await store.write({ put: [put(`b${i}`)] })
    })
    expect(together).toBeLessThan(alone / 8)
  })

  it('does not let one change that is wrong take others of its group with it', async () => {
    const store = await open({ megabytes: 2 })
    const outcomes = await Promise.allSettled([
      store.write({ put: [put('a')] }),
      store.write({ put: [put('big', 'x'.repeat(3_000_000))] }),
      store.write({ put: [put('b')], when: [{ collection: 'alarms', id: 'a', version: null }] }),
      store.write({ put: [put('c')] }),
    ])
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.kind))).toEqual([
      true,
      'full',
      false,
      true,
    ])
    expect((await store.list('alarms', { limit: 9 })).map(({ id }) => id)).toEqual(['a', 'c'])
  })

  it('that reached its bound is full, and takes more when something was removed', async () => {
    const store = await open({ megabytes: 1 })
    const fill = async (): Promise<StoreError> => {
      for (let i = 0; ; i++) {
        const failure = await store
          .write({ put: [put(`r${i}`, 'x'.repeat(50_000))] })
          .catch((e: unknown) => e)
        if (failure instanceof StoreError) return failure
      }
    }
    const failure = await fill()
    expect(failure.kind).toBe('full')
    expect(statSync(file()).size).toBeLessThanOrEqual(1024 * 1024)
    oneLineIn(failure)
    await store.write({ remove: [{ collection: 'alarms', id: 'r0' }] })
    expect(await store.write({ put: [put('new', 'x'.repeat(40_000))] })).toBe(true)
  })

  it('that was removed while it is in use refuses writes, because they would be lost', async () => {
    const store = await open()
    await store.write({ put: [put('a')] })
    renameSync(path, `${path}-moved`)
    const failure = await failureOf(store.write({ put: [put('b')] }))
    expect(failure.message).toContain('removed or replaced')
    oneLineIn(failure)
    renameSync(`${path}-moved`, path)
    expect(await store.write({ put: [put('b')] })).toBe(true)
  })
})

describe('a folder that cannot be opened', () => {
  it('because a process owns it says so in one line, and is free when that process is killed', async () => {
    const child = startChild(await bundled('store/programs/writer.ts'), [path, 'child'])
    await child.until((line) => line === 'child-100')
    for (const attempt of [open(), readFolder(path, QUICK)]) {
      const failure = await failureOf(attempt)
      expect(failure.kind).toBe('owned')
      expect(failure.message).toContain(path)
      oneLineIn(failure)
    }
    await child.kill()
    expect(await (await open()).count('alarms')).toBeGreaterThan(100)
  })

  it('because this process has it says so, too', async () => {
    const first = await open()
    expect((await failureOf(open())).kind).toBe('owned')
    await first.close()
    await open()
  })

  it('because a newer version wrote it is left alone', async () => {
    await (await open()).close()
    const db = new Libsql(file())
    db.exec(`pragma user_version = ${MIGRATIONS.length + 1}`)
    db.close()
    const bytes = readFileSync(file())
    const failure = await failureOf(open())
    expect(failure.kind).toBe('newer')
    expect(failure.message).toContain(file())
    oneLineIn(failure)
    expect(readFileSync(file()).equals(bytes)).toBe(true)
    // The folder is free for the version that can read it.
    expect((await failureOf(open())).kind).toBe('newer')
  })

  it.each([
    ['text', (bytes: Buffer) => Buffer.concat([Buffer.from('not a database\n'), bytes])],
    ['a page of zeros', (bytes: Buffer) => bytes.fill(0, 4_096, 3 * 4_096)],
    ['noise in the middle', (bytes: Buffer) => bytes.fill('noise', 40_000, 120_000)],
    ['its first half', (bytes: Buffer) => bytes.subarray(0, 70_000)],
  ])('because it is damaged (%s) names the file and what to do', async (_, damage) => {
    const store = await open()
    await store.write({ put: Array.from({ length: 500 }, (_, i) => put(`r${i}`, 'x'.repeat(200), i)) })
    await store.close()
    writeFileSync(file(), damage(readFileSync(file())))
    const failure = await failureOf(open())
    expect(failure.kind).toBe('defect')
    expect(failure.message).toContain(file())
    expect(failure.message).toContain('backup')
    oneLineIn(failure)
  })

  it('because its file is empty, as a failed restore leaves it, says so and is left alone', async () => {
    await (await open()).close()
    writeFileSync(file(), '')
    for (const work of [open(), readFolder(path, QUICK), backupFolder(path, join(path, 'copy'))]) {
      const failure = await failureOf(work)
      oneLineIn(failure)
      expect([failure.kind, failure.inLanguage('en')]).toEqual([
        'defect',
        expect.stringContaining('is empty and holds no records'),
      ])
    }
    expect([statSync(file()).size, existsSync(join(path, 'copy'))]).toEqual([0, false])
    rmSync(file())
    await open()
  })

  it('whose first start was killed is a new store at the next', async () => {
    mkdirSync(path, { recursive: true })
    for (const name of ['owner.db', 'store.db.new']) writeFileSync(join(path, name), '')
    const store = await open()
    await store.write({ put: [put('a')] })
    expect([await store.count('alarms'), existsSync(join(path, 'store.db.new'))]).toEqual([1, false])
  })

  it('because another program wrote it is left alone', async () => {
    mkdirSync(path)
    const db = new Libsql(file())
    db.exec('create table theirs (x)')
    db.close()
    const failure = await failureOf(open())
    expect(failure.kind).toBe('defect')
    oneLineIn(failure)
  })

  it('because libsql is not installed says what to install', async () => {
    const alone = join(path, '..', 'writer.cjs')
    copyFileSync(await bundled('store/programs/writer.ts'), alone)
    const child = startChild(alone, [path, 'child'])
    await child.until(() => true).catch(() => {})
    await child.kill()
    expect(child.errors()).toMatch(
      /^libsql, .+ does not load \(Cannot find \w+ 'libsql'.*\); run npm install .+\n$/,
    )
  })

  it('because a file is in its place says so', async () => {
    writeFileSync(path, '')
    const failure = await failureOf(open())
    expect(failure.kind).toBe('unavailable')
    expect(failure.message).toContain(path)
    oneLineIn(failure)
  })
})

describe('a file of version 1', () => {
  it('is brought up to date and keeps its records', async () => {
    mkdirSync(path)
    const db = new Libsql(file())
    db.exec(`
      create table records (
        n integer primary key, collection blob not null, id blob not null, at integer not null,
        version integer not null, value blob not null
      );
      create unique index records_key on records (collection, id);
      create index records_order on records (collection, at, id);
      create table numbers (name text primary key, value integer not null);
      insert into numbers values ('version', 41), ('since', 1600000000000);
      pragma user_version = 1;
      pragma application_id = ${0x636c6264};
    `)
    const insert = db.prepare(
      'insert into records (collection, id, at, version, value) values (cast(? as blob), cast(? as blob), ?, ?, cast(? as blob))',
    )
    for (let i = 0; i < 3; i++) insert.run(['.alarms', `.old-${i}`, i, 10 + i, '.{"old":true}'])
    db.close()

    const failure = await failureOf(readFolder(path, QUICK))
    expect(failure.message).toContain('start clb-doctor serve')
    oneLineIn(failure)
    const store = await open()
    expect(store.since).toBe(1_600_000_000_000)
    expect(await store.count('alarms')).toBe(3)
    expect(await store.list('alarms', { limit: 9 })).toEqual(
      [0, 1, 2].map((i) => ({ id: `old-${i}`, at: i, version: 10 + i, value: '{"old":true}' })),
    )
    await store.write({ put: [put('new')], remove: [{ collection: 'alarms', id: 'old-0' }] })
    expect(await store.count('alarms')).toBe(3)
    expect((await store.read([{ collection: 'alarms', id: 'new' }]))[0]?.version).toBeGreaterThan(41)
  })
})

describe('kill -9', () => {
  it('loses nothing that was accepted, five times in a row', { timeout: 60_000 }, async () => {
    const program = await bundled('store/programs/writer.ts')
    const accepted: string[] = []
    for (let round = 0; round < 5; round++) {
      const child = startChild(program, [path, `round${round}`])
      await child.until((line) => line === `round${round}-${200 + 137 * round}`)
      await child.kill()
      accepted.push(...child.lines.filter((line) => line !== 'opened'))
    }
    expect(accepted.length).toBeGreaterThan(2_000)
    // The log that the last process left is read without a start of `serve`.
    const reader = await readFolder(path, QUICK)
    const kept = new Set((await reader.list('alarms', { limit: 1_000_000 })).map(({ id }) => id))
    expect(kept.size).toBe(await reader.count('alarms'))
    await reader.close()
    expect(accepted.filter((id) => !kept.has(id))).toEqual([])
    expect(await (await open()).count('alarms')).toBe(kept.size)
  })
})

// Only root may mount a small disk. CI runs as root.
describe.skipIf(process.getuid?.() !== 0)('a full disk', () => {
  it('refuses writes as full, loses nothing, and works again when there is room', async () => {
    mkdirSync(path)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'clb-doctor-test', path])
    try {
      const store = await open()
      const accepted: string[] = []
      let failure: unknown = null
      for (let i = 0; failure === null; i++) {
        const ids = [`r${i}`, `s${i}`]
        const outcomes = await Promise.allSettled(
          ids.map((id) => store.write({ put: [put(id, 'x'.repeat(5_000))] })),
        )
        for (const [n, one] of outcomes.entries()) {
          if (one.status === 'fulfilled') accepted.push(ids[n] ?? '')
          else failure = one.reason
        }
      }
      expect(failure).toMatchObject({ kind: 'full' })
      if (failure instanceof StoreError) oneLineIn(failure)
      // It stays up, refuses again, and reads.
      for (let i = 0; i < 20; i++)
        expect((await failureOf(store.write({ put: [put(`t${i}`, 'x'.repeat(400_000))] }))).kind).toBe('full')
      expect((await store.list('alarms', { limit: 9_999 })).map(({ id }) => id)).toEqual([...accepted].sort())
      execFileSync('mount', ['-o', 'remount,size=20m', path])
      expect(await store.write({ put: [put('after', 'x'.repeat(400_000))] })).toBe(true)
      await store.close()
      const again = await open()
      expect(await again.count('alarms')).toBe(accepted.length + 1)
      await again.close()
    } finally {
      for (const store of opened.splice(0)) await store.close()
      execFileSync('umount', ['--lazy', path])
    }
  })

  it('at the start is named, and nothing is lost', async () => {
    mkdirSync(path)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'clb-doctor-test', path])
    try {
      const first = await open()
      await first.write({ put: [put('a')] })
      await first.close()
      const free = Number(execFileSync('stat', ['-f', '-c', '%a', path], { encoding: 'utf8' })) * 4_096
      writeFileSync(join(path, 'other'), Buffer.alloc(free))
      const failure = await open().then(
        async (store) => failureOf(store.write({ put: [put('b')] })),
        (error: unknown) => error,
      )
      expect(failure).toMatchObject({ kind: 'full' })
      for (const store of opened.splice(0)) await store.close()
      rmSync(join(path, 'other'))
      const again = await open()
      expect(await again.write({ put: [put('b')] })).toBe(true)
      expect(await again.count('alarms')).toBe(2)
    } finally {
      for (const store of opened.splice(0)) await store.close()
      execFileSync('umount', ['--lazy', path])
    }
  })
})

describe('a backup', () => {
  it('is whole while another process writes, and works as a store', { timeout: 60_000 }, async () => {
    const child = startChild(await bundled('store/programs/writer.ts'), [path, 'child'])
    await child.until((line) => line === 'child-1000')
    const accepted = child.lines.filter((line) => line !== 'opened')
    const target = join(path, '..', 'backup.db')
    await backupFolder(path, target)
    const count = child.lines.length
    await child.until((line) => line === `child-${count + 200}`)
    await child.kill()
    expect(statSync(target).mode & 0o777).toBe(0o600)
    expect((await failureOf(backupFolder(path, target))).kind).toBe('defect')

    rmSync(path, { recursive: true })
    mkdirSync(path)
    renameSync(target, file())
    const store = await open()
    const kept = new Set((await store.list('alarms', { limit: 1_000_000 })).map(({ id }) => id))
    expect(accepted.filter((id) => !kept.has(id))).toEqual([])
    expect(await store.count('alarms')).toBe(kept.size)
    expect(await store.write({ put: [put('new')] })).toBe(true)
  })

  it('of a folder without a store says where to look', async () => {
    const failure = await failureOf(backupFolder(path, join(path, 'x')))
    expect(failure.message).toContain('CLB_DOCTOR_DATA')
    expect((await failureOf(readFolder(path))).message).toBe(failure.message)
    expect(existsSync(path)).toBe(false)
  })

  it('that cannot be written leaves no half of a file', async () => {
    await (await open()).close()
    const target = join(path, 'no', 'such', 'folder.db')
    const failure = await failureOf(backupFolder(path, target))
    expect(failure.message).toContain(target)
    oneLineIn(failure)
  })
})
