import type { Redis } from 'ioredis'
import type { Log } from '../../model/log.ts'
import { reasonOf } from './connection.ts'

/** What Redis must be set to, so that it neither forgets records under pressure nor loses them in a restart. */
const WANTED = [
  {
    setting: 'maxmemory-policy',
    right: 'noeviction',
    danger: 'Redis may drop alarms and incidents when its memory is full',
  },
  { setting: 'appendonly', right: 'yes', danger: 'a restart of Redis loses alarms and incidents' },
] as const

/** Warns of settings that lose records. A managed Redis may deny the question. */
export async function warnOfSettings(client: Redis, log: Log): Promise<void> {
  for (const { setting, right, danger } of WANTED) {
    try {
      const [, value] = await client.config('GET', setting).then(pairOf)
      if (value !== undefined && value !== right)
        log.warn(`Redis: set ${setting} to ${right}, or ${danger}`, { setting, value })
      else if (value === undefined) log.warn(unchecked(setting, right), { why: 'no answer' })
    } catch (error) {
      log.warn(unchecked(setting, right), { why: reasonOf(error) })
    }
  }
}

const unchecked = (setting: string, right: string): string =>
  `Redis: ${setting} could not be checked; it must be ${right}`

const pairOf = (answer: unknown): readonly (string | undefined)[] =>
  Array.isArray(answer) ? answer.map((one) => (typeof one === 'string' ? one : undefined)) : []
