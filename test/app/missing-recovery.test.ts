import { afterEach, describe, expect, it } from 'vitest'
import { newsText } from '../../src/render/news.ts'
import { renderWecom } from '../support/renderings.ts'
import { HOUR, MINUTE, type Story, startStory } from '../support/story.ts'

// A condition whose recovery never arrives, beside what looks see.

let story: Story
afterEach(() => story.close())

const CLB = 'lb-7dpmqwcu'
const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const news = () => story.notices.map((notice) => notice.news.join(', '))
const states = async () =>
  (await story.incidents()).map(({ state }) => (state === 'updated' ? 'open' : state))
const ends = async () => {
  const timelines = (await story.incidents()).map(({ timeline }) => timeline)
  return timelines.flat().filter(({ event }) => event === 'recovered')
}

/** An event of EventBridge. `-`: it has no state. */
const event = (status: '-' | '1' = '-') => ({
  specversion: '1.0',
  id: '13a3f42d-7258-4ada-da6d-023a3333',
  source: 'clb.cloud.tencent',
  type: 'clb:ErrorEvent:RsPortStatusChange',
  subject: CLB,
  time: Date.now(),
  region: 'ap-guangzhou',
  status,
  datacontenttype: 'application/json;charset=utf-8',
  data: { dimensions: { objId: CLB }, additionalMsg: {} },
})

/** Another policy about the health of the same CLB. */
const other = (fields: object = {}) => {
  const base = story.firing() as { alarmPolicyInfo: object }
  return { ...base, alarmPolicyInfo: { ...base.alarmPolicyInfo, policyId: 'policy-other' }, ...fields }
}
const mend = () => story.world.groups[0]?.rules.shift()
const block = () =>
  story.world.groups[0]?.rules.unshift({
    protocol: 'ALL',
    port: 'ALL',
    source: '0.0.0.0/0',
    action: 'DROP',
  })

/** It is open while a backend is Dead, and over within an hour of the change. */
async function isOverAfterMending(own: Story): Promise<void> {
  expect(await states()).toEqual(['open'])
  mend()
  await own.pass(HOUR + 15 * MINUTE)
  expect(await states()).toEqual([expect.stringMatching(/recovered|closed/)])
}

describe('an event without a state', () => {
  it('is over in the first look after its own that sees every backend healthy', async () => {
    story = await startStory()
    await story.take(event())
    expect(await states()).toEqual(['open'])
    mend()
    await story.pass(10 * MINUTE, MINUTE)
    expect(news()).toEqual(['first', 'recovered'])
    expect(await ends()).toEqual([expect.objectContaining({ detail: 'unsaid' })])
    expect(newsText(story.notices[1] as never)).toMatch(
      /no recovery arrived from the sender, but the looks saw every backend healthy/,
    )
  })

  it('does not outlive the recovery of an alarm of its CLB', async () => {
    story = await startStory()
    await story.take(event())
    await story.take(story.firing())
    mend()
    await story.take(story.recovered())
    expect(await states()).toEqual(['recovered'])
    expect(renderWecom(story.notices.at(-1) as never)).not.toMatch(/still fires/)
  })

  it('stays while a backend is Dead, and is looked at until it is mended', async () => {
    story = await startStory()
    await story.take(event())
    await story.pass(3 * HOUR)
    await isOverAfterMending(story)
  })

  it('stays longer than a day while a backend is Dead, and is over within an hour of the change', async () => {
    story = await startStory()
    await story.take(event())
    await story.pass(50 * HOUR)
    await isOverAfterMending(story)
  })

  it('is over in a later look if its CLB does not exist any more', async () => {
    story = await startStory()
    await story.take(event())
    story.world.balancers.splice(0)
    await story.pass(10 * MINUTE, MINUTE)
    expect(await ends()).toEqual([expect.objectContaining({ detail: 'gone' })])
  })

  it('waits for its sender if it has a state', async () => {
    story = await startStory()
    await story.take(event('1'))
    mend()
    await story.pass(3 * HOUR)
    expect(await states()).toEqual(['open'])
  })
})

describe('a metric alarm whose recovery is lost', () => {
  const oneIsOver = async () => {
    story = await startStory()
    await story.take(story.firing())
    await story.take(other())
    mend()
    await story.take(story.recovered())
    expect(await states()).toEqual(['open'])
  }

  it('is outvoted by looks 30 minutes apart that see every backend healthy, beside the end of another', async () => {
    await oneIsOver()
    await story.pass(25 * MINUTE, MINUTE)
    expect(await states()).toEqual(['open'])
    await story.pass(15 * MINUTE, MINUTE)
    expect(await states()).toEqual(['recovered'])
    expect(await ends()).toEqual([expect.objectContaining({ detail: 'unsaid' })])
  })

  it('is not outvoted if a look between saw a Dead backend, or while looks cannot read it', async () => {
    await oneIsOver()
    block()
    await story.pass(20 * MINUTE, MINUTE)
    mend()
    await story.pass(20 * MINUTE, MINUTE)
    expect(await states()).toEqual(['open'])
    story.faults.set('clb:DescribeLoadBalancers', DENIED)
    await story.pass(3 * HOUR)
    expect(await states()).toEqual(['open'])
  })

  it('fires again if its sender repeats it after that', async () => {
    await oneIsOver()
    await story.pass(40 * MINUTE, MINUTE)
    expect(await states()).toEqual(['recovered'])
    block()
    await story.take(other())
    expect(await states()).toEqual(['open'])
    expect(news().at(-1)).toMatch(/^reopened/)
  })

  it('is not outvoted without the end of another one', async () => {
    story = await startStory()
    await story.take(story.firing())
    mend()
    await story.pass(12 * HOUR)
    expect(await states()).toEqual(['open'])
  })

  it('is not outvoted if it is not about health', async () => {
    story = await startStory()
    await story.take(story.firing())
    const base = other() as { alarmPolicyInfo: { policyId: string; conditions?: object } }
    const conditions = {
      ...base.alarmPolicyInfo.conditions,
      metricName: 'ClientOuttraffic',
      metricShowName: '出带宽',
    }
    await story.take({ ...base, alarmPolicyInfo: { ...base.alarmPolicyInfo, conditions } })
    mend()
    await story.take(story.recovered())
    await story.pass(12 * HOUR)
    expect(await states()).toEqual(['open'])
  })
})

describe('a CLB that nobody can read while its sender reports the recovery', () => {
  it('says so at once, and is over an hour later, as what the sender says', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.faults.set('clb:DescribeLoadBalancers', DENIED)
    await story.take(story.recovered())
    const [incident] = await story.incidents()
    expect(incident?.timeline.map((one) => one.event)).toContain('sender-recovered')
    await story.pass(55 * MINUTE, MINUTE)
    expect(await states()).toEqual(['open'])
    await story.pass(20 * MINUTE, MINUTE)
    expect(await states()).toEqual(['recovered'])
    expect(await ends()).toEqual([expect.objectContaining({ detail: 'unseen' })])
    const [message] = story.notices.filter((notice) => notice.news.includes('recovered'))
    expect(newsText(message as never)).toMatch(
      /^The sender reports the recovery; the trouble lasted .*; nothing could be read to confirm it$/,
    )
    const text = renderWecom(message as never)
    expect(text).toMatch(/^# <font color="comment">Recovery not confirmed<\/font> shop-front/)
    expect(text).not.toMatch(/confirmed\.|pass their health checks/)
  })

  it('stays for a day after a look that saw Dead backends after the word of the sender', async () => {
    story = await startStory()
    await story.take(story.firing())
    await story.take(story.recovered())
    await story.pass(10 * MINUTE, MINUTE)
    story.faults.set('clb:DescribeLoadBalancers', DENIED)
    await story.pass(20 * HOUR)
    expect(await states()).toEqual(['open'])
    await story.pass(6 * HOUR)
    expect(await states()).toEqual(['closed'])
  })

  it('is not over if it fires again', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.faults.set('clb:DescribeLoadBalancers', DENIED)
    await story.take(story.recovered())
    await story.take(story.firing({ firstOccurTime: '2026-11-20 07:40:00' }))
    await story.pass(12 * HOUR)
    expect(await states()).toEqual(['open'])
  })
})
