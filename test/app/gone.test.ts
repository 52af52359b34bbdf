import { afterEach, describe, expect, it } from 'vitest'
import { newsText } from '../../src/render/news.ts'
import { renderWecom } from '../support/renderings.ts'
import { HOUR, MINUTE, type Story, startStory } from '../support/story.ts'

// The end of an incident of a CLB that does not exist.

let story: Story
afterEach(() => story.close())

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const told = () => story.notices.map((notice) => [notice.news.join(', '), newsText(notice)])
const news = () => story.notices.map((notice) => notice.news.join(', '))
const states = async () => (await story.incidents()).map(({ state }) => state)

/** What an Alertmanager sends about a CLB. */
const alert = (
  labels: object,
  status: 'firing' | 'resolved' = 'firing',
  startsAt = '2026-11-20T00:00:00Z',
) => ({
  version: '4',
  status,
  alerts: [
    {
      status,
      labels: { alertname: 'ClbDown', ...labels },
      annotations: {},
      startsAt,
      ...(status === 'resolved'
        ? { endsAt: new Date(Date.parse(startsAt) + 25 * MINUTE).toISOString() }
        : {}),
    },
  ],
})
const BY_ID = { loadBalancerId: 'lb-7dpmqwcu', region: 'ap-guangzhou' }
const NEVER = { loadBalancerId: 'lb-0never00', region: 'ap-guangzhou' }

describe('a CLB that was deleted while it had trouble', () => {
  it.each([
    ['its address', () => story.firing(), () => story.recovered()],
    ['its id', () => alert(BY_ID), () => alert(BY_ID, 'resolved')],
  ])('has recovered when its sender says so, if the alarm gives %s', async (_, firing, recovered) => {
    story = await startStory()
    await story.take(firing())
    story.world.balancers.splice(0)
    await story.take(recovered())
    await story.pass(72 * HOUR)
    expect(news()).toEqual(['first', 'recovered'])
    expect(told()[1]?.[1]).toMatch(/^The CLB no longer exists; the trouble lasted/)
    const text = renderWecom(story.notices[1] as never)
    expect(text).toMatch(/^# <font color="info">No longer exists<\/font> /)
    expect(text).not.toMatch(/[Rr]ecovered|pass|backends are|What to do|Cannot tell/)
    expect(await states()).toEqual(['closed'])
    const [incident] = await story.incidents()
    expect(incident?.timeline).toContainEqual(expect.objectContaining({ event: 'recovered', detail: 'gone' }))
  })

  it('cannot be told while its alarm fires, and is decided after a day without a word', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.world.balancers.splice(0)
    await story.take(story.firing({ firstOccurTime: '2026-11-20 07:30:00' }))
    await story.pass(23 * HOUR)
    expect(await states()).toEqual(['updated'])
    expect(told()[1]).toEqual(['changed', 'The CLB no longer exists, but its alarm still fires'])
    await story.pass(2 * HOUR)
    expect(news().at(-1)).toBe('recovered')
    expect(news().filter((one) => one === 'recovered')).toHaveLength(1)
    await story.pass(HOUR)
    expect(await states()).toEqual(['closed'])
  })

  it('does not count as gone while nobody may read it: it is over later, as what its sender says', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.faults.set('clb:DescribeLoadBalancers', DENIED)
    await story.take(story.recovered())
    await isOverAsSaid(story)
  })
})

/** Nothing can be read, so the word of its sender counts after an hour. */
async function isOverAsSaid(own: Story): Promise<void> {
  await own.pass(45 * MINUTE)
  expect(await states()).toEqual(['updated'])
  await own.pass(2 * HOUR)
  const [incident] = await own.incidents()
  expect(incident?.timeline).toContainEqual(expect.objectContaining({ event: 'recovered', detail: 'unseen' }))
}

describe('a CLB that never existed', () => {
  it('is over when its sender says so', async () => {
    story = await startStory()
    await story.take(alert(NEVER))
    await story.take(alert(NEVER, 'resolved'))
    await story.pass(3 * HOUR)
    expect(told().map(([, text]) => text)).toEqual([
      null,
      expect.stringMatching(/^No such CLB exists; the trouble lasted/),
    ])
    expect(await states()).toEqual(['closed'])
  })

  it('is not told at all if its sender says first that it is over', async () => {
    story = await startStory()
    await story.take(alert(NEVER, 'resolved', new Date(Date.now() + MINUTE).toISOString()))
    await story.pass(3 * HOUR)
    expect(await states()).toEqual([])
    expect(story.notices).toEqual([])
  })

  it('is told plainly if the alarm is older than the memory, because somebody may wait for its end', async () => {
    story = await startStory()
    await story.take(alert(NEVER, 'resolved'))
    await story.pass(3 * HOUR)
    expect(news()).toEqual(['first'])
    expect(renderWecom(story.notices[0] as never)).toMatch(/^# <font color="info">Does not exist<\/font> /)
    expect(await states()).toEqual(['closed'])
  })

  it.each([
    ['several CLBs have its address', { vip: '10.0.0.10' }],
    ['its region is none that is known here', { loadBalancerId: 'lb-0never00', region: 'mars' }],
  ])('may exist if %s, so it is over as what its sender says', async (_, labels) => {
    story = await startStory()
    await story.take(alert(labels))
    await story.take(alert(labels, 'resolved'))
    await isOverAsSaid(story)
  })
})

describe('an address that is only guessed to be a CLB', () => {
  const GUESS = { instance: '203.0.113.26:443' }
  const MACHINE = { instance: '10.9.9.9:9100' }
  const SEVERAL = { instance: '10.0.0.10:6379' }
  const AWAY = { kind: 'http', status: 503 } as const

  it('is told while the API is away, and again once it is known', async () => {
    story = await startStory()
    story.faults.set('*', AWAY)
    await story.take(alert(GUESS))
    expect(story.notices.map(({ lead }) => lead.verdict)).toEqual(['inconclusive'])
    story.faults.clear()
    await story.pass(15 * MINUTE, MINUTE)
    expect(news()).toEqual(['first', 'worse, changed'])
    expect(story.notices[1]?.members.map(({ id, backends }) => [id, backends.dead])).toEqual([
      ['lb-7dpmqwcu', 5],
    ])
  })

  it.each([
    ['none', MACHINE],
    ['several', SEVERAL],
  ])('ends by itself, without a reminder, if it is that of %s', async (_, labels) => {
    story = await startStory()
    story.faults.set('*', AWAY)
    await story.take(alert(labels))
    story.faults.clear()
    await story.pass(48 * HOUR)
    expect(told()).toEqual([
      ['first', null],
      ['recovered', expect.stringMatching(/^The address of the alarm is not that of one CLB/)],
    ])
    expect(await states()).toEqual(['closed'])
    // Its alarm fires on, and nobody is told any more.
    await story.take(alert(labels))
    await story.pass(HOUR)
    expect(story.notices).toHaveLength(2)
    const [incident] = await story.incidents()
    expect(incident?.timeline).toContainEqual(
      expect.objectContaining({ event: 'recovered', detail: 'no CLB' }),
    )
  })

  it('ends when its alarm is repeated, too', async () => {
    story = await startStory()
    story.faults.set('*', AWAY)
    await story.take(alert(MACHINE))
    story.faults.clear()
    await story.take(alert(MACHINE))
    expect(news()).toEqual(['first', 'recovered'])
    await story.take(alert(MACHINE))
    await story.pass(HOUR)
    expect(story.notices).toHaveLength(2)
  })

  it('is a CLB that was deleted, if it was one', async () => {
    story = await startStory()
    await story.take(alert(GUESS))
    story.world.balancers.splice(0)
    await story.take(alert(GUESS, 'resolved'))
    await story.pass(HOUR)
    expect(told().at(-1)?.[1]).toMatch(/^The CLB no longer exists/)
  })
})
