import { expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { tellRefusals } from '../../src/app/incidents/refusals.ts'
import type { Receiver } from '../../src/delivery/receiver.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Message } from '../../src/model/message.ts'
import { toldTo } from '../support/lanes.ts'

const refused = {
  receiver: 'gone-1',
  about: 'in-1',
  news: ['first'],
  outcome: 'permanent',
  attempts: 1,
  at: 0,
  why: 'errcode 93000',
} as const

/** Who is told of the refusal at these hours, and the title. */
async function told(kinds: readonly string[], named: readonly string[] | null, hours: readonly number[]) {
  const base = createContext(
    loadConfig({ TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key', CLB_DOCTOR_LANG: 'en' }),
    silentLog,
  )
  let now = 0
  const clock = { now: () => now, sleep: async () => {} }
  const told: [string, Message][] = []
  const receiver = (kind: string): Receiver => ({
    kind,
    label: kind,
    idempotent: false,
    async send({ message }) {
      told.push([kind, message])
      return kind === 'gone' ? { kind: 'permanent', reason: 'errcode 93000' } : { kind: 'delivered' }
    },
  })
  const config = { ...base.config, routing: { routes: [], default: named } }
  const context = toldTo(kinds.map(receiver), { ...base, config, clock })
  for (const hour of hours) {
    now = hour * 3_600_000
    await tellRefusals([refused], context)
    await context.lanes.runUntil(now + 1_000)
  }
  return told.map(([kind, message]) => [kind, 'title' in message && message.title])
}

it('a receiver that refuses for good is named to the others, once a day', async () => {
  expect(await told(['gone', 'well'], null, [0, 1, 25])).toEqual([
    ['well', expect.stringContaining('gone-1')],
    ['well', expect.stringContaining('gone-1')],
  ])
})

it('it is named to the default alone if there is one, and to all others if nobody else is in it', async () => {
  const hearers = async (named: readonly string[]) =>
    (await told(['gone', 'well', 'other'], named, [0])).map(([kind]) => kind)
  expect(await hearers(['other-3', 'gone-1'])).toEqual(['other'])
  expect(await hearers(['gone-1'])).toEqual(['well', 'other'])
  expect(await hearers([])).toEqual(['well', 'other'])
})
