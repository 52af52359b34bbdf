import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Text } from '../../model/language.ts'
import { filled } from '../../text/index.ts'
import { StoreError } from '../store.ts'
import { TEXTS } from '../texts.ts'
import { rollback } from './schema.ts'
import { codeOf, type Database, loadSqlite, troubleOf } from './sqlite.ts'

/** Records of other people's networks: nobody else on the machine needs them. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/** A reader holds a folder for a moment only. A process that ends needs a moment, too. */
const OWNER_PATIENCE_MS = 2_000
/** How long a statement waits for another program that reads the same file, e.g. a backup. */
export const BUSY_MS = 1_000

export interface Folder {
  readonly file: string
  readonly connect: (file: string) => Database
  /** Lets others have the folder. */
  readonly leave: () => void
}

export interface Patience {
  readonly patienceMs?: number
}

/**
 * Takes a folder for this process alone. The lock is a transaction in a second file: the kernel ends it with the process,
 * however that dies.
 * @throws StoreError `owned`, or why the folder cannot be used
 */
export async function ownFolder(path: string, options: Patience = {}): Promise<Folder> {
  make(path)
  return hold(path, 'begin exclusive', options)
}

/**
 * Holds a folder that nobody owns, for a short read. Several readers may do so at the same time.
 * @throws StoreError `owned`, or why there is nothing to read
 */
export async function borrowFolder(path: string, options: Patience = {}): Promise<Folder> {
  mustExist(path)
  return hold(path, 'begin; select count(*) from sqlite_master', options)
}

async function hold(
  path: string,
  lock: string,
  { patienceMs = OWNER_PATIENCE_MS }: Patience,
): Promise<Folder> {
  const connect = await loadSqlite()
  const file = join(path, 'store.db')
  const ownerFile = join(path, 'owner.db')
  let owner: Database | null = null
  try {
    owner = connect(ownerFile, patienceMs)
    owner.exec(lock)
  } catch (error) {
    owner?.close()
    if (codeOf(error) === 'SQLITE_BUSY')
      throw new StoreError('owned', filled(TEXTS.owned, { folder: path }), { cause: error })
    throw troubleOf(error, ownerFile)
  }
  const held = owner
  return {
    file,
    connect: (name) => connect(name, BUSY_MS),
    leave() {
      // Only the end of the transaction surely ends the lock. Statements that are not collected yet keep a connection.
      rollback(held)
      held.close()
    },
  }
}

function make(path: string): void {
  makeFolder(path)
  const file = join(path, 'owner.db')
  try {
    // SQLite gives the files beside it the same mode.
    closeSync(openSync(file, 'a', FILE_MODE))
  } catch (error) {
    throw unmade(error, file)
  }
}

/**
 * Makes the folder and those above it. Node's own `recursive` never ends where the folder above is there and the system
 * says that it is not, as /proc does.
 */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: FOLDER_MODE })
  } catch (error) {
    if (isFolder(path)) return
    const above = dirname(path)
    const code = codeOf(error)
    if (code === 'EEXIST') throw new StoreError('unavailable', noFolder(path), { cause: error })
    const isAboveMissing = (code === 'ENOENT' || code === 'ENOTDIR') && !isFolder(above)
    if (!isAboveMissing) throw unmade(error, path)
    makeFolder(above)
    makeFolder(path)
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Something else has the name. */
const noFolder = (path: string): Text =>
  filled(TEXTS[lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? 'dangling' : 'noFolder'], {
    path,
  })

const OF_PLACE = /^(?:EACCES|ELOOP|ENAMETOOLONG|ENOENT|EPERM|EROFS)$/

/** Why nothing can be made there. Another place helps. */
function unmade(error: unknown, path: string): StoreError {
  const code = codeOf(error)
  return OF_PLACE.test(code)
    ? new StoreError('unavailable', filled(TEXTS.unmade, { path, code }), { cause: error })
    : troubleOf(error, path)
}

/**
 * Makes the file of a new store. It gets its name when it has a header, so that a file without one is always what is left of
 * something else, e.g. of a backup that was not copied as a whole.
 */
export function makeFile(file: string, connect: (file: string) => Database): void {
  if (sizeOfFile(file) !== null) return
  const unfinished = `${file}.new`
  rmSync(unfinished, { force: true })
  closeSync(openSync(unfinished, 'a', FILE_MODE))
  const db = connect(unfinished)
  db.exec('create table header (n); drop table header')
  db.close()
  renameSync(unfinished, file)
}

/** A file that this user may not see is not a file that is missing. */
function mustExist(path: string): void {
  const file = join(path, 'store.db')
  const size = sizeOfFile(file)
  if (size === null) {
    const isTaken = lstatSync(path, { throwIfNoEntry: false }) !== undefined && !isFolder(path)
    throw new StoreError(
      'unavailable',
      isTaken ? noFolder(path) : filled(TEXTS.nothingHere, { folder: path }),
    )
  }
  if (size === 0) throw new StoreError('defect', filled(TEXTS.empty, { file }))
}

/** Why the file of a backup cannot be made, by the code of Node. */
const BACKUP_TROUBLES: Readonly<Record<string, (typeof TEXTS)['backupExists']>> = {
  EEXIST: TEXTS.backupExists,
  ENOENT: TEXTS.backupNowhere,
}

/**
 * Copies the records of a folder into one file, also while a process owns it and writes.
 * @throws StoreError if the file exists or there is no room
 */
export async function backupFolder(path: string, target: string): Promise<void> {
  const file = join(path, 'store.db')
  mustExist(path)
  const connect = await loadSqlite()
  let isOurs = false
  try {
    closeSync(openSync(target, 'wx', FILE_MODE))
    isOurs = true
    const db = connect(file, BUSY_MS)
    try {
      db.prepare('vacuum into ?').run([target])
    } finally {
      db.close()
    }
    const copy = openSync(target, 'r+')
    fsyncSync(copy)
    closeSync(copy)
  } catch (error) {
    if (isOurs) rmSync(target, { force: true })
    const known = isOurs ? undefined : BACKUP_TROUBLES[codeOf(error) ?? '']
    throw known
      ? new StoreError('defect', filled(known, { file: target }), { cause: error })
      : troubleOf(error, isOurs ? `${file} → ${target}` : target)
  }
}

/**
 * Makes a function that checks that the file is still the one that was opened. SQLite would go on writing into a file
 * that somebody has removed, and all of that would be lost.
 */
export function watchFile(file: string): () => void {
  const inode = statSync(file).ino
  return () => {
    if (statSync(file, { throwIfNoEntry: false })?.ino !== inode)
      throw new StoreError('unavailable', filled(TEXTS.replaced, { file }))
  }
}

/**
 * Null: there is no such file.
 * @throws StoreError if that cannot be told
 */
export function sizeOfFile(file: string): number | null {
  try {
    return statSync(file).size
  } catch (error) {
    if (/^(?:ENOENT|ENOTDIR)$/.test(codeOf(error))) return null
    throw troubleOf(error, file)
  }
}
