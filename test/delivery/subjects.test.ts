import { describe, expect, it } from 'vitest'
import { dispatcherOver } from '../../src/delivery/dispatch.ts'
import type { Delivery, Receiver } from '../../src/delivery/receiver.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { silentLog } from '../../src/model/log.ts'
import { blocked } from './diagnoses.ts'

const HOUR = 3600_000

/** A dispatcher over one receiver that records its subjects, and a clock that the test sets. */
function mailbox() {
  let now = 0
  const subjects: string[] = []
  const receiver: Receiver = {
    kind: 'mail',
    label: 'mail',
    idempotent: false,
    async send({ subjectFor, message }: Delivery) {
      subjects.push(subjectFor(message.id))
      return { kind: 'delivered' }
    },
  }
  const clock = { now: () => now, sleep: async () => {} }
  const dispatcher = dispatcherOver([receiver], { clock, log: silentLog, random: () => 0 })
  return {
    subjects,
    async say(id: string, { hours = 0, ...more }: Partial<Diagnosis> & { readonly hours?: number } = {}) {
      now += hours * HOUR
      await dispatcher.dispatch({ ...blocked('en'), id, headline: id, checks: [], ...more }, 1_000)
    },
  }
}

const RECOVERED = {
  verdict: 'healthy',
  trigger: { source: 'cloud-monitor', alarm: { state: 'resolved' } },
} as unknown as Partial<Diagnosis>

describe('the subject of a mail', () => {
  it('stays the one of the first mail as long as the incident lasts', async () => {
    const { subjects, say } = mailbox()
    await say('first')
    await say('worse', { hours: 3 })
    await say('over', { hours: 1, ...RECOVERED })
    expect(subjects).toEqual(['first', 'first', 'first'])
  })

  it('is new after a confirmed recovery', async () => {
    const { subjects, say } = mailbox()
    await say('first')
    await say('over', { hours: 1, ...RECOVERED })
    await say('again', { hours: 1 })
    expect(subjects.at(-1)).toBe('again')
  })

  it('is new after a day without a mail', async () => {
    const { subjects, say } = mailbox()
    await say('first')
    await say('much later', { hours: 25 })
    expect(subjects).toEqual(['first', 'much later'])
  })
})
