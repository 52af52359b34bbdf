import { afterEach, describe, expect, it } from 'vitest'
import { incidentDetails } from '../../src/app/incidents/history.ts'
import { alertsIn } from '../../src/delivery/alerts.ts'
import type { IncidentNotice } from '../../src/model/incident.ts'
import { renderAlert, renderAs, renderIncidentPage, renderIncidents } from '../../src/render/index.ts'
import { errorsOfIncident } from '../support/schema.ts'
import { HOUR, MINUTE, type Story, startStory } from '../support/story.ts'

// A CLB whose cause was proved, and that looks cannot read after that.

let story: Story
afterEach(() => story.close())

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const again = (time: string) => story.firing({ firstOccurTime: `2026-11-20 ${time}:00` })
const CAUSE = /denies the health check|拒绝了健康检查/

async function detailsOf(language: 'en' | 'zh-CN' = 'en') {
  const [incident] = await story.incidents()
  const details = await incidentDetails(incident?.id ?? '', story.store, Date.now(), language)
  if (details === null) throw new Error('no incident')
  return details
}

async function unreadStory(language: 'en' | 'zh-CN' = 'en') {
  story = await startStory(language)
  await story.take(story.firing())
  story.faults.set('clb:DescribeLoadBalancers', DENIED)
  await story.take(again('07:10'))
  await story.pass(6 * MINUTE, MINUTE)
}
const last = (): IncidentNotice => {
  const notice = story.notices.at(-1)
  if (!notice) throw new Error('nobody was told')
  return notice
}
const alertsOf = async (notice: IncidentNotice) =>
  alertsIn(notice, { words: await renderAlert(notice), now: Date.parse(notice.createdAt), known: null })

describe('a CLB that cannot be read any more', () => {
  it.each([
    [
      'en',
      /Last known +Cannot be read since .*, so the state now is not known; the last readable look \(.*\) found: /,
    ],
    ['zh-CN', /上次结论 *.* 起读取失败，现状未知；最近一次成功读取（.*）时：/],
  ] as const)('keeps its last cause and what to do in the update, in %s', async (language, words) => {
    await unreadStory(language)
    const [first] = story.notices
    const text = await renderAs('text', last())
    const joined = text.replace(/\n\s*/g, language === 'en' ? ' ' : '')
    expect(joined).toMatch(words)
    expect(joined).toMatch(CAUSE)
    expect(joined).toMatch(/^■ .* shop-front[\s\S]*lb-7dpmqwcu · /)
    const { lastReadable } = last().members[0] ?? {}
    const finding = first?.lead.findings.find(({ role }) => role === 'cause')
    expect(lastReadable).toMatchObject({
      cause: { code: finding?.code, title: finding?.title },
      fix: finding?.fix?.summary,
    })
    expect(last().members[0]?.reason).toBe(first?.members[0]?.reason)
    expect(Date.parse(lastReadable?.at ?? '')).toBeLessThan(Date.parse(lastReadable?.unreadSince ?? ''))
  })

  it('keeps them in the incident, and says since when', async () => {
    await unreadStory()
    const details = await detailsOf()
    expect(errorsOfIncident(details)).toEqual([])
    const [clb] = details.loadBalancers
    expect(clb).toMatchObject({
      verdict: 'inconclusive',
      lastReadable: { cause: { title: expect.stringMatching(CAUSE) } },
    })
    const shown = await renderIncidents(
      details,
      { language: 'en', timeZone: null, createdAt: new Date().toISOString() },
      { color: false, width: 400 },
    )
    expect(shown).toMatch(/Last known +cannot be read since .*found: .*denies the health check/)
    expect(shown).toMatch(/Its advice then +\S/)
  })

  it('keeps them on the page', async () => {
    await unreadStory()
    const html = await renderIncidentPage({
      language: 'en',
      timeZone: null,
      createdAt: new Date().toISOString(),
      incident: await detailsOf(),
      notice: last(),
      acknowledged: null,
      silenced: null,
      actions: null,
      mergedInto: null,
    })
    expect(html).toMatch(/annot be read since [^<]*denies the health check/)
    expect(html).toMatch(/Its advice then/)
  })

  it('keeps its alert the same, with what was known', async () => {
    await unreadStory()
    const [first] = story.notices
    if (!first) throw new Error('nobody was told')
    const [before] = (await alertsOf(first)).sent
    const [after] = (await alertsOf(last())).sent
    expect(after?.labels).toEqual(before?.labels)
    expect(after?.labels.cause).toMatch(/^[a-z-]+\/[a-z-]+$/)
    expect(after?.annotations.description).toMatch(CAUSE)
    expect(after?.annotations.last_readable_cause).toMatch(CAUSE)
  })

  it('keeps them over hours, however many looks cannot read it', async () => {
    await unreadStory()
    await story.pass(20 * HOUR)
    const [clb] = (await detailsOf()).loadBalancers
    expect(clb?.lastReadable?.cause?.title).toMatch(CAUSE)
  })

  it('says no more of it once it can be read', async () => {
    await unreadStory()
    story.faults.clear('clb:DescribeLoadBalancers')
    await story.take(again('07:20'))
    await story.pass(6 * MINUTE, MINUTE)
    expect((await detailsOf()).loadBalancers[0]).not.toHaveProperty('lastReadable')
    expect(last().members[0]).not.toHaveProperty('lastReadable')
  })
})

describe('a look that sees Dead backends', () => {
  it('keeps the last cause if what could name it cannot be read', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.faults.set('vpc:DescribeSecurityGroupPolicies', DENIED)
    await story.take(again('07:10'))
    await story.pass(6 * MINUTE, MINUTE)
    const details = await detailsOf()
    expect(details.cause?.code).toMatch(/^security-group\//)
    expect(details.loadBalancers[0]).toMatchObject({
      verdict: 'down',
      lastReadable: { cause: { title: expect.stringMatching(CAUSE) } },
    })
  })

  it('says that the cause alone cannot be read', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.faults.set('vpc:DescribeSecurityGroupPolicies', DENIED)
    await story.take(again('07:10'))
    await story.pass(4 * HOUR)
    const text = await renderAs('text', last())
    expect(text.replace(/\n\s*/g, ' ')).toMatch(
      /Last known +What would name the cause cannot be read since .* the last readable look \(.*\) found: .*denies the health check/,
    )
    expect(text).not.toMatch(/the state now is not known/)
  })

  it('is readable if it names a cause, though another lookup failed', async () => {
    story = await startStory()
    await story.take(story.firing())
    story.faults.set('vpc:DescribeNetworkAcls', DENIED)
    await story.take(again('07:10'))
    expect((await detailsOf()).loadBalancers[0]).not.toHaveProperty('lastReadable')
  })
})
