import type { ClbReference } from '../model/alarm.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Language, Text } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { t } from '../text/index.ts'
import type { Circumstances } from './circumstances.ts'
import { codeOf, PROBLEMS, subjectOf } from './gaps/messages.ts'

const TEXTS: Readonly<Record<LookupFailure['kind'] | 'clock', Text>> = {
  clock: {
    'zh-CN': '腾讯云 API 拒绝了签名（{code}）：本机时钟与标准时间相差超过 5 分钟，请先校时。',
    en: 'Tencent Cloud rejected the signature ({code}): the clock of this machine is more than 5 minutes off; set it right.',
  },
  'unknown-load-balancer': {
    'zh-CN':
      '在地域 {region} 没有找到负载均衡 {searched}。请核对 ID 或 VIP；若在别的地域，请指明地域（--region，或请求中的 region）。',
    en: 'No CLB found for {searched} in region {region}. Check the id or VIP; if it is elsewhere, name the region (--region, or region in the request).',
  },
  'ambiguous-vip': {
    'zh-CN':
      '在地域 {region}，{searched} 对应多个负载均衡：{candidates}。请改用 lb- 开头的 ID，或指明 VPC（--vpc，或请求中的 vpcId）。',
    en: 'In region {region}, {searched} belongs to several CLBs: {candidates}. Use the lb-… id, or name the VPC (--vpc, or vpcId in the request).',
  },
  'no-region': {
    'zh-CN':
      '不知道 {searched} 在哪个地域。请指明地域（--region，或请求中的 region），或设置 TENCENTCLOUD_REGION。',
    en: 'The region of {searched} is not known. Name it (--region, or region in the request), or set TENCENTCLOUD_REGION.',
  },
  'unknown-region': {
    'zh-CN':
      '不认识地域 {region}，或该产品不在此地域提供。请核对 --region（或请求、告警中的 region）和 TENCENTCLOUD_REGION。',
    en: 'There is no region {region}, or not for this product. Check --region (or region in the request or alarm) and TENCENTCLOUD_REGION.',
  },
  'not-named': {
    'zh-CN': '没有说明要诊断哪个负载均衡。请给出 lb- 开头的 ID 或 VIP。',
    en: 'No CLB was named. Give its lb-… id or its VIP.',
  },
  'unknown-listener': {
    'zh-CN': '该负载均衡没有监听器 {searched}。现有监听器：{candidates}。',
    en: 'The CLB has no listener {searched}. It has: {candidates}.',
  },
  credentials: {
    'zh-CN': '腾讯云 API 拒绝了凭证（{code}）：请检查 {variable}。',
    en: 'Tencent Cloud rejected the credentials ({code}): check {variable}.',
  },
  defect: {
    'zh-CN': '无法判断：clb-doctor 自身出错（{detail}）。请附上日志反馈。',
    en: 'Cannot tell: clb-doctor itself failed ({detail}). Please report it with the log.',
  },
  unreadable: {
    'zh-CN': '无法判断，{subject}没有读到：{why}。',
    en: 'Cannot tell, {subject} could not be read: {why}.',
  },
}

/** What stood in the way, in one line that says what to do next. */
export function lookupFailureText(lookupFailure: LookupFailure, language: Language): string {
  const text = TEXTS[lookupFailure.kind]
  const region = lookupFailure.region ?? '-'
  switch (lookupFailure.kind) {
    case 'credentials':
      return lookupFailure.variable === null
        ? t(TEXTS.clock, { code: lookupFailure.code }, language)
        : t(text, { region, code: lookupFailure.code, variable: lookupFailure.variable }, language)
    case 'defect':
      return t(text, { region, detail: lookupFailure.detail.slice(0, 120) }, language)
    case 'unreadable': {
      const { action, problem } = lookupFailure.failure
      const code = codeOf(lookupFailure.failure)
      const subject = subjectOf(action, language)
      return t(text, { region, subject, why: t(PROBLEMS[problem], { code, action }, language) }, language)
    }
    default:
      return t(
        text,
        { region, searched: lookupFailure.searched, candidates: lookupFailure.candidates },
        language,
      )
  }
}

/** The Diagnosis of a CLB about which nothing could be read: inconclusive, with the reason as its only gap. */
export function diagnoseNothing(
  lookupFailure: LookupFailure,
  clb: ClbReference,
  context: Circumstances,
): Diagnosis {
  const { language } = context
  const line = lookupFailureText(lookupFailure, language)
  const failure = lookupFailure.kind === 'unreadable' ? lookupFailure.failure : null
  const id = clb.loadBalancerId
  return {
    schemaVersion: 1,
    id: context.id,
    createdAt: context.createdAt,
    language,
    trigger: context.trigger,
    loadBalancer:
      id === null
        ? null
        : { id, region: lookupFailure.region ?? '', vips: clb.vip === null ? [] : [clb.vip] },
    verdict: 'inconclusive',
    headline: line,
    pools: [],
    findings: [],
    checks: [],
    gaps: [
      {
        what: subjectOf('clb:DescribeLoadBalancers', language),
        why: line,
        action: failure?.action ?? 'clb:DescribeLoadBalancers',
        ...(failure ? { errorCode: failure.code } : {}),
        ...(lookupFailure.kind === 'credentials' ? { errorCode: lookupFailure.code } : {}),
        ...(failure?.problem === 'denied' ? { grant: failure.action } : {}),
      },
    ],
    changes: [],
    stats: context.stats,
  }
}
