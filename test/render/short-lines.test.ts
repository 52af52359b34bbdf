import { beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { isDiagnosis, isNotice, type Message } from '../../src/model/message.ts'
import { renderAlert, reportOf } from '../../src/render/index.ts'
import { printSlack } from '../../src/render/printers/slack.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { galleryMessages, scenarioDiagnoses } from '../support/gallery.ts'
import { noticeOf } from '../support/notices.ts'
import { denied, diagnosisOf } from '../support/snapshots.ts'

// The lines that stand alone: the line beside a subject, the text of a notification in Slack, the summary of an alert.

const ask = { trigger: { source: 'cli' as const, alarm: null } }
const WELL = { machines: [{ host: 16, status: 'Alive' }] }
const unread = (language: Language): Diagnosis =>
  diagnosisOf({ ...WELL, replace: { health: denied('clb:DescribeTargetHealth') } }, language, ask)

const unfound = (language: Language): Diagnosis => {
  const own = unread(language)
  const why =
    language === 'en' ? 'there is no CLB with this id in this account' : '该账号下没有这个 ID 的负载均衡'
  return {
    ...own,
    loadBalancer: null,
    findings: [],
    pools: [],
    gaps: [{ what: 'x', why, settle: '' }],
  }
}

const recovered = (language: Language, durationSeconds: number | null) =>
  noticeOf(diagnosisOf(WELL, language, ask), {
    news: ['recovered'],
    incident: { state: 'recovered' },
    durationSeconds,
  })

async function linesOf(message: Message): Promise<readonly string[]> {
  const report = await reportOf(message)
  const slack = JSON.parse(printSlack(report).text) as { readonly text: string }
  return [report.preheader, slack.text, (await renderAlert(message)).summary]
}

let all: readonly (readonly [string, Readonly<Record<Language, Message>>])[] = []
beforeAll(async () => {
  const scenarios = await Promise.all(
    SCENARIOS.map(async ({ name }) => [name, await scenarioDiagnoses(name).catch(() => null)] as const),
  )
  all = [
    ...(await galleryMessages()),
    ...scenarios.flatMap(([name, both]) => (both ? [[name, both] as const] : [])),
  ]
})

/** The line says its state, and then the same again. */
const isTwice = (line: string): boolean => {
  const [first = '', next = ''] = line.split(/[:：] ?/)
  return next !== '' && (next.startsWith(first) || first.endsWith(next))
}

describe.each(LANGUAGES)('a line that stands alone, in %s', (language) => {
  it('says its state once, whatever the message is about', async () => {
    for (const [name, both] of all)
      for (const line of await linesOf(both[language])) expect(isTwice(line) ? [name, line] : []).toEqual([])
  })

  it('names the CLB where nothing stands beside it, whatever happened', async () => {
    let count = 0
    for (const [name, both] of all) {
      const message = both[language]
      const lead = isDiagnosis(message)
        ? message
        : isNotice(message) && message.members.length < 2
          ? message.lead
          : null
      const clb = lead?.loadBalancer?.name
      if (!clb) continue
      const [, slack, alert] = await linesOf(message)
      for (const line of [slack, alert]) expect([name, line]).toEqual([name, expect.stringContaining(clb)])
      count += 1
    }
    expect(count).toBeGreaterThan(40)
  })

  const state = { 'zh-CN': '已恢复', en: 'Recovered' }[language]
  it('says of a recovery how long the trouble lasted, if that is known', async () => {
    const lasted = { 'zh-CN': '异常持续了 10 分钟', en: 'The trouble lasted 10 minutes' }[language]
    const colon = { 'zh-CN': '：', en: ': ' }[language]
    expect(await linesOf(recovered(language, 600))).toEqual([
      `${state}${colon}${lasted}`,
      `${state} shop-front${colon}${lasted}`,
      `${state} shop-front${colon}${lasted}`,
    ])
    expect(await linesOf(recovered(language, null))).toEqual([
      state,
      `${state} shop-front`,
      `${state} shop-front`,
    ])
  })

  it('says why nothing can be told', async () => {
    const cannot = { 'zh-CN': '无法判断', en: 'Cannot tell' }[language]
    const own = unread(language)
    for (const line of await linesOf(own)) expect(line.split(cannot)).toHaveLength(2)
    const lost = unfound(language)
    const why = lost.gaps.map((gap) => gap.why).join()
    expect(why.length).toBeGreaterThan(10)
    for (const line of await linesOf(lost)) expect(line).toMatch(new RegExp(`^${cannot}.*[:：] ?`))
    expect((await linesOf(lost))[0]).toContain(why)
  })

  it('keeps what happened if the name is long', async () => {
    const own = recovered(language, 600)
    const lead = {
      ...own.lead,
      loadBalancer: { ...(own.lead.loadBalancer ?? raise()), name: '长名'.repeat(900) },
    }
    const [, slack = '', alert = ''] = await linesOf({ ...own, lead })
    for (const line of [slack, alert]) expect(line).toMatch(/^.{20,120}10 (分钟|minutes)$/)
  })

  it('of a word to the operator has its title, and of a test no word twice', async () => {
    const fields = { id: 'x', createdAt: '2026-11-20T00:00:00.000Z', language }
    const note = {
      ...fields,
      kind: 'note' as const,
      title: 'wecom-1 refuses messages',
      lines: ['errcode 93000'],
    }
    const [, slack, alert] = await linesOf(note)
    for (const line of [slack, alert]) expect(line).toMatch(/^wecom-1 refuses messages[:：] ?errcode 93000$/)
    const test = { ...fields, kind: 'test' as const, receiver: 'oncall' }
    for (const line of await linesOf(test))
      expect([line.split('oncall').length, isTwice(line)]).toEqual([2, false])
  })
})

function raise(): never {
  throw new Error('nothing')
}
