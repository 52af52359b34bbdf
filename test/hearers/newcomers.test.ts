import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/delivery/receiver.ts'
import type { Route } from '../../src/model/routing.ts'
import { MINUTE, routedWorld, SECOND, START } from './routed.ts'

// A receiver that nobody told of an incident hears its first message soon after a route named it.

const to = (match: Route['match'], ...names: readonly string[]): Route => ({
  match,
  to: names,
  continue: false,
})
const BY_TEAM = {
  routes: [to({ tag: { team: ['a'] } }, 'a-1'), to({ tag: { team: ['b'] } }, 'b-2')],
  default: [],
}
const DELIVERED: Outcome = { kind: 'delivered' }
const [a1, a2] = [
  { id: 'lb-aaaaaaa1', team: 'a' },
  { id: 'lb-aaaaaaa2', team: 'a' },
]
const b = { id: 'lb-bbbbbbb1', team: 'b' }
const PART = { cause: 1, isDown: false }
const DOWN = { cause: 1, isDown: true }

function world(routing = BY_TEAM, b: Outcome = DELIVERED) {
  const own = routedWorld({ routing, receivers: { a: DELIVERED, b } })
  const at = (ms: number) => own.passes(START + ms - own.now())
  const told = (receiver: string) =>
    own.heard
      .filter((one) => one.receiver === receiver)
      .map((one) => [(one.at - START) / SECOND, one.notice.news.join(), one.notice.incident.state])
  return { ...own, at, told }
}

/** Two CLBs of one team are told, then one of the other team joins. */
async function joined(own = world(), trouble = PART) {
  await own.look(a1, PART, true)
  await own.at(SECOND)
  await own.look(a2, PART, true)
  await own.at(40 * SECOND)
  await own.look(b, trouble, true)
  return own
}

describe('a receiver whose CLB joins an incident', () => {
  it('hears of it at once, and of its end, and the others hear no more than before', async () => {
    const own = await joined()
    await own.at(3 * MINUTE)
    await own.look(b, null, false)
    await own.at(20 * MINUTE)
    await own.look(a1, null, false)
    await own.look(a2, null, false)
    expect(own.told('b-2')).toEqual([
      [40, 'first', 'updated'],
      [1200, 'recovered', 'recovered'],
    ])
    expect(own.told('a-1')).toEqual([
      [0, 'first', 'open'],
      [30, 'another CLB', 'updated'],
      [330, 'another CLB', 'updated'],
      [1200, 'recovered', 'recovered'],
    ])
  })

  it('waits for other alarms, 5 seconds at most', async () => {
    const own = world()
    await own.look(a1, PART, true)
    await own.at(SECOND)
    await own.look(a2, PART, true)
    await own.at(40 * SECOND)
    await own.others(true)
    await own.look(b, PART, true)
    await own.at(60 * SECOND)
    expect(own.told('b-2')).toEqual([[45, 'first', 'updated']])
  })

  it('hears of it also if all recovers within the wait', async () => {
    const own = world()
    await own.look(a1, PART, true)
    await own.at(40 * SECOND)
    await own.others(true)
    await own.look(a2, PART, true)
    await own.at(100 * SECOND)
    await own.look(b, PART, true)
    await own.at(102 * SECOND)
    for (const clb of [b, a1, a2]) await own.look(clb, null, false)
    await own.at(10 * MINUTE)
    expect(own.told('b-2')).toEqual([[102, 'first', 'recovered']])
  })

  it('hears its first message in spite of a silence, and nothing after it that the silence holds back', async () => {
    const own = world()
    const [incident] = await own.look(a1, PART, true)
    await own.silence(incident?.id ?? '', 4)
    await own.at(5 * MINUTE)
    await own.look(b, PART, true)
    await own.at(3 * 60 * MINUTE)
    expect(own.told('b-2')).toEqual([[300, 'first', 'open']])
    expect(own.told('a-1')).toEqual([[0, 'first', 'open']])
  })

  it('and all others hear of its outage in spite of a silence', async () => {
    const own = world()
    const [incident] = await own.look(a1, PART, true)
    await own.silence(incident?.id ?? '', 24)
    await own.at(MINUTE)
    await own.look(b, DOWN, true)
    await own.at(60 * MINUTE)
    expect(own.told('b-2')).toEqual([[60, 'first', 'updated']])
    expect(own.told('a-1')).toEqual([
      [0, 'first', 'open'],
      [60, 'another CLB', 'updated'],
    ])
  })

  it('hears of what changed since its own first message', async () => {
    const own = await joined()
    await own.at(2 * MINUTE)
    await own.look(b, { cause: 2, isDown: false }, true)
    await own.look(a1, DOWN, true)
    await own.at(10 * MINUTE)
    expect(own.told('b-2').map(([, news]) => news)).toEqual(['first', 'worse'])
  })

  it('that refuses it stands in the incident with the reason', async () => {
    const own = await joined(world(BY_TEAM, { kind: 'permanent', reason: 'HTTP 404' }))
    await own.at(10 * MINUTE)
    const [incident] = await own.incidents()
    expect(incident?.deliveries.filter(({ receiver }) => receiver === 'b-2')).toMatchObject([
      { reason: 'first', outcome: 'permanent', why: 'HTTP 404' },
    ])
  })
})

describe('a receiver that a route names for an attention', () => {
  const BY_ATTENTION = {
    routes: [{ match: { attention: ['act-now'] }, to: ['b-2'], continue: true }, ...BY_TEAM.routes],
    default: [],
  }

  it('hears of a CLB that was so within the wait of the first message', async () => {
    const own = world(BY_ATTENTION)
    await own.others(true)
    await own.look(a1, DOWN, true)
    await own.at(2 * SECOND)
    await own.look(a1, PART, true)
    await own.at(MINUTE)
    expect(own.told('b-2')).toEqual([[5, 'first', 'open']])
  })

  it('is not replaced by the receivers of a healthy CLB if that recovers within the wait', async () => {
    const own = world({
      ...BY_ATTENTION,
      routes: BY_ATTENTION.routes.slice(0, 1),
      default: ['a-1'],
    } as typeof BY_TEAM)
    await own.others(true)
    await own.look(b, DOWN, true)
    await own.at(2 * SECOND)
    await own.look(b, null, false)
    await own.at(MINUTE)
    expect(own.told('b-2')).toEqual([[5, 'first', 'recovered']])
  })
})
