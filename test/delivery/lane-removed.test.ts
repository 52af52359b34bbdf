import { describe, expect, it } from 'vitest'
import { logged } from '../http/support.ts'
import { DELIVERED, laneRig, REFUSED } from './lane-rig.ts'

// A receiver is removed from the configuration, or gets another name, while something waits for it.

const HOUR = 3_600_000
const inTime = () => false
const well = { answer: () => DELIVERED }
const away = { answer: () => REFUSED }

/** A process with the receiver `old`, which does not answer, and one that starts after it without that receiver. */
function processes() {
  const before = laneRig({ old: away, well })
  const { log, lines } = logged()
  const after = laneRig({ new: well, well }, { store: before.store, clock: before.clock, log, holder: 'two' })
  return { before, after, lines, clock: before.clock, store: before.store }
}

describe('what waits for a receiver that is gone', () => {
  it('is dropped by name after a day, and nothing of the receiver is left after another one', async () => {
    const { before, after, lines, clock, store } = processes()
    await before.tell('old', 'in-1')
    await before.run(1_000)
    await before.tell('old', 'in-2', { takenAt: clock.now() + 2 * HOUR })
    await clock.advance(23 * HOUR)
    await after.lanes.dropRemoved(inTime)
    expect([(await after.kept('old')).length, after.reports]).toEqual([2, []])

    await clock.advance(HOUR)
    await after.lanes.dropRemoved(inTime)
    const dropped = { receiver: 'old', outcome: 'dropped', why: 'no receiver has this name any more' }
    expect(after.reports).toMatchObject([{ ...dropped, about: 'in-1', news: ['first'] }])
    expect(lines).toEqual([
      'error message dropped: no receiver has this name any more {"receiver":"old","about":"in-1","news":["first"]}',
    ])
    expect((await after.kept('old')).map(({ about }) => about)).toEqual(['in-2'])

    await clock.advance(3 * HOUR)
    for (const _ of [1, 2]) await after.lanes.dropRemoved(inTime)
    expect(after.ended()).toEqual({ 'in-1': 'dropped', 'in-2': 'dropped' })
    expect(await after.kept('old')).toEqual([])
    expect((await store.list('lanes', { limit: 9 })).map(({ id }) => id).toSorted()).toEqual(['new', 'well'])
  })

  it('is found, too, if the receiver was never tried', async () => {
    const { before, after, clock } = processes()
    await before.lanes.dropRemoved(inTime)
    await before.tell('old', 'in-1')
    await clock.advance(25 * HOUR)
    await after.lanes.dropRemoved(inTime)
    expect(after.ended()).toEqual({ 'in-1': 'dropped' })
  })

  it('stays while another instance still has the receiver, and while there is no time', async () => {
    const { before, after, clock, store } = processes()
    await before.tell('old', 'in-1')
    await before.run(1_000)
    await clock.advance(25 * HOUR)
    await store.claim('lane:old', 'one', 15_000)
    await after.lanes.dropRemoved(inTime)
    await store.release('lane:old', 'one')
    await after.lanes.dropRemoved(() => true)
    expect((await after.kept('old')).length).toBe(1)
    await after.lanes.dropRemoved(inTime)
    expect((await after.kept('old')).length).toBe(0)
  })

  it('leaves alone what waits for a receiver that is there', async () => {
    const { before, clock } = processes()
    await before.tell('old', 'in-1')
    await clock.advance(25 * HOUR)
    await before.lanes.dropRemoved(inTime)
    expect((await before.kept('old')).length).toBe(1)
    expect(before.reports).toEqual([])
  })

  it('is dropped whole, however much it is', async () => {
    const { before, after, clock } = processes()
    await before.lanes.dropRemoved(inTime)
    for (let n = 0; n < 1_100; n++) await before.tell('old', `in-${n}`)
    await clock.advance(24 * HOUR)
    await after.lanes.dropRemoved(inTime)
    expect([after.reports.length, (await after.kept('old')).length]).toEqual([1_100, 0])
  })
})
