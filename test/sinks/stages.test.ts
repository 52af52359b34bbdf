import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { silentLog } from '../../src/model/log.ts'
import { dispatcherOver } from '../../src/sinks/dispatch.ts'
import type { Delivery, Outcome, Sink } from '../../src/sinks/sink.ts'
import { createMemoryRecord, fingerprint } from '../../src/sinks/stages/dedup.ts'
import { sendWithRetry } from '../../src/sinks/stages/retry.ts'
import { diagnosisOf } from '../support/snapshots.ts'
import { delivery, fakeClock } from './contract.ts'
import { blocked } from './diagnoses.ts'

/** Gives the outcomes one after the other, the last for ever. */
function scripted(outcomes: readonly Outcome[], idempotent = false) {
  const sent: Delivery[] = []
  const sink: Sink = {
    kind: 'test',
    label: 'test receiver',
    idempotent,
    async send(one) {
      sent.push(one)
      return outcomes[Math.min(sent.length, outcomes.length) - 1] ?? { kind: 'delivered' }
    },
  }
  return { sink, sent }
}

const later = (afterMs = 0): Outcome => ({ kind: 'retry', afterMs, reason: 'later' })
const unknown: Outcome = { kind: 'unknown', reason: 'no answer' }
const delivered: Outcome = { kind: 'delivered' }

describe('the retry stage', () => {
  const run = async (
    outcomes: readonly Outcome[],
    options: { idempotent?: boolean; budget?: number } = {},
  ) => {
    const clock = fakeClock()
    const { sink, sent } = scripted(outcomes, options.idempotent)
    const { attempt: _, ...one } = delivery()
    const deadline = { signal: new AbortController().signal, at: options.budget ?? 600_000 }
    const tried = await sendWithRetry(sink, one, deadline, { clock, random: () => 1 })
    return { ...tried, slept: clock.slept, ids: new Set(sent.map(({ id }) => id)).size }
  }

  it('tries again until it is delivered, with the same id and growing waits', async () => {
    const { outcome, attempts, slept, ids } = await run([later(), later(), delivered])
    expect([outcome, attempts, ids]).toEqual([delivered, 3, 1])
    expect(slept).toEqual([500, 1000])
  })

  it('waits as long as the receiver asks for', async () => {
    expect((await run([later(60_000), delivered])).slept).toEqual([60_000])
  })

  it('begins no wait that would outlast the deadline', async () => {
    const { outcome, attempts, slept } = await run([later(60_000), delivered], { budget: 30_000 })
    expect([outcome.kind, attempts, slept]).toEqual(['retry', 1, []])
  })

  it('outlasts a receiver that is away for a minute, and gives up after eight attempts', async () => {
    const { attempts, slept } = await run([later()])
    expect([attempts, slept]).toEqual([8, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]])
  })

  it('repeats no more often than the receiver puts up with', async () => {
    expect((await run([{ kind: 'retry', afterMs: 0, retries: 3, reason: 'busy' }])).attempts).toBe(4)
  })

  it('never repeats what is permanent', async () => {
    expect((await run([{ kind: 'permanent', reason: 'no' }])).attempts).toBe(1)
  })

  it('repeats an unknown outcome once where it may show twice, and freely where it may not', async () => {
    expect((await run([unknown])).attempts).toBe(2)
    expect((await run([unknown], { idempotent: true })).attempts).toBe(8)
  })

  it('takes a sink that throws for a permanent failure', async () => {
    const sink: Sink = {
      kind: 'test',
      label: 'broken',
      idempotent: false,
      send: () => Promise.reject(new Error('secret inside')),
    }
    const { attempt: _, ...one } = delivery()
    const deadline = { signal: new AbortController().signal, at: 1000 }
    const tried = await sendWithRetry(sink, one, deadline, { clock: fakeClock(), random: () => 0 })
    expect(tried).toEqual({ outcome: { kind: 'permanent', reason: 'defect: Error' }, attempts: 1 })
  })
})

describe('the dedup stage', () => {
  const dispatchTwice = async (outcome: Outcome, second: Diagnosis = blocked()) => {
    const { sink, sent } = scripted([outcome])
    const dispatcher = dispatcherOver([sink], { clock: fakeClock(), log: silentLog, random: () => 0 })
    await dispatcher.dispatch(blocked(), 1)
    const reports = await dispatcher.dispatch({ ...second, id: 'dx-2' }, 1)
    return { sent, last: reports[0]?.outcome }
  }

  it('says the same thing once', async () => {
    const { sent, last } = await dispatchTwice(delivered)
    expect([sent.length, last]).toEqual([1, 'suppressed'])
  })

  it('says it again where it was not delivered', async () => {
    expect((await dispatchTwice(later())).sent.length).toBe(2)
  })

  it('does not repeat what may have arrived', async () => {
    expect((await dispatchTwice(unknown)).last).toBe('suppressed')
  })

  it('says news at once', async () => {
    const recovered = diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] })
    expect((await dispatchTwice(delivered, recovered)).sent.length).toBe(2)
  })

  it('does not take times, ids and call counts for news', () => {
    const one = blocked()
    const same = {
      ...one,
      id: 'dx-other',
      createdAt: '2030-01-01T00:00:00Z',
      stats: { apiCalls: 99, durationMs: 1 },
    }
    expect(fingerprint(same)).toBe(fingerprint(one))
  })

  it('takes another verdict, cause, Dead backend, alarm state or unread fact for news', () => {
    const one = blocked()
    const [finding] = one.findings
    const others: Diagnosis[] = [
      { ...one, verdict: 'down' },
      { ...one, findings: [] },
      { ...one, findings: finding ? [{ ...finding, certainty: 'possible' }] : [] },
      { ...one, pools: [] },
      { ...one, gaps: [{ what: 'x', why: 'y', action: 'vpc:DescribeSubnets', errorCode: 'E' }] },
    ]
    const prints = others.map(fingerprint)
    expect(new Set([...prints, fingerprint(one)]).size).toBe(others.length + 1)
  })

  it('forgets after its window, and keeps a bounded number of keys', () => {
    let now = 0
    const record = createMemoryRecord({ now: () => now, sleep: async () => {} }, 1000)
    expect([record.claim('a'), record.claim('a')]).toEqual([true, false])
    now = 1000
    expect(record.claim('a')).toBe(true)
    for (let i = 0; i < 3000; i++) record.claim(`k${i}`)
    expect(record.claim('a')).toBe(true)
    expect(record.claim('k2999')).toBe(false)
  })
})

describe('the dispatcher', () => {
  it('reaches the others when one fails, and tells two bots of one host apart', async () => {
    const good = scripted([delivered])
    const alsoGood = scripted([delivered])
    const bad = scripted([{ kind: 'permanent', reason: 'no' }])
    const dispatcher = dispatcherOver([bad.sink, good.sink, alsoGood.sink], {
      clock: fakeClock(),
      log: silentLog,
      random: () => 0,
    })
    const reports = await dispatcher.dispatch(blocked(), 1000)
    expect(reports.map(({ outcome }) => outcome)).toEqual(['permanent', 'delivered', 'delivered'])
  })
})
