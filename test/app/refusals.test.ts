import { expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { tellRefusals } from '../../src/app/incidents/refusals.ts'
import type { Receiver } from '../../src/delivery/receiver.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Message } from '../../src/model/message.ts'
import { toldTo } from '../support/lanes.ts'

it('a receiver that refuses for good is named to the others, once a day', async () => {
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
  const context = toldTo([receiver('gone'), receiver('well')], { ...base, clock })
  const refused = {
    receiver: 'gone-1',
    about: 'in-1',
    news: ['first'],
    outcome: 'permanent',
    attempts: 1,
    at: 0,
    why: 'errcode 93000',
  } as const
  for (const hours of [0, 1, 25]) {
    now = hours * 3_600_000
    await tellRefusals([refused], context)
    await context.lanes.runUntil(now + 1_000)
  }
  expect(told.map(([kind, message]) => [kind, 'title' in message && message.title])).toEqual([
    ['well', expect.stringContaining('gone-1')],
    ['well', expect.stringContaining('gone-1')],
  ])
})
