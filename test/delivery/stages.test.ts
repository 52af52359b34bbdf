import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { dispatcherOver } from '../../src/delivery/dispatch.ts'
import type { Delivery, Outcome, Receiver } from '../../src/delivery/receiver.ts'
import { createMemoryRecord, fingerprint } from '../../src/delivery/stages/dedup.ts'
import { sendWithRetry } from '../../src/delivery/stages/retry.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { silentLog } from '../../src/model/log.ts'
import { isDiagnosis } from '../../src/model/message.ts'
import { sample } from '../alarms/samples.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf } from '../support/snapshots.ts'
import { delivery, fakeClock } from './contract.ts'
import { blocked } from './diagnoses.ts'

/** A receiver that gives the outcomes in order and then repeats the last one. */
function scripted(outcomes: readonly Outcome[], idempotent = false) {
  const sent: Delivery[] = []
  const receiver: Receiver = {
    kind: 'test',
    label: 'test receiver',
    idempotent,
    async send(one) {
      sent.push(one)
      return outcomes[Math.min(sent.length, outcomes.length) - 1] ?? { kind: 'delivered' }
    },
  }
  return { receiver, sent }
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
    const { receiver, sent } = scripted(outcomes, options.idempotent)
    const { attempt: _, ...one } = delivery()
    const deadline = { signal: new AbortController().signal, at: options.budget ?? 600_000 }
    const tried = await sendWithRetry(receiver, one, deadline, { clock, random: () => 1 })
    return { ...tried, slept: clock.slept, ids: new Set(sent.map(({ id }) => id)).size }
  }

  it('tries again with the same id and longer waits until the message is delivered', async () => {
    const { outcome, attempts, slept, ids } = await run([later(), later(), delivered])
    expect([outcome, attempts, ids]).toEqual([delivered, 3, 1])
    expect(slept).toEqual([500, 1000])
  })

  it('waits as long as the receiver asks', async () => {
    expect((await run([later(60_000), delivered])).slept).toEqual([60_000])
  })

  it('does not start a wait that ends after the deadline', async () => {
    const { outcome, attempts, slept } = await run([later(60_000), delivered], { budget: 30_000 })
    expect([outcome.kind, attempts, slept]).toEqual(['retry', 1, []])
  })

  it('gives up after eight attempts, which take about a minute', async () => {
    const { attempts, slept } = await run([later()])
    expect([attempts, slept]).toEqual([8, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]])
  })

  it('repeats at most as often as the outcome allows', async () => {
    expect((await run([{ kind: 'retry', afterMs: 0, retries: 3, reason: 'busy' }])).attempts).toBe(4)
  })

  it('never repeats after a permanent failure', async () => {
    expect((await run([{ kind: 'permanent', reason: 'no' }])).attempts).toBe(1)
  })

  it('repeats after an unknown outcome once, and up to eight attempts if the receiver is idempotent', async () => {
    expect((await run([unknown])).attempts).toBe(2)
    expect((await run([unknown], { idempotent: true })).attempts).toBe(8)
  })

  it('reports a receiver that throws as a permanent failure, without the message of the error', async () => {
    const receiver: Receiver = {
      kind: 'test',
      label: 'broken',
      idempotent: false,
      send: () => Promise.reject(new Error('secret inside')),
    }
    const { attempt: _, ...one } = delivery()
    const deadline = { signal: new AbortController().signal, at: 1000 }
    const tried = await sendWithRetry(receiver, one, deadline, { clock: fakeClock(), random: () => 0 })
    expect(tried).toEqual({ outcome: { kind: 'permanent', reason: 'defect: Error' }, attempts: 1 })
  })
})

type AlarmState = Alarm['state']

function alarmed({ state = 'firing', vip = '203.0.113.26' }: { state?: AlarmState; vip?: string }) {
  const [alarm] = parseAlarm(sample('metric-l7-listener')).alarms
  if (!alarm) throw new Error('no alarm')
  return {
    source: 'cloud-monitor' as const,
    alarm: { ...alarm, state, clb: { ...alarm.clb, loadBalancerId: null, vip } },
  }
}

describe('the dedup stage', () => {
  const dispatchTwice = async (outcome: Outcome, second: Diagnosis = blocked(), idempotent = false) => {
    const { receiver, sent } = scripted([outcome], idempotent)
    const dispatcher = dispatcherOver([receiver], { clock: fakeClock(), log: silentLog, random: () => 0 })
    await dispatcher.dispatch(blocked(), 1)
    const reports = await dispatcher.dispatch({ ...second, id: 'dx-2' }, 1)
    return { sent, last: reports[0]?.outcome }
  }

  it('sends the same diagnosis once', async () => {
    const { sent, last } = await dispatchTwice(delivered)
    expect([sent.length, last]).toEqual([1, 'suppressed'])
  })

  it('sends it again if it was not delivered', async () => {
    expect((await dispatchTwice(later())).sent.length).toBe(2)
  })

  it('sends it again after an unknown outcome only if the receiver is idempotent', async () => {
    expect((await dispatchTwice(unknown)).last).toBe('suppressed')
    expect((await dispatchTwice(unknown, blocked(), true)).last).toBe('unknown')
  })

  it('sends a second incident after the message of the recovery from the first', async () => {
    const { receiver, sent } = scripted([delivered])
    const dispatcher = dispatcherOver([receiver], { clock: fakeClock(), log: silentLog, random: () => 0 })
    for (const state of ['firing', 'firing', 'resolved', 'firing', 'firing'] as const)
      await dispatcher.dispatch({ ...blocked(), trigger: alarmed({ state }) }, 1000)
    expect(sent.map(({ message }) => isDiagnosis(message) && message.trigger.alarm?.state)).toEqual([
      'firing',
      'resolved',
      'firing',
    ])
  })

  it('separates two unreadable CLBs by the VIPs of their alarms', async () => {
    const { receiver, sent } = scripted([delivered])
    const dispatcher = dispatcherOver([receiver], { clock: fakeClock(), log: silentLog, random: () => 0 })
    for (const vip of ['203.0.113.26', '203.0.113.27', '203.0.113.26'])
      await dispatcher.dispatch(
        { ...blocked(), loadBalancer: null, checks: [], trigger: alarmed({ vip }) },
        1000,
      )
    expect(new Set(sent.map(({ threadId }) => threadId)).size).toBe(2)
    expect(sent).toHaveLength(2)
  })

  it('also separates them by the region of their alarms, even if it is unknown', async () => {
    const { receiver, sent } = scripted([delivered])
    const dispatcher = dispatcherOver([receiver], { clock: fakeClock(), log: silentLog, random: () => 0 })
    for (const unknownRegion of ['moon', 'mars', 'moon', 'mars']) {
      const { source, alarm } = alarmed({})
      const trigger = { source, alarm: { ...alarm, region: null, unknownRegion } }
      const headline = `There is no region ${unknownRegion}.`
      await dispatcher.dispatch({ ...blocked(), loadBalancer: null, checks: [], headline, trigger }, 1000)
    }
    expect(sent).toHaveLength(2)
  })

  it('sends a changed diagnosis at once', async () => {
    const recovered = diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] })
    expect((await dispatchTwice(delivered, recovered)).sent.length).toBe(2)
  })

  it('does not count new times, ids and call counts as a change', () => {
    const one = blocked()
    const same = {
      ...one,
      id: 'dx-other',
      createdAt: '2030-01-01T00:00:00Z',
      stats: { apiCalls: 99, durationMs: 1 },
    }
    expect(fingerprint(same)).toBe(fingerprint(one))
  })

  it('counts another verdict, finding, certainty, pool or gap as a change', () => {
    const one = blocked()
    const finding = findingOf(one, 'security-group/probe-blocked')
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

  it('counts it as a change that the backends flap, and once', () => {
    const healthy = diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] })
    const { source, alarm } = alarmed({})
    const trigger = { source, alarm: { ...alarm, subject: 'UnhealthRsCount' } }
    const [one, two, three] = [1, 2, 3].map((firings) =>
      fingerprint({ ...healthy, trigger, recent: { minutes: 9, firings } }),
    )
    expect(two).not.toBe(one)
    expect(three).toBe(two)
    const dead = (firings: number) => fingerprint({ ...blocked(), trigger, recent: { minutes: 9, firings } })
    expect(dead(2)).toBe(dead(1))
  })

  it('counts an accepted cause as a change, but not a later end of its entry', () => {
    const one = blocked()
    const as = (until: string): string => {
      const by = { role: 'cause', resource: 'sg-closed', reason: 'drained', until } as const
      const findings = one.findings.map((found) =>
        found.role === 'cause' ? { ...found, role: 'note' as const, accepted: by } : found,
      )
      return fingerprint({ ...one, findings })
    }
    expect(as('2026-12-31')).toBe(as('2027-12-31'))
    expect(new Set([as('2026-12-31'), fingerprint(one), fingerprint({ ...one, findings: [] })]).size).toBe(3)
  })

  it('forgets after its time window, and keeps a limited number of subjects', () => {
    let now = 0
    const record = createMemoryRecord({ now: () => now, sleep: async () => {} }, 1000)
    expect([record.claim('a', 'x'), record.claim('a', 'x')]).toEqual([true, false])
    now = 1000
    expect(record.claim('a', 'x')).toBe(true)
    for (let i = 0; i < 3000; i++) record.claim(`k${i}`, 'x')
    expect(record.claim('a', 'x')).toBe(true)
    expect(record.claim('k2999', 'x')).toBe(false)
  })

  it('releases only its own claim', () => {
    const record = createMemoryRecord(fakeClock())
    record.claim('a', 'firing')
    record.claim('a', 'recovered')
    record.settle('a', 'firing', false)
    expect(record.claim('a', 'recovered')).toBe(false)
  })
})

describe('the dispatcher', () => {
  it('delivers to the others if one receiver fails, even if two receivers have the same label', async () => {
    const good = scripted([delivered])
    const alsoGood = scripted([delivered])
    const bad = scripted([{ kind: 'permanent', reason: 'no' }])
    const dispatcher = dispatcherOver([bad.receiver, good.receiver, alsoGood.receiver], {
      clock: fakeClock(),
      log: silentLog,
      random: () => 0,
    })
    const reports = await dispatcher.dispatch(blocked(), 1000)
    expect(reports.map(({ outcome }) => outcome)).toEqual(['permanent', 'delivered', 'delivered'])
  })

  it('queues the messages of a slow receiver, and does not delay another receiver', async () => {
    const started: string[] = []
    const arrived: string[] = []
    const releases: (() => void)[] = []
    const receiver = (label: string, send: Receiver['send']): Receiver => ({
      kind: 'test',
      label,
      idempotent: false,
      send,
    })
    const stuck = receiver('stuck', async ({ message }) => {
      started.push(message.id)
      await new Promise<void>((resolve) => releases.push(resolve))
      return delivered
    })
    const free = receiver('free', async ({ message }) => {
      arrived.push(message.id)
      return delivered
    })
    const dispatcher = dispatcherOver([stuck, free], {
      clock: fakeClock(),
      log: silentLog,
      random: () => 0,
      abreast: 2,
    })
    const ids = ['dx-1', 'dx-2', 'dx-3', 'dx-4']
    const all = ids.map((id) =>
      dispatcher.dispatch({ ...blocked(), id, loadBalancer: { id, region: 'r', vips: [] } }, 60_000),
    )
    await expect.poll(() => arrived).toEqual(ids)
    expect(started).toEqual(['dx-1', 'dx-2'])
    const rest = setInterval(() => releases.shift()?.(), 1)
    await Promise.all(all)
    clearInterval(rest)
    expect(started).toEqual(ids)
  })
})
