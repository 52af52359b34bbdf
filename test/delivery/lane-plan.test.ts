import { describe, expect, it } from 'vitest'
import { type Entry, type Group, groupsOf } from '../../src/delivery/lanes/entry.ts'
import { after } from '../../src/delivery/lanes/outcome.ts'
import { backoff, DAY_MS, FRESH, type LaneState, planOf, slotsOf } from '../../src/delivery/lanes/plan.ts'
import type { Outcome } from '../../src/delivery/receiver.ts'
import { REFUSED, UNKNOWN } from './lane-rig.ts'

const NOW = 1_000_000_000

const entry = (fields: Partial<Entry> = {}): Entry => ({
  about: 'in-1',
  news: ['first'],
  rank: 0,
  takenAt: NOW,
  deadline: NOW + 180_000,
  attempts: 0,
  unknowns: 0,
  state: 'waiting',
  ...fields,
})

/** One entry for each, due now. */
const groups = (...all: readonly Partial<Entry>[]): readonly Group[] =>
  groupsOf(all.map((fields, i) => ({ id: `e${i}`, at: NOW, version: i, entry: entry(fields) })))

const incidents = (count: number, fields: Partial<Entry> = {}): readonly Group[] =>
  groups(...Array.from({ length: count }, (_, i) => ({ about: `in-${i}`, ...fields })))

const away = (failures: number, nextAt = NOW): LaneState => ({
  ...FRESH,
  away: { since: NOW - 60_000, failures, nextAt },
})

const MINUTE = [{ most: 3, perMs: 60_000 }]

/** What the entries of the change are after an attempt. */
function putsAfter(
  outcome: Outcome,
  all: readonly Group[],
  more: Partial<Parameters<typeof after>[4]> = {},
  idempotent = false,
) {
  const ended = after({ name: 'a', receiver: { idempotent } }, all, FRESH, outcome, {
    attempts: 1,
    now: NOW,
    tookMs: 0,
    jitter: 0,
    ...more,
  })
  const puts = (ended.change.put ?? []).filter(({ collection }) => collection === 'outbox:a')
  return {
    ...ended,
    removed: (ended.change.remove ?? []).map(({ id }) => id),
    puts: puts.map(({ id, at, value }) => ({ id, wait: at - NOW, entry: JSON.parse(value) as Entry })),
  }
}

describe('the plan', () => {
  it('is the most urgent first, and of two the one that was taken first', () => {
    const plan = planOf(
      groups({ about: 'late', takenAt: NOW + 5 }, { about: 'calm', rank: 3 }, { about: 'early' }),
      FRESH,
      [],
      { now: NOW },
    )
    expect(plan).toMatchObject({ kind: 'send', why: null, groups: [{ about: 'early' }] })
  })

  it('joins the entries of one incident', () => {
    const [group, ...more] = groups({ rank: 4 }, { rank: 1, attempts: 2 })
    expect(more).toEqual([])
    expect(group).toMatchObject({ rank: 1, attempts: 2, entries: [{ id: 'e0' }, { id: 'e1' }] })
  })

  it('is one digest as soon as more is due than slots are left', () => {
    const plan = (count: number, sent: number) =>
      planOf(incidents(count), { ...FRESH, sentAt: Array(sent).fill(NOW - 1_000) }, MINUTE, { now: NOW })
    expect(plan(3, 0)).toMatchObject({ kind: 'send', why: null })
    expect(plan(1, 2)).toMatchObject({ kind: 'send', why: null })
    const digest = plan(5, 2)
    expect(digest).toMatchObject({ kind: 'send', why: 'limit' })
    expect(digest.kind === 'send' && digest.groups).toHaveLength(5)
  })

  it('holds no more than twelve incidents in a digest, and leaves room for the others', () => {
    const sizes: number[] = []
    let [waiting, sentAt] = [incidents(30), [] as readonly number[]]
    while (waiting.length > 0) {
      const plan = planOf(waiting, { ...FRESH, sentAt }, MINUTE, { now: NOW })
      if (plan.kind !== 'send') throw new Error(`the plan is to ${plan.kind}`)
      sizes.push(plan.groups.length)
      sentAt = [...sentAt, NOW]
      waiting = waiting.filter((one) => !plan.groups.includes(one))
    }
    expect(sizes).toEqual([12, 12, 6])
  })

  it('leaves more room for the others if a message of the receiver holds fewer', () => {
    const plan = (digestSize?: number) =>
      planOf(incidents(20), FRESH, [{ most: 4, perMs: 60_000 }], { now: NOW, digestSize })
    expect(plan()).toMatchObject({ kind: 'send', why: null })
    expect(plan(6)).toMatchObject({ kind: 'send', why: 'limit' })
  })

  it('waits for the time at which a window opens again', () => {
    const sentAt = [NOW - 50_000, NOW - 20_000, NOW - 10_000]
    expect(planOf(incidents(1), { ...FRESH, sentAt }, MINUTE, { now: NOW })).toEqual({
      kind: 'wait',
      until: NOW + 10_000,
    })
    expect(slotsOf(MINUTE, sentAt, NOW + 9_999).count).toBe(0)
    expect(slotsOf(MINUTE, sentAt, NOW + 10_000).count).toBe(1)
  })

  it('keeps every window: the narrowest decides', () => {
    const windows = [
      { most: 2, perMs: 1_000 },
      { most: 3, perMs: 60_000 },
    ]
    const sentAt = [NOW - 30_000, NOW - 100, NOW - 50]
    expect(slotsOf(windows, sentAt, NOW)).toEqual({ count: 0, nextAt: NOW + 30_000 })
    expect(slotsOf(windows, sentAt.slice(1), NOW)).toEqual({ count: 0, nextAt: NOW + 900 })
  })

  it('makes no digest for a receiver that keeps each incident by itself', () => {
    const plan = planOf(incidents(4, { state: 'missed' }), FRESH, MINUTE, { now: NOW, isSeparate: true })
    expect(plan.kind === 'send' && plan.groups).toHaveLength(1)
  })

  it('waits while the receiver is away, and then puts together what it missed', () => {
    expect(planOf(incidents(2), away(4, NOW + 7), [], { now: NOW })).toEqual({ kind: 'wait', until: NOW + 7 })
    expect(planOf(incidents(2), away(3, NOW + 7), [], { now: NOW })).toMatchObject({ kind: 'send' })
    expect(planOf(incidents(2, { state: 'missed' }), away(9), [], { now: NOW })).toMatchObject({
      kind: 'send',
      why: 'away',
      groups: [{ about: 'in-0' }, { about: 'in-1' }],
    })
  })

  it('sends nothing to a receiver that asked for silence', () => {
    const held = { ...FRESH, heldUntil: NOW + 5 }
    expect(planOf(incidents(2), held, [], { now: NOW })).toEqual({ kind: 'wait', until: NOW + 5 })
    expect(planOf(incidents(2), held, [], { now: NOW + 5 })).toMatchObject({ kind: 'send' })
  })

  it('drops what was missed for a day', () => {
    const old = { takenAt: NOW - DAY_MS, deadline: NOW - DAY_MS + 180_000 }
    const all = groups({ about: 'old', ...old, state: 'missed' }, { about: 'new' })
    expect(planOf(all, away(9), [], { now: NOW })).toMatchObject({
      kind: 'drop',
      groups: [{ about: 'old' }],
    })
    const almost = groups({ ...old, takenAt: old.takenAt + 1, state: 'missed' })
    expect(planOf(almost, away(9), [], { now: NOW })).toMatchObject({ kind: 'send' })
  })
})

describe('after an attempt', () => {
  it('the wait doubles from half a second up to 15 s, and the jitter takes away half of it at most', () => {
    expect([1, 2, 3, 5, 6, 99].map((attempts) => backoff(attempts, 0))).toEqual([
      250, 500, 1_000, 4_000, 7_500, 7_500,
    ])
    expect(backoff(99, 0.999)).toBeGreaterThan(14_900)
  })

  it('a message whose outcome is unknown twice ends as unknown, and waits for a sign of its receiver', () => {
    expect(putsAfter(UNKNOWN, groups({})).puts).toMatchObject([{ entry: { unknowns: 1, state: 'waiting' } }])
    expect(putsAfter(UNKNOWN, groups({ unknowns: 1 }))).toMatchObject({
      removed: [],
      puts: [{ entry: { unknowns: 2, state: 'missed' }, wait: DAY_MS }],
      reports: [{ outcome: 'unknown' }],
    })
  })

  it('a receiver that hangs gets the one repeat a minute later, unless it knows a repeat', () => {
    const waitAfter = (tookMs: number, idempotent = false) =>
      putsAfter(UNKNOWN, groups({}), { tookMs }, idempotent).puts[0]?.wait
    expect(waitAfter(8_000)).toBe(60_000)
    expect(waitAfter(200)).toBe(250)
    expect(waitAfter(8_000, true)).toBe(250)
  })

  it('of a digest whose outcome is unknown, only what was unknown before ends', () => {
    const digest = groups({ about: 'twice', unknowns: 1 }, { about: 'once' })
    const ended = putsAfter(UNKNOWN, digest)
    expect(ended.removed).toEqual([])
    expect(ended.puts).toMatchObject([
      { id: 'e0', entry: { about: 'twice', unknowns: 2, state: 'missed' } },
      { id: 'e1', entry: { about: 'once', unknowns: 1, state: 'waiting' } },
    ])
    expect(ended.reports.map(({ about, outcome }) => [about, outcome])).toEqual([
      ['twice', 'unknown'],
      ['once', 'waiting'],
    ])
  })

  it('an attempt that was cut off counts as unknown from then on', () => {
    const [put] = putsAfter(REFUSED, groups({ state: 'sending', attempts: 1 }), { attempts: 2 }).puts
    expect(put?.entry).toMatchObject({ unknowns: 1, state: 'waiting' })
  })

  it('the wait that the receiver asks for is kept, up to the last ms', () => {
    const limit = putsAfter({ kind: 'retry', afterMs: 59_999.5, reason: 'HTTP 429' }, groups({}))
    expect(limit.puts).toMatchObject([{ wait: 60_000, entry: { state: 'waiting' } }])
  })

  it('a limit does not make a missed message one that waits, nor one that is a day old live on', () => {
    const limit: Outcome = { kind: 'retry', afterMs: 60_000, reason: 'HTTP 429' }
    expect(putsAfter(limit, groups({ state: 'missed' })).puts).toMatchObject([{ entry: { state: 'missed' } }])
    const old = groups({ takenAt: NOW - DAY_MS, deadline: NOW - DAY_MS + 180_000 })
    expect(putsAfter(limit, old).puts).toMatchObject([{ entry: { state: 'missed' } }])
  })

  it('a receiver that counts its retries is tried each half minute after the last one', () => {
    const busy: Outcome = { kind: 'retry', afterMs: 0, retries: 3, reason: 'busy' }
    expect(putsAfter(busy, groups({}), { attempts: 3 }).puts).toMatchObject([{ wait: 1_000 }])
    expect(putsAfter(busy, groups({}), { attempts: 4 }).puts).toMatchObject([{ wait: 30_000 }])
  })

  it('the last attempt of a message of its own comes at its deadline', () => {
    const soon = groups({ deadline: NOW + 100 })
    expect(putsAfter(REFUSED, soon).puts).toMatchObject([{ wait: 100, entry: { state: 'waiting' } }])
    const late = groups({ deadline: NOW })
    expect(putsAfter(REFUSED, late).puts).toMatchObject([{ wait: 250, entry: { state: 'missed' } }])
  })
})
