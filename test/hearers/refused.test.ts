import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/delivery/receiver.ts'
import { viewOf } from '../../src/incidents/index.ts'
import type { Routing } from '../../src/model/routing.ts'
import { MINUTE, routedWorld, SECOND } from './routed.ts'

// What none of the receivers of an incident takes goes to the default, or to the others.

const REFUSED: Outcome = { kind: 'permanent', reason: 'no_service' }
const DELIVERED: Outcome = { kind: 'delivered' }
const clb = (n: number) => ({ id: `lb-aaaaaaa${n}`, team: 'a' })
const DOWN = (cause: number) => ({ cause, isDown: true })

const routing = (named: readonly string[] | null, ...to: readonly string[]): Routing => ({
  routes: [{ match: { attention: ['act-now', 'act-soon'] }, to, continue: false }],
  default: named,
})

async function incidentOf(receivers: Readonly<Record<string, Outcome>>, routes: Routing) {
  const own = routedWorld({ routing: routes, receivers })
  await own.look(clb(1), DOWN(1), true)
  await own.passes(10 * SECOND)
  const told = () => own.heard.map(({ receiver, notice }) => [receiver, notice.news.join()])
  return { ...own, told }
}

describe('an incident that its receivers refuse for good', () => {
  it('is told to the default, each time, and the default hears of its end', async () => {
    const own = await incidentOf(
      { slack: REFUSED, app: DELIVERED, other: DELIVERED },
      routing(['app-2'], 'slack-1'),
    )
    expect(own.told()).toEqual([['app-2', 'first']])
    expect(own.heard[0]?.notice.lead.loadBalancer?.id).toBe(clb(1).id)
    await own.look(clb(2), DOWN(2), true)
    await own.passes(MINUTE)
    expect(own.told().slice(1)).toEqual([['app-2', 'first']])
    await own.look(clb(1), null, false)
    await own.passes(MINUTE)
    expect(own.told().slice(2)).toEqual([['app-2', 'recovered']])
    const [first] = await own.incidents()
    expect(first?.deliveries.map(({ receiver, outcome }) => [receiver, outcome])).toEqual([
      ['slack-1', 'permanent'],
      ['app-2', 'delivered'],
      ['slack-1', 'permanent'],
      ['app-2', 'delivered'],
    ])
  })

  it.each([
    ['there is no default', null],
    ['the refuser is the whole default', ['slack-1']],
    ['the default is empty', []],
  ])('is told to each other receiver if %s', async (_, named) => {
    const own = await incidentOf(
      { slack: REFUSED, app: DELIVERED, other: DELIVERED },
      routing(named, 'slack-1'),
    )
    expect(own.told().sort()).toEqual([
      ['app-2', 'first'],
      ['other-3', 'first'],
    ])
  })

  it('is told to the others if the default refuses it as well', async () => {
    const own = await incidentOf(
      { slack: REFUSED, app: REFUSED, other: DELIVERED },
      routing(['app-2'], 'slack-1'),
    )
    await own.passes(MINUTE)
    expect(own.told()).toEqual([['other-3', 'first']])
  })

  it('ends by name if all refuse it, and each was asked once', async () => {
    const own = await incidentOf({ slack: REFUSED, app: REFUSED }, routing(['app-2'], 'slack-1'))
    await own.passes(10 * MINUTE)
    const [incident] = await own.incidents()
    expect(incident?.deliveries.map(({ receiver, outcome }) => [receiver, outcome])).toEqual([
      ['slack-1', 'permanent'],
      ['app-2', 'permanent'],
    ])
    expect(own.logged.filter((text) => text.includes('no receiver takes'))).toHaveLength(1)
  })

  it('goes nowhere else if one of its receivers has it', async () => {
    const own = await incidentOf(
      { slack: REFUSED, app: DELIVERED, other: DELIVERED },
      routing(['other-3'], 'slack-1', 'app-2'),
    )
    await own.passes(MINUTE)
    expect(own.told()).toEqual([['app-2', 'first']])
  })
})

it('an incident shows why a message to a receiver still waits', async () => {
  const failing: Outcome = { kind: 'retry', afterMs: 0, reason: 'HTTP 500' }
  const own = await incidentOf({ team: failing }, routing(null, 'team-1'))
  await own.passes(MINUTE)
  const [incident] = await own.incidents()
  if (!incident) throw new Error('no incident')
  expect(viewOf(incident, 0).deliveries).toMatchObject([
    { receiver: 'team-1', reason: 'first', outcome: 'retry', why: 'HTTP 500' },
  ])
})
