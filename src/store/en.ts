import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  notWhole: 'store: {field} must be a whole number from 0, not {value}',
  closed: 'the store is closed',
  memoryFull:
    'the store in memory is full (it takes {limit} MB); wait until the alarms in it have been handled',
  noSqlite:
    'libsql, which serve keeps alarms with, does not load ({why}); run npm install without --omit=optional, or set CLB_DOCTOR_REDIS_URL',
  diskFull:
    '{file} takes no more ({code}); make room on the disk. What was accepted is safe, and it works again without a restart when there is room',
  corrupt: '{file} is damaged ({code}); restore it from a backup, or move its folder away and start again',
  unusable: '{file} cannot be used ({code}); check the permissions of the folder and its disk',
  noFolder:
    '{path} is not a folder; set CLB_DOCTOR_DATA to a folder, which clb-doctor serve makes if it is missing',
  dangling:
    '{path} is a link to a folder that does not exist; mend the link, or set CLB_DOCTOR_DATA to another folder',
  unmade: '{path} cannot be made ({code}); set CLB_DOCTOR_DATA to a folder in which this user may make files',
  replaced:
    '{file} was removed or replaced while it was in use, so nothing can be kept; start clb-doctor again',
  empty:
    '{file} is empty and holds no records; restore it from a backup, or remove it and start with an empty store',
  foreign: '{file} is no store of clb-doctor; set CLB_DOCTOR_DATA to another folder',
  newer:
    '{file} was written by a newer clb-doctor (form {version}, this one knows up to {known}); use that version, or restore the file from a backup',
  older: '{file} was written by an older clb-doctor; start clb-doctor serve once, which brings it up to date',
  owned:
    'the folder {folder} is in use by another clb-doctor process; stop that process, or set CLB_DOCTOR_DATA to another folder',
  nothingHere:
    'the folder {folder} holds no store of clb-doctor; set CLB_DOCTOR_DATA to the folder that serve uses',
  backupNowhere: 'the folder of {file} does not exist; make it first, or name another file',
  backupExists: '{file} exists; name another file, because a backup overwrites nothing',
  nothingInRedis:
    'Redis at {redis} holds nothing of clb-doctor in database {db}; set CLB_DOCTOR_REDIS_URL to the address and database that serve uses',
  redisAway:
    'Redis at {redis} is not available ({why}); check CLB_DOCTOR_REDIS_URL, the network and Redis itself',
  redisFull:
    'Redis at {redis} refuses writes ({why}); give it more memory or disk. It works again without a restart when there is room',
} as const satisfies Translation<typeof zhCN>
