import { afterEach, describe, expect, it } from 'vitest'
import { newsText } from '../../src/render/news.ts'
import { MINUTE, type Story, startStory } from '../support/story.ts'

// What an update says has changed, from the alarm to the message.

let story: Story
afterEach(() => story.close())

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const told = () => story.notices.map((notice) => [notice.news.join(', '), newsText(notice)])

describe('an update of one CLB', () => {
  it('says that the sender reports the recovery, and that it fires again, while the cause is the same', async () => {
    story = await startStory()
    await story.take(story.firing())
    await story.take(story.recovered())
    await story.pass(6 * MINUTE, MINUTE)
    await story.take(story.firing({ firstOccurTime: '2026-11-20 07:40:00' }))
    await story.pass(6 * MINUTE, MINUTE)
    expect(told()).toEqual([
      ['first', null],
      ['changed', 'The sender reports the recovery, but the backends are still down'],
      ['changed', 'The alarm fires again'],
    ])
    expect(new Set(story.notices.map(({ incident }) => incident.cause?.resource)).size).toBe(1)
  })

  it('says that it cannot be read, and that its state is known again', async () => {
    story = await startStory('zh-CN')
    await story.take(story.firing())
    story.faults.set('clb:DescribeLoadBalancers', DENIED)
    await story.take(story.firing({ firstOccurTime: '2026-11-20 07:10:00' }))
    await story.pass(6 * MINUTE, MINUTE)
    story.faults.clear('clb:DescribeLoadBalancers')
    await story.take(story.firing({ firstOccurTime: '2026-11-20 07:20:00' }))
    await story.pass(6 * MINUTE, MINUTE)
    expect(told()).toEqual([
      ['first', null],
      ['changed', '此刻读取失败，状态未知'],
      ['changed', '状态已重新查明'],
    ])
  })

  it('says that its cause is another one only if it is', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.world.groups[0]?.rules.shift()
    story.world.groups[0]?.rules.unshift({
      protocol: 'ALL',
      port: 'ALL',
      source: '0.0.0.0/0',
      action: 'DROP',
    })
    await story.take(story.firing({ firstOccurTime: '2026-11-20 07:10:00' }))
    await story.pass(6 * MINUTE, MINUTE)
    expect(told()).toEqual([
      ['first', null],
      ['changed', 'The cause is another one now'],
    ])
  })
})
