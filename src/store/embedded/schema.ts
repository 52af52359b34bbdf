import { filled } from '../../text/index.ts'
import { StoreError } from '../store.ts'
import { TEXTS } from '../texts.ts'
import { type Database, integers } from './sqlite.ts'

/** "clbd": SQLite keeps it in the file's header, so a file of another program is recognised. */
const APPLICATION_ID = 0x636c6264

/**
 * Each step leads from one version of the file to the next. A step that was released is never changed. Columns of texts
 * are blobs. Each blob begins with a mark, see records.ts.
 */
export const MIGRATIONS: readonly string[] = [
  `create table records (
     n integer primary key,
     collection blob not null,
     id blob not null,
     at integer not null,
     version integer not null,
     value blob not null
   );
   create unique index records_key on records (collection, id);
   create index records_order on records (collection, at, id);
   create table numbers (name text primary key, value integer not null);
   insert into numbers values ('version', 0), ('since', cast(unixepoch('subsec') * 1000 as integer));`,
  // Counting the entries of an index takes as long as there are entries.
  `create table counts (collection blob primary key, records integer not null);
   insert into counts select collection, count(*) from records group by collection;
   create trigger records_insert after insert on records begin
     insert into counts values (new.collection, 1) on conflict do update set records = records + 1;
   end;
   create trigger records_delete after delete on records begin
     update counts set records = records - 1 where collection = old.collection;
     delete from counts where collection = old.collection and records = 0;
   end;`,
]

const pragma = (db: Database, name: string): number =>
  integers(db.prepare(`pragma ${name}`).raw().get([]))[0] ?? 0

/**
 * Brings the file to this version. One step is one transaction: a process that is killed meanwhile leaves the older file.
 * @throws StoreError `newer` or `defect`
 */
export function migrate(db: Database, file: string): void {
  const version = versionOf(db, file)
  for (const [i, step] of MIGRATIONS.entries()) {
    if (i < version) continue
    db.exec('begin immediate')
    try {
      db.exec(step)
      db.exec(`pragma user_version = ${i + 1}; pragma application_id = ${APPLICATION_ID}`)
      db.exec('commit')
    } catch (error) {
      rollback(db)
      throw error
    }
  }
}

/**
 * The version of a file that this version can read. 0: the file is new.
 * @throws StoreError `newer` or `defect`
 */
export function versionOf(db: Database, file: string): number {
  const version = pragma(db, 'user_version')
  const isNew =
    version === 0 && integers(db.prepare('select count(*) from sqlite_master').raw().get([]))[0] === 0
  if (!isNew && pragma(db, 'application_id') !== APPLICATION_ID)
    throw new StoreError('defect', filled(TEXTS.foreign, { file }))
  if (version > MIGRATIONS.length)
    throw new StoreError('newer', filled(TEXTS.newer, { file, version, known: MIGRATIONS.length }))
  return version
}

/** SQLite ends a transaction by itself on some errors, e.g. a full disk. */
export function rollback(db: Database): void {
  try {
    db.exec('rollback')
  } catch {}
}
