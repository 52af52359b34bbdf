import type { Accepted, Certainty, Finding, Pool, TargetKey } from '../model/diagnosis.ts'
import { endOf } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { t, untilFor } from '../text/index.ts'

const TEXTS = {
  all: {
    certain: { 'zh-CN': '全部属于已接受的情况，至 {until}：', en: 'All of it is accepted until {until}: ' },
    likely: {
      'zh-CN': '很可能全部属于已接受的情况，至 {until}：',
      en: 'Likely all of it is accepted until {until}: ',
    },
  },
  some: {
    certain: {
      'zh-CN': '其中 {sure} 个属于已接受的情况，至 {until}：',
      en: '{sure|1 of them is|# of them are} accepted until {until}: ',
    },
    likely: {
      'zh-CN': '其中很可能有 {sure} 个属于已接受的情况，至 {until}：',
      en: 'Likely {sure|1 of them is|# of them are} accepted until {until}: ',
    },
  },
  possible: {
    'zh-CN': '一项已接受的发现可能是原因（未证实），至 {until}：',
    en: 'Possible cause (not proven), accepted until {until}: ',
  },
  unserved: { 'zh-CN': '已接受，至 {until}：', en: 'Accepted until {until}: ' },
  more: { 'zh-CN': '；另有 {count} 项已接受', en: ' (and {count} more)' },
  open: {
    'zh-CN': '{left} 个后端的原因从 API 能看到的配置里没有得到证实，需要到后端机器上检查。',
    en: ' Nothing visible from the API proves why {left|1 backend fails|# backends fail}; look at the backends themselves.',
  },
  unseen: {
    'zh-CN': '{left} 个后端的原因无法判断：没有读到{gap}。',
    en: ' Why {left|1 backend fails|# backends fail} cannot be told: {gap} not read.',
  },
} as const

type Expected = Finding & { readonly accepted: Accepted }

/** Findings that would be causes, had nobody accepted them. */
export const expectedCauses = (findings: readonly Finding[]): readonly Expected[] =>
  findings.flatMap((finding) => {
    const { accepted } = finding
    return accepted?.role === 'cause' ? [{ ...finding, accepted }] : []
  })

/**
 * What is accepted, how much of what fails that accounts for, and what it leaves open.
 * @param unread what was not read, where something was not
 */
export function expectedLine(
  causes: readonly [Expected, ...(readonly Expected[])],
  pools: readonly Pool[],
  unread: string | null,
  language: Language,
): string {
  const dead = pools.reduce((total, { counts }) => total + counts.dead, 0)
  const certain = explainedBy(causes, 'certain')
  const sure = new Set([...certain, ...explainedBy(causes, 'likely')])
  const possible = new Set([...sure, ...explainedBy(causes, 'possible')])
  const ends = causes.map(({ accepted }) => accepted.until).sort((a, b) => (endOf(a) ?? 0) - (endOf(b) ?? 0))
  const left = dead - (sure.size > 0 ? sure.size : possible.size)
  const params = { sure: sure.size, left, until: untilFor(ends[0] ?? '', language), gap: unread ?? '' }
  const lead = leadOf(dead, sure.size, certain.size, possible.size)
  const more = causes.length > 1 ? t(TEXTS.more, { count: causes.length - 1 }, language) : ''
  const end = language === 'en' ? '.' : '。'
  const rest = left > 0 ? t(unread === null ? TEXTS.open : TEXTS.unseen, params, language) : ''
  return `${t(lead, params, language)}${causes[0].title}${more}${end}${rest}`
}

const explainedBy = (causes: readonly Expected[], how: Certainty): ReadonlySet<TargetKey> =>
  new Set(causes.filter(({ certainty }) => certainty === how).flatMap(({ explains }) => explains))

function leadOf(dead: number, sure: number, certain: number, possible: number): Text {
  if (sure === 0) return possible > 0 ? TEXTS.possible : TEXTS.unserved
  return TEXTS[sure === dead ? 'all' : 'some'][certain === sure ? 'certain' : 'likely']
}
