import type { Clock } from '../../model/clock.ts'
import { filled } from '../../text/index.ts'
import { checkedChange, checkedQuery, wellFormed } from '../checked.ts'
import { createClaims } from '../claims.ts'
import { type Store, StoreError } from '../store.ts'
import { TEXTS } from '../texts.ts'
import {
  borrowFolder,
  type Folder,
  makeFile,
  ownFolder,
  type Patience,
  sizeOfFile,
  watchFile,
} from './folder.ts'
import { GroupCommit } from './group-commit.ts'
import { type Reading, RecordReader } from './records.ts'
import { MIGRATIONS, migrate, versionOf } from './schema.ts'
import { type Database, integers, troubleOf } from './sqlite.ts'

export { backupFolder } from './folder.ts'
export { noteOwner, type OwnAddress, ownerOf } from './owner.ts'

export interface FolderOptions extends Patience {
  readonly clock: Pick<Clock, 'now'>
  /** The most that the records may take on disk, in MB. What does not fit is refused as `full`. */
  readonly megabytes?: number
}

const MEGABYTE = 1024 * 1024
const DEFAULT_MEGABYTES = 1_024
/** The log of SQLite is cut back to this size after a burst. */
const MOST_LOG_BYTES = 64 * MEGABYTE
/** A larger file is not checked at the start, because that would take seconds. */
const MOST_CHECKED_BYTES = 64 * MEGABYTE

/**
 * Opens the folder of `serve` for this process alone. What a resolved `write` gave is on the disk, so it outlives
 * `kill -9` and a loss of power. Claims are free at the start, because no other process can hold one.
 * @throws StoreError with one line for people
 */
export async function openFolder(path: string, options: FolderOptions): Promise<Store> {
  const folder = await ownFolder(path, options)
  try {
    return storeIn(folder, options)
  } catch (error) {
    folder.leave()
    throw troubleOf(error, folder.file)
  }
}

function storeIn(folder: Folder, { clock, megabytes = DEFAULT_MEGABYTES }: FolderOptions): Store {
  const { file } = folder
  const db = openForWriting(folder, megabytes)
  const reader = new RecordReader(db)
  const commits = new GroupCommit(db, file, watchFile(file))
  let isOpen = true

  /** libsql itself takes calls after `close`. */
  const guarded = <T>(read: () => T): T => {
    if (!isOpen) throw new StoreError('unavailable', TEXTS.closed)
    try {
      return read()
    } catch (error) {
      throw troubleOf(error, file)
    }
  }
  return {
    kind: 'folder',
    since: reader.number('since'),
    ...reading(reader, guarded),
    async write(change) {
      const checked = checkedChange(change)
      return guarded(() => commits.write(checked))
    },
    ...createClaims(clock),
    async close() {
      if (!isOpen) return
      commits.flush()
      isOpen = false
      tidy(db)
      db.close()
      folder.leave()
    },
  }
}

/**
 * Moves the log into the file. SQLite does that when the last connection closes, but libsql keeps a connection until the
 * engine has collected its statements. If it fails, the next start reads the log.
 */
function tidy(db: Database): void {
  try {
    db.prepare('pragma wal_checkpoint(truncate)').raw().get([])
  } catch {}
}

function openForWriting({ file, connect }: Folder, megabytes: number): Database {
  makeFile(file, connect)
  const db = connect(file)
  try {
    check(db, file)
    db.exec('pragma journal_mode = wal')
    // Each commit waits until it is on the disk.
    db.exec('pragma synchronous = full')
    db.exec(`pragma journal_size_limit = ${MOST_LOG_BYTES}`)
    migrate(db, file)
    const pageSize = integers(db.prepare('pragma page_size').raw().get([]))[0] ?? 4_096
    db.exec(`pragma max_page_count = ${Math.max(1, Math.floor((megabytes * MEGABYTE) / pageSize))}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function check(db: Database, file: string): void {
  const size = sizeOfFile(file) ?? 0
  if (size === 0) throw new StoreError('defect', filled(TEXTS.empty, { file }))
  versionOf(db, file)
  if (size > MOST_CHECKED_BYTES) return
  const [result] = [db.prepare('pragma quick_check(1)').raw().get([])].flat()
  if (result !== 'ok') throw new StoreError('defect', filled(TEXTS.corrupt, { file, code: 'quick_check' }))
}

const reading = (
  reader: RecordReader,
  guarded: <T>(read: () => T) => T,
): Pick<Store, 'read' | 'list' | 'count'> => ({
  read: async (keys) => guarded(() => keys.map((key) => reader.read(wellFormed(key)))),
  async list(collection, query) {
    const checked = checkedQuery(query)
    return guarded(() => reader.list(collection.toWellFormed(), checked))
  },
  count: async (collection) => guarded(() => reader.count(collection.toWellFormed())),
})

/**
 * Reads a folder that nobody owns, e.g. for `clb-doctor incidents` after `serve` has ended. It holds the folder until
 * `close`, so close it soon.
 * @throws StoreError `owned` if a process has the folder: ask that process instead
 */
export async function readFolder(
  path: string,
  options: Patience = {},
): Promise<Reading & { readonly close: () => Promise<void> }> {
  const folder = await borrowFolder(path, options)
  let db: Database | null = null
  try {
    db = folder.connect(folder.file)
    if (versionOf(db, folder.file) < MIGRATIONS.length)
      throw new StoreError('defect', filled(TEXTS.older, { file: folder.file }))
    db.exec('pragma query_only = 1')
    const reader = new RecordReader(db)
    const opened = db
    const guarded = <T>(read: () => T): T => {
      try {
        return read()
      } catch (error) {
        throw troubleOf(error, folder.file)
      }
    }
    return {
      since: reader.number('since'),
      ...reading(reader, guarded),
      async close() {
        opened.close()
        folder.leave()
      },
    }
  } catch (error) {
    db?.close()
    folder.leave()
    throw troubleOf(error, folder.file)
  }
}
