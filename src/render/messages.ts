import type {
  Certainty,
  HopStage,
  HopVerdict,
  ProbeVia,
  Role,
  TargetStatus,
  Verdict,
} from '../model/diagnosis.ts'
import { type Language, sayerOf, type Text } from '../model/language.ts'

/** All fixed words of all renderers. Filled by `fill`. */
export const WORDS = {
  cause: { 'zh-CN': '原因', en: 'Cause' },
  fix: { 'zh-CN': '怎么改', en: 'What to change' },
  verified: {
    'zh-CN': '已验证：按此修改后重新评估，这一跳可通过',
    en: 'verified: evaluated again with this change, this hop passes',
  },
  unverified: { 'zh-CN': '未验证', en: 'not verified' },
  widens: { 'zh-CN': '同时影响', en: 'Also applies to' },
  backends: { 'zh-CN': '后端', en: 'Backends' },
  traffic: { 'zh-CN': '当前流量', en: 'Traffic now' },
  gaps: { 'zh-CN': '没能看到', en: 'Could not be seen' },
  byHand: { 'zh-CN': '手工检查', en: 'Check by hand' },
  others: { 'zh-CN': '其他发现', en: 'Also found' },
  checks: { 'zh-CN': '检查项', en: 'Checks' },
  explains: { 'zh-CN': '解释的异常后端', en: 'Dead backends it explains' },
  contradicted: {
    'zh-CN': '反证：这些后端在同一规则之后却正常',
    en: 'Contradicted by healthy backends behind it',
  },
  controls: { 'zh-CN': '对照：同一监听器下正常的后端', en: 'Healthy beside it in the same listener' },
  changedBefore: { 'zh-CN': '异常前 {ago}有改动', en: 'Changed {ago} before' },
  changedSome: { 'zh-CN': '有改动', en: 'Changed' },
  changed: {
    'zh-CN': '{event}（{what}）{who}{where}，{time}',
    en: '{event} on {what}{who}{where} at {time}',
  },
  changedBy: { 'zh-CN': '，操作者 {actor}', en: ' by {actor}' },
  changedFrom: { 'zh-CN': '，来源 {sourceIp}', en: ' from {sourceIp}' },
  evidence: { 'zh-CN': '依据', en: 'Evidence' },
  weight: { 'zh-CN': '权重', en: 'weight' },
  status: { 'zh-CN': '状态', en: 'status' },
  target: { 'zh-CN': '后端', en: 'backend' },
  instance: { 'zh-CN': '实例', en: 'instance' },
  probe: { 'zh-CN': '探测源', en: 'probes from' },
  noCause: {
    'zh-CN': '从 API 能看到的配置里没有找到原因，请按下面的步骤到机器上检查。',
    en: 'Nothing visible from the API explains it: take the steps below on the machines.',
  },
  noCauseYet: {
    'zh-CN': '还没有找到原因：有些信息没有读到，见“没能看到”。',
    en: 'No cause found yet: not everything could be read, see "Could not be seen".',
  },
  recovered: { 'zh-CN': '告警已恢复', en: 'the alarm has recovered' },
  firing: { 'zh-CN': '告警中', en: 'the alarm is firing' },
  fired: { 'zh-CN': '曾告警', en: 'the alarm fired' },
  healthyNow: { 'zh-CN': '；现在健康检查正常', en: '; healthy now' },
  accepted: { 'zh-CN': '已接受', en: 'Accepted' },
  acceptedUntil: { 'zh-CN': '至 {until}：{reason}', en: 'until {until}: {reason}' },
  since: { 'zh-CN': '首次发生 {time}', en: 'first seen {time}' },
  omitted: { 'zh-CN': '另有 {count} 项未显示', en: '{count} more not shown' },
  counts: {
    'zh-CN': '{pool}：共 {total} 个，正常 {alive}，异常 {dead}{rest}',
    en: '{pool}: {total} in all, {alive} alive, {dead} dead{rest}',
  },
  unknownCount: { 'zh-CN': '，未知 {count}', en: ', {count} unknown' },
  offCount: { 'zh-CN': '，未检查 {count}', en: ', {count} unchecked' },
  zeroCount: { 'zh-CN': '，其中权重 0 的 {count}', en: ', {count} of them with weight 0' },
  trafficFallback: {
    'zh-CN': '{pool}：后端全部异常，CLB 正在向全部 {count} 个后端转发',
    en: '{pool}: every backend is Dead, so CLB forwards to {count|it all the same|all of them (#)}',
  },
  trafficFallbackExcept: {
    'zh-CN': '{pool}：权重大于 0 的后端全部异常，CLB 正在向这 {count} 个后端转发（权重 0 的除外）',
    en: '{pool}: every weighted backend is Dead, so CLB forwards to {count|it all the same|all of them (#)} (weight 0 stays out)',
  },
  trafficSome: {
    'zh-CN': '{pool}：只转发给正常的 {count} 个',
    en: '{pool}: goes to the {count|one|#} alive only',
  },
  trafficSomeUnchecked: {
    'zh-CN': '{pool}：转发给正常的和未做健康检查的 {count} 个',
    en: '{pool}: goes to the {count|one that is|# that are} alive or not checked',
  },
  trafficNone: {
    'zh-CN': '{pool}：没有权重大于 0 的后端，请求无处可去',
    en: '{pool}: no backend has weight, requests have nowhere to go',
  },
  trafficUnchecked: {
    'zh-CN': '{pool}：未做健康检查，向全部 {count} 个有权重的后端转发',
    en: '{pool}: not checked, goes to {count|the one weighted backend|all # weighted backends}',
  },
  trafficPending: {
    'zh-CN': '{pool}：后端还没有健康检查结果，暂时分不到流量',
    en: '{pool}: no backend has a health result yet, so none gets traffic',
  },
  trafficHalfPending: {
    'zh-CN': '{pool}：没有正常的后端，{count} 个还没有健康检查结果；流量去向无法判断',
    en: '{pool}: no backend is alive, and {count|1 has|# have} no health result yet; where traffic goes cannot be told',
  },
  trafficUnread: {
    'zh-CN': '{pool}：流量去向无法判断，后端的健康状态或权重没有全部读到',
    en: '{pool}: where traffic goes cannot be told, health or weights were not all read',
  },
  trafficListenerStopped: {
    'zh-CN': '{pool}：没有流量，监听器已停止',
    en: '{pool}: no traffic, the listener is stopped',
  },
  trafficNotServing: { 'zh-CN': '没有流量：负载均衡未在服务', en: 'none: the CLB is not serving' },
  trafficVipBlocked: {
    'zh-CN': '公网流量到不了负载均衡：VIP 被封堵',
    en: 'public traffic does not reach the CLB: its VIP is blocked',
  },
  trafficRestricted: {
    'zh-CN': '无法判断：负载均衡受限',
    en: 'cannot be told: the CLB is restricted',
  },
  trafficAll: {
    'zh-CN': '{pool}：正常转发给全部 {count} 个后端',
    en: '{pool}: goes to {count|its one backend|all # backends}',
  },
  cost: {
    'zh-CN': '{calls} 次 API 调用，{waves} 轮，{ms} 毫秒',
    en: 'API calls: {calls}, waves: {waves}, {ms} ms',
  },
  unknownClb: { 'zh-CN': '未知负载均衡', en: 'unknown CLB' },
  more: { 'zh-CN': '等 {count} 个', en: 'and {count} more' },
  legend: {
    'zh-CN': '✓ 通过  ◐ 部分  ✗ 拦截  ? 不可知  · 不适用',
    en: '✓ pass  ◐ partly  ✗ blocked  ? cannot tell  · not applicable',
  },
} as const satisfies Record<string, Text>

export type Word = keyof typeof WORDS

/** What stands in place of the verdict where it alone would mislead. */
export const TITLES = {
  notServing: { 'zh-CN': '未在服务', en: 'Not serving' },
  partlyDown: { 'zh-CN': '部分监听器全部异常', en: 'Partly down' },
} as const satisfies Record<string, Text>

export const VERDICTS: Readonly<Record<Verdict, Text>> = {
  healthy: { 'zh-CN': '健康', en: 'Healthy' },
  degraded: { 'zh-CN': '部分异常', en: 'Degraded' },
  down: { 'zh-CN': '全部异常', en: 'Down' },
  inconclusive: { 'zh-CN': '无法判定', en: 'Inconclusive' },
}

export const CERTAINTIES: Readonly<Record<Certainty, Text>> = {
  certain: { 'zh-CN': '确定', en: 'certain' },
  likely: { 'zh-CN': '很可能', en: 'likely' },
  possible: { 'zh-CN': '可能，未证实', en: 'possible, not proven' },
}

export const ROLES: Readonly<Record<Role, Text>> = {
  cause: { 'zh-CN': '原因', en: 'Cause' },
  contributor: { 'zh-CN': '助因', en: 'Contributor' },
  risk: { 'zh-CN': '风险', en: 'Risk' },
  note: { 'zh-CN': '说明', en: 'Note' },
}

export const STATUSES: Readonly<Record<TargetStatus, Text>> = {
  Alive: { 'zh-CN': '正常', en: 'Alive' },
  Dead: { 'zh-CN': '异常', en: 'Dead' },
  Unknown: { 'zh-CN': '未知', en: 'Unknown' },
  Close: { 'zh-CN': '未检查', en: 'Unchecked' },
}

/** What the prober's address is, as documents and console call it. */
export const SOURCES: Readonly<Record<ProbeVia, Text>> = {
  vip: { 'zh-CN': 'VIP', en: 'the VIP' },
  '100.64': { 'zh-CN': '100.64.0.0/10 网段', en: '100.64.0.0/10' },
  '169.254': { 'zh-CN': '169.254.128.0/17 网段', en: '169.254.128.0/17' },
  snat: { 'zh-CN': 'SNAT IP', en: 'SNAT IPs' },
  unknown: { 'zh-CN': '不确定', en: 'a source that is not known for sure' },
}

export const STAGES: Readonly<Record<HopStage, Text>> = {
  'acl-in': { 'zh-CN': 'ACL 入站', en: 'ACL in' },
  'security-group': { 'zh-CN': '安全组', en: 'security group' },
  'guest-firewall': { 'zh-CN': '机器防火墙', en: 'guest firewall' },
  listener: { 'zh-CN': '监听', en: 'listener' },
  application: { 'zh-CN': '应用', en: 'application' },
  'acl-out': { 'zh-CN': 'ACL 出站', en: 'ACL out' },
}

export const HOP_SIGNS: Readonly<Record<HopVerdict, string>> = {
  pass: '✓',
  partial: '◐',
  block: '✗',
  unknown: '?',
  'not-applicable': '·',
}

export const fill = sayerOf(WORDS)

export const colon = (language: Language): string => (language === 'en' ? ': ' : '：')

/** `label: value`, with the colon of the language. */
export const labelled = (word: Word, language: Language, value: string): string =>
  `${fill(word, language)}${colon(language)}${value}`
