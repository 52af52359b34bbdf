import { filled } from '../../text/index.ts'
import { StoreError } from '../store.ts'
import { TEXTS } from '../texts.ts'

export type Param = number | string | Buffer

/**
 * What is used of libsql. Parameters always go in a list: a single Buffer beside it is taken for named parameters, and
 * the process ends. Texts are kept as blobs, because libsql cuts a text at its first NUL.
 */
export interface Statement {
  run(params: readonly Param[]): { readonly changes: number }
  /** Rows become lists of columns. */
  raw(): Statement
  get(params: readonly Param[]): unknown
  all(params: readonly Param[]): readonly unknown[]
}

export interface Database {
  prepare(sql: string): Statement
  exec(sql: string): unknown
  close(): unknown
}

type Open = (file: string, timeoutMs: number) => Database

/**
 * libsql is an optional dependency with a binary for each platform, so it is loaded when a folder is opened.
 * @throws StoreError `unavailable` if it is not installed or its binary does not run here
 */
export async function loadSqlite(): Promise<Open> {
  try {
    const { default: Libsql } = await import('libsql')
    return (file, timeout) => new Libsql(file, { timeout }) as Database
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new StoreError('unavailable', filled(TEXTS.noSqlite, { why: why.slice(0, 120) }), { cause: error })
  }
}

export const integers = (row: unknown): readonly number[] => (Array.isArray(row) ? row.map(Number) : [])

const OF_ROOM = /^SQLITE_(FULL|IOERR)/
const OF_DATA = /^SQLITE_(CORRUPT|NOTADB|FORMAT)/

/** What an error of SQLite means for the caller. `file` is named to people. */
export function troubleOf(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = codeOf(error) || message.slice(0, 120)
  if (OF_ROOM.test(code) || code === 'ENOSPC' || code === 'EDQUOT')
    return new StoreError('full', filled(TEXTS.diskFull, { file, code }), { cause: error })
  if (OF_DATA.test(code))
    return new StoreError('defect', filled(TEXTS.corrupt, { file, code }), { cause: error })
  return new StoreError('unavailable', filled(TEXTS.unusable, { file, code }), { cause: error })
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
