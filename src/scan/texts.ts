import { filled, type Language, type Text } from '../model/language.ts'

export const TEXTS = {
  empty: {
    'zh-CN': '所查地域（{regions}）里没有负载均衡实例。',
    en: 'There is no CLB in {regions}.',
  },
  blind: {
    'zh-CN': '无法判断：所有地域（{regions}）的负载均衡列表都没有读到。',
    en: 'Cannot tell: the list of CLBs could not be read in any region ({regions}).',
  },
  checked: {
    'zh-CN': '共 {found} 个负载均衡',
    en: '{found|1 CLB|# CLBs}',
  },
  'checked-part': {
    'zh-CN': '共 {found} 个负载均衡，检查了 {examined} 个',
    en: '{examined} of {found|1 CLB|# CLBs} examined',
  },
  down: { 'zh-CN': '{count} 个有监听器全部异常', en: '{count} down' },
  degraded: { 'zh-CN': '{count} 个部分异常', en: '{count} degraded' },
  inconclusive: { 'zh-CN': '{count} 个无法判定', en: '{count} inconclusive' },
  healthy: { 'zh-CN': '{count} 个健康', en: '{count} healthy' },
  deleted: { 'zh-CN': '巡检期间被删除：{count} 个。', en: 'Deleted meanwhile: {count}.' },
  atRisk: { 'zh-CN': '（其中 {count} 个有风险）', en: ' ({count} of them at risk)' },
  unread: {
    'zh-CN': '有信息没有读到，隐患可能没有全部找出。',
    en: 'Not everything could be read, so latent faults may be missing.',
  },
  regions: {
    'zh-CN': '没有读到的地域：{regions}。',
    en: 'Regions that could not be read: {regions}.',
  },
  guessed: {
    'zh-CN': '账号的地域列表没有读到，改用内置列表；比它新的地域可能漏掉。',
    en: 'The regions of the account could not be read and a built-in list was used; a newer region may be missing.',
  },
  interrupted: { 'zh-CN': '扫描被中断，结果不完整。', en: 'Interrupted: this is a part of the result.' },
  'out-of-time': {
    'zh-CN': '时间用完，结果不完整。',
    en: 'The time allowed was over: this is a part of the result.',
  },
  unsupported: { 'zh-CN': '该地域没有负载均衡产品', en: 'CLB is not sold in this region' },
  disowned: {
    'zh-CN': '平台的地域列表里有它，API 却回答没有这个地域（{code}）',
    en: 'the platform lists it, and its API answers that there is no such region ({code})',
  },
  'no-such-region': {
    'zh-CN': '没有这个地域，或该地域没有负载均衡产品（{code}）；请核对地域名',
    en: 'no such region, or CLB is not sold there ({code}); check its name',
  },
  cut: { 'zh-CN': '还没读到，扫描就被中断', en: 'the scan was interrupted before it was read' },
  list: { 'zh-CN': '负载均衡列表', en: 'the list of CLBs' },
  defect: {
    'zh-CN': '{clb}：无法判断，clb-doctor 自身出错（{detail}）。请附上日志反馈。',
    en: '{clb}: cannot tell, clb-doctor itself failed ({detail}). Please report it with the log.',
  },
} as const satisfies Record<string, Text>

export const tell = (
  word: keyof typeof TEXTS,
  language: Language,
  params: Readonly<Record<string, string | number>> = {},
): string =>
  filled(TEXTS[word][language], (name) => {
    const value = params[name]
    if (value === undefined) throw new Error(`text needs {${name}}: ${word}`)
    return value
  })
