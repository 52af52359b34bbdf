import type { Change, Key, Put, Query, Store, Stored } from '../store.ts'
import { type Database, integers, type Statement } from './sqlite.ts'

/** The first byte of each blob. libsql treats an empty blob differently from others. It does not change the order. */
const MARK = '.'
const blob = (text: string): Buffer => Buffer.from(MARK + text)
const textOf = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('utf8', 1) : '')
const keyOf = ({ collection, id }: Key): [Buffer, Buffer] => [blob(collection), blob(id)]

function storedOf(row: unknown): Stored {
  const [id, at, version, value] = Array.isArray(row) ? row : []
  return { id: textOf(id), value: textOf(value), at: Number(at), version: Number(version) }
}

export type Reading = Pick<Store, 'read' | 'list' | 'count' | 'since'>

/** The statements that only read. Each call is one moment, because SQLite is called synchronously. */
export class RecordReader {
  readonly #db: Database
  readonly #one: Statement
  readonly #counted: Statement
  readonly #lists = new Map<string, Statement>()

  constructor(db: Database) {
    this.#db = db
    this.#one = this.#db
      .prepare('select id, at, version, value from records where collection = ? and id = ?')
      .raw()
    this.#counted = this.#db.prepare('select records from counts where collection = ?').raw()
  }

  read(key: Key): Stored | null {
    const row = this.#one.get(keyOf(key))
    return row === undefined ? null : storedOf(row)
  }

  count(collection: string): number {
    return integers(this.#counted.get([blob(collection)]))[0] ?? 0
  }

  list(collection: string, { upTo, newestFirst = false, after, limit }: Query): readonly Stored[] {
    const [order, behind] = newestFirst ? ['desc', '<'] : ['asc', '>']
    const where = [
      'collection = ?',
      ...(upTo === undefined ? [] : ['at <= ?']),
      ...(after === undefined ? [] : [`(at, id) ${behind} (?, ?)`]),
    ].join(' and ')
    const sql = `select id, at, version, value from records where ${where} order by at ${order}, id ${order} limit ?`
    const statement = this.#lists.get(sql) ?? this.#db.prepare(sql).raw()
    this.#lists.set(sql, statement)
    const params = [
      blob(collection),
      ...(upTo === undefined ? [] : [upTo]),
      ...(after === undefined ? [] : [after.at, blob(after.id)]),
      limit,
    ]
    return statement.all(params).map(storedOf)
  }

  number(name: 'version' | 'since'): number {
    const row = this.#db.prepare(`select value from numbers where name = '${name}'`).raw().get([])
    return integers(row)[0] ?? 0
  }
}

const onConflict = (update: string): string =>
  `insert into records (collection, id, at, version, value) values (?, ?, ?, ?, ?) on conflict (collection, id) do ${update}`

/** The statements that write. The caller holds the transaction. */
export class RecordWriter {
  readonly #version: Statement
  readonly #remove: Statement
  readonly #replace: Statement
  readonly #keepAt: Statement
  readonly #ifNew: Statement
  readonly #lastVersion: Statement
  #last: number

  constructor(db: Database) {
    this.#version = db.prepare('select version from records where collection = ? and id = ?').raw()
    this.#remove = db.prepare('delete from records where collection = ? and id = ?')
    const taken = 'version = excluded.version, value = excluded.value'
    this.#replace = db.prepare(onConflict(`update set at = excluded.at, ${taken}`))
    this.#keepAt = db.prepare(onConflict(`update set ${taken}`))
    this.#ifNew = db.prepare(onConflict('nothing'))
    this.#lastVersion = db.prepare(`update numbers set value = ? where name = 'version'`)
    this.#last = new RecordReader(db).number('version')
  }

  /** False: a condition does not hold, and nothing was written. */
  apply({ when, remove, put }: Required<Change>): boolean {
    for (const condition of when)
      if ((integers(this.#version.get(keyOf(condition)))[0] ?? null) !== condition.version) return false
    for (const key of remove) this.#remove.run(keyOf(key))
    for (const one of put) this.#put(one)
    return true
  }

  /** A version that a rollback took back is not given again. */
  keepLastVersion(): void {
    this.#lastVersion.run([this.#last])
  }

  #put(put: Put): void {
    this.#last += 1
    const statement = put.ifNew ? this.#ifNew : put.keepAt ? this.#keepAt : this.#replace
    statement.run([...keyOf(put), put.at, this.#last, blob(put.value)])
  }
}
