import { informsOnly } from '../model/actions.ts'
import { type Diagnosis, isCause, type LoadBalancerView, type Pool } from '../model/diagnosis.ts'
import type { Language, Text } from '../model/language.ts'
import { t } from '../text/index.ts'
import { expectedCauses, expectedLine } from './expected-headline.ts'
import { passingText } from './recovery.ts'

const TEXTS = {
  because: {
    'zh-CN': '{clb}：{state}。{sureness}{cause}{more}。',
    en: '{clb}: {state}. {sureness}{cause}{more}.',
  },
  unseen: {
    'zh-CN': '{clb}：{state}。原因无法判断：没有读到{gap}。',
    en: '{clb}: {state}. The cause cannot be told: {gap} not read.',
  },
  unexplained: {
    'zh-CN': '{clb}：{state}。从 API 能看到的配置里没有找到原因，需要到后端机器上检查。',
    en: '{clb}: {state}. Nothing visible from the API explains it; the backends themselves have to be looked at.',
  },
  accepted: { 'zh-CN': '{clb}：{state}。{line}', en: '{clb}: {state}. {line}' },
  healthy: { 'zh-CN': '{clb}：{passing}。', en: '{clb}: {passing}.' },
  weightless: {
    'zh-CN': '{clb}：{passing}，但 {pool} 的权重全部为 0，没有请求会被转发。',
    en: '{clb}: {passing}, but nothing of {pool} has weight: no request is forwarded.',
  },
  blind: {
    'zh-CN': '{clb}：无法判断。没有读到：{gap}。',
    en: '{clb}: cannot tell. Not read: {gap}.',
  },
  idle: {
    'zh-CN': '{clb}：无法判断，{reason}。',
    en: '{clb}: cannot tell, {reason}.',
  },
  dead: {
    'zh-CN': '{dead}/{total} 个后端健康检查异常',
    en: 'health check failing for {dead} of {total|1 backend|# backends}',
  },
  serving: { 'zh-CN': '负载均衡未在正常服务', en: 'it is not serving' },
  restricted: { 'zh-CN': '负载均衡可能未在正常服务', en: 'it may not be serving' },
  more: { 'zh-CN': '；另有 {count} 个原因', en: ' (and {count} more)' },
  moreAccepted: { 'zh-CN': '；另有 {count} 个已接受', en: ' (and {count} accepted)' },
  nothing: { 'zh-CN': '没有正在被探测的后端', en: 'no backend is being probed' },
  pending: {
    'zh-CN': '{unknown} 个后端还没有健康检查结果',
    en: '{unknown|1 backend has|# backends have} no health result yet',
  },
  odd: {
    'zh-CN': '{odd} 个后端的健康状态无法识别或没有返回',
    en: 'the health of {odd|1 backend|# backends} came back missing or in a word that is not known',
  },
} as const satisfies Record<string, Text>

const SURENESS = {
  certain: { 'zh-CN': '原因：', en: 'Cause: ' },
  likely: { 'zh-CN': '很可能的原因：', en: 'Likely cause: ' },
  possible: { 'zh-CN': '可能的原因（未证实）：', en: 'Possible cause (not proven): ' },
} as const satisfies Record<string, Text>

interface Found extends Pick<Diagnosis, 'verdict' | 'pools' | 'findings' | 'gaps' | 'trigger'> {
  readonly loadBalancer: LoadBalancerView
}

/** One sentence a person can act on; a guess never reads as a fact. */
export function headlineOf(
  { verdict, loadBalancer: clb, pools, findings, gaps, trigger }: Found,
  language: Language,
): string {
  const alarm = trigger.alarm ?? null
  const name = clb.name ? `${clb.name} (${clb.id})` : clb.id
  const sum = (of: (pool: Pool) => number): number => pools.reduce((total, pool) => total + of(pool), 0)
  const dead = sum(({ counts }) => counts.dead)
  const unknown = sum(({ counts }) => counts.unknown)
  const base = {
    clb: name,
    dead,
    total: sum(({ counts }) => counts.total),
    alive: sum(({ counts }) => counts.alive),
  }
  const [cause, ...others] = findings.filter(isCause)
  const [first, ...rest] = expectedCauses(findings)
  const serving = (cause ?? first)?.certainty === 'certain' ? 'serving' : 'restricted'
  const state = t(TEXTS[dead > 0 ? 'dead' : serving], base, language)
  if (cause) {
    const more = [
      others.length > 0 ? t(TEXTS.more, { count: others.length }, language) : '',
      first ? t(TEXTS.moreAccepted, { count: rest.length + 1 }, language) : '',
    ].join('')
    const sureness = SURENESS[cause.certainty][language]
    return t(TEXTS.because, { ...base, state, sureness, cause: cause.title, more }, language)
  }
  const unread = gaps.find(
    ({ action, errorCode }) => action !== undefined && errorCode !== undefined && !informsOnly(action),
  )
  if (first) {
    const line = expectedLine([first, ...rest], pools, unread?.what ?? null, language)
    return t(TEXTS.accepted, { ...base, state, line }, language)
  }
  if (verdict === 'down' || verdict === 'degraded')
    return unread
      ? t(TEXTS.unseen, { ...base, state, gap: unread.what }, language)
      : t(TEXTS.unexplained, { ...base, state }, language)
  if (verdict === 'healthy') {
    const idle = findings.find(({ code }) => code === 'pool-membership/all-weights-zero')
    const pool = idle?.params?.pool
    const passing = passingText(alarm, pools, base.alive, language)
    return typeof pool === 'string'
      ? t(TEXTS.weightless, { ...base, passing, pool }, language)
      : t(TEXTS.healthy, { ...base, passing }, language)
  }
  if (unread) return t(TEXTS.blind, { ...base, gap: unread.what }, language)
  const odd = sum(({ targets }) => targets.filter(({ statusDetail }) => statusDetail !== undefined).length)
  const reason =
    odd > 0
      ? t(TEXTS.odd, { odd }, language)
      : unknown > 0
        ? t(TEXTS.pending, { unknown }, language)
        : TEXTS.nothing[language]
  return t(TEXTS.idle, { ...base, reason }, language)
}
