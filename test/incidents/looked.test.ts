import { describe, expect, it } from 'vitest'
import { type Happening, HOUR, MINUTE, played, SECOND, type Way, type World } from './histories.ts'

// Histories that went wrong once, each with its rule.

const alarm = (clb: number, cause: number | null, way: Way = 'id', dead = 1): Happening => ({
  kind: 'alarm',
  clb,
  way,
  health: { dead, isEmpty: false, cause, isFlapping: false },
})
const flapping = (clb: number): Happening => ({
  kind: 'alarm',
  clb,
  way: 'id',
  health: { dead: 1, isEmpty: false, cause: 0, isFlapping: true },
})
const recovery = (clb: number, way: Way = 'id'): Happening => ({ kind: 'recovery', clb, way, health: null })
const wait = (ms: number): Happening => ({ kind: 'time', ms, way: 'id' })

const open = ({ incidents }: World) => [...incidents.values()].filter(({ closedAt }) => closedAt === null)
/** The CLBs of each open incident. */
const clbsOf = (world: World): readonly string[] =>
  open(world).map(({ parts }) => parts.map(({ id }) => id).join(' '))
const told = ({ tellings }: World): readonly string[] => tellings.map(({ news }) => news.join(', '))

/** What was told, with the seconds since the first message. */
const tellings = (history: readonly Happening[]) => {
  const { tellings: all } = played(history)
  return all.map(({ at, news }) => [(at - (all[0]?.at ?? 0)) / SECOND, news.join(', ')])
}

describe('a CLB keeps its incident', () => {
  const apart = [alarm(0, 0), wait(16 * MINUTE), alarm(1, 0)]

  it('if another one with its cause came too late to join', () => {
    const world = played([...apart, alarm(0, 0), alarm(1, 0), alarm(0, 0), alarm(1, 0)])
    expect(clbsOf(world)).toEqual(['lb-0', 'lb-1'])
  })

  it('if a look between them found nothing', () => {
    const world = played([
      ...apart,
      alarm(0, 0, 'id, not found'),
      alarm(0, 0),
      alarm(0, 0, 'unread'),
      alarm(0, 0),
    ])
    expect(clbsOf(world)).toEqual(['lb-0', 'lb-1'])
  })

  it('until its cause becomes one that others share', () => {
    expect(clbsOf(played([alarm(0, 0), alarm(1, 1), alarm(1, 2)]))).toEqual(['lb-0', 'lb-1'])
    expect(clbsOf(played([alarm(0, 0), alarm(1, 1), alarm(1, 0)]))).toEqual(['lb-1 lb-0'])
  })
})

describe('a CLB with several names', () => {
  it('is one part, if it is found only later', () => {
    const world = played([alarm(0, 0, 'address, not found'), wait(MINUTE), alarm(0, 0, 'address')])
    expect(clbsOf(world)).toEqual(['lb-0'])
    expect(told(world)).toEqual(['first', 'worse, changed'])
  })

  it('is one part in the older incident, if each name had one', () => {
    const world = played([
      alarm(0, 0),
      wait(MINUTE),
      alarm(0, null, 'address, not found'),
      alarm(0, 0, 'address'),
    ])
    expect(clbsOf(world)).toEqual(['lb-0'])
    expect([...world.incidents.values()].map(({ id, mergedInto }) => [id, mergedInto])).toEqual([
      ['in-0', null],
      ['in-1', 'in-0'],
    ])
  })

  it('is found by each of them after it has moved', () => {
    const world = played([
      alarm(0, 0, 'address'),
      alarm(1, 0),
      alarm(2, 1),
      alarm(0, 1),
      alarm(0, null, 'address, not found'),
    ])
    expect(clbsOf(world)).toEqual(['lb-1', 'lb-2 lb-0'])
  })
})

describe('a look that finds nothing', () => {
  it('keeps what is known, and says of it only that it cannot be read', () => {
    const unread: Happening = { kind: 'time', ms: 5 * MINUTE, way: 'unread' }
    const world = played([
      alarm(0, 0, 'address', 3),
      wait(MINUTE),
      alarm(0, 0, 'address, not found', 3),
      unread,
    ])
    const [part] = open(world)[0]?.parts ?? []
    expect(part).toMatchObject({
      id: 'lb-0',
      isFound: true,
      backends: { dead: 3 },
      cause: { resource: 'sg-0' },
    })
    expect(told(world)).toEqual(['first', 'changed', 'changed'])
  })

  it('does not say that trouble is over, nor that it came back', () => {
    const over = [alarm(0, 0, 'address'), wait(MINUTE), recovery(0, 'address, not found')]
    expect(tellings(over)).toEqual([
      [0, 'first'],
      [120, 'recovered'],
    ])
    const twice = [
      alarm(0, 0, 'address'),
      wait(MINUTE),
      recovery(0),
      wait(MINUTE),
      recovery(0, 'address, not found'),
    ]
    expect(told(played(twice))).toEqual(['first', 'recovered'])
  })
})

describe('a CLB that does not exist any more', () => {
  const over = (way: Way) => [alarm(0, 0), wait(HOUR), recovery(0, way), wait(HOUR)]

  it.each(['id, absent', 'address, absent'] as const)('has recovered if its sender says so: %s', (way) => {
    const history = way === 'id, absent' ? over(way) : [alarm(0, 0, 'address'), ...over(way)]
    const world = played(history)
    expect(told(world)).toEqual(['first', 'recovered'])
    const [incident] = world.incidents.values()
    expect(incident?.parts).toMatchObject([{ id: 'lb-0', absent: 'gone', attention: 'none', name: 'clb 0' }])
    expect(incident?.state).toBe('closed')
  })

  it('is in trouble while its alarm fires, and in it again if that fires later', () => {
    expect(open(played([alarm(0, 0), alarm(0, 0, 'id, absent')]))).toMatchObject([
      { parts: [{ wellAt: null, absent: 'gone', attention: 'act-soon' }] },
    ])
    const again = played([alarm(0, 0), recovery(0, 'id, absent'), wait(MINUTE), alarm(0, 0, 'id, absent')])
    expect(told(again)).toEqual(['first', 'recovered', expect.stringMatching(/^reopened/)])
  })

  it('ends no trouble of the CLBs beside it', () => {
    const world = played([alarm(0, 0), alarm(1, 0), wait(MINUTE), recovery(1, 'id, absent'), wait(HOUR)])
    expect(open(world)).toMatchObject([{ state: 'updated', parts: [{ wellAt: null }, { absent: 'gone' }] }])
    expect(told(world)).not.toContain('recovered')
  })
})

describe('what joins soon after the first message', () => {
  it('is told once, 30 s after it', () => {
    const history = [alarm(0, 0), wait(12 * SECOND), alarm(1, 0), alarm(2, 0), wait(30 * SECOND)]
    expect(tellings(history)).toEqual([
      [0, 'first'],
      [30, 'another CLB'],
    ])
  })

  it('is told then also if other news was told before', () => {
    const history = [alarm(0, 0), wait(SECOND), flapping(0), wait(12 * SECOND), alarm(1, 0), wait(MINUTE)]
    expect(tellings(history)).toEqual([
      [0, 'first'],
      [1, 'flapping'],
      [30, 'another CLB'],
    ])
  })

  it('waits for the next update if it joins later', () => {
    const history = [alarm(0, 0), alarm(2, 0), wait(MINUTE), alarm(1, 0)]
    expect(tellings(history).at(-1)).toEqual([330, 'another CLB'])
  })
})

describe('a CLB that could not be read', () => {
  it('is looked at again by itself after 1, 2, 4, 8 ... minutes, then each hour', () => {
    const { looks } = played([alarm(0, 0, 'unread'), { kind: 'time', ms: 240 * MINUTE, way: 'unread' }])
    const minutes = looks.map(({ at }) => (at - (looks[0]?.at ?? 0)) / MINUTE)
    expect(minutes.slice(0, 9)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
  })

  it('is told at once when it can be read again', () => {
    expect(tellings([alarm(0, 0, 'unread', 3), wait(2 * MINUTE)])).toEqual([
      [0, 'first'],
      [60, 'worse, changed'],
    ])
  })
})

describe('a reminder', () => {
  const REMINDER = 24 * 60 * MINUTE

  it('follows a look, and says what that has seen', () => {
    const { looks, tellings: all } = played([alarm(0, 0), wait(10 * MINUTE), alarm(0, 0), wait(REMINDER)])
    const reminder = all.find(({ news }) => news.includes('reminder'))
    const before = looks.filter(({ look, at }) => look.isFiring === null && at === reminder?.at)
    expect(before).toHaveLength(1)
  })

  it('is not told if the look sees that it is worse: that is told', () => {
    const world = played([
      alarm(0, 0),
      wait(10 * MINUTE),
      alarm(0, 0),
      { kind: 'health', clb: 0, health: { dead: 4, isEmpty: true, cause: 0, isFlapping: false } },
      wait(REMINDER),
    ])
    expect(told(world)).toEqual(['first', 'worse'])
  })
})
