import { sayerOf, type Text } from '../model/language.ts'

/** The fixed words of a scan's renderings. */
const WORDS = {
  title: { 'zh-CN': 'CLB 巡检', en: 'CLB scan' },
  clb: { 'zh-CN': '负载均衡', en: 'CLB' },
  region: { 'zh-CN': '地域', en: 'region' },
  backends: { 'zh-CN': '后端', en: 'backends' },
  found: { 'zh-CN': '发现', en: 'found' },
  dead: { 'zh-CN': '{dead}/{total} 异常', en: '{dead}/{total} dead' },
  alive: { 'zh-CN': '{alive}/{total} 正常', en: '{alive}/{total} alive' },
  unknown: { 'zh-CN': '{unknown} 个未知', en: '{unknown} unknown' },
  off: { 'zh-CN': '{off} 个未检查', en: '{off} unchecked' },
  vipBlocked: { 'zh-CN': 'VIP 被封堵', en: 'VIP blocked' },
  none: { 'zh-CN': '没有后端', en: 'no backends' },
  more: { 'zh-CN': '另有 {count} 项发现', en: 'and {count} more' },
  clean: {
    'zh-CN': '{count} 个负载均衡健康，没有发现问题。',
    en: '{count|1 CLB is|# CLBs are} healthy, with nothing found.',
  },
  nothing: { 'zh-CN': '没有发现问题。', en: 'Nothing was found.' },
  nothingSoFar: {
    'zh-CN': '在读到的信息里没有发现问题。',
    en: 'Nothing was found in what could be read.',
  },
  cleanSoFar: {
    'zh-CN': '{count} 个负载均衡健康，在读到的信息里没有发现问题。',
    en: '{count|1 CLB is|# CLBs are} healthy, with nothing found in what could be read.',
  },
  regionsUnread: { 'zh-CN': '没有读到的地域', en: 'Regions that could not be read' },
  unsupported: { 'zh-CN': '没有负载均衡产品的地域：{regions}', en: 'Regions without CLB: {regions}' },
  gaps: { 'zh-CN': '没能看到', en: 'Could not be seen' },
  concerns: { 'zh-CN': '影响 {count} 个负载均衡', en: 'concerns {count|1 CLB|# CLBs}' },
  grant: { 'zh-CN': '请在 CAM 中授予：{actions}', en: 'Grant in CAM: {actions}' },
  notReached: { 'zh-CN': '没有检查到的负载均衡：{count} 个', en: 'Not reached: {count|1 CLB|# CLBs}' },
  notReachedDead: {
    'zh-CN': '其中已知有异常后端的 {count} 个：',
    en: '{count} of them known to have Dead backends:',
  },
  notReachedSome: {
    'zh-CN': '其中 {count} 个已知有异常后端：{names}。',
    en: '{count|1 of them is|# of them are} known to have Dead backends: {names}.',
  },
  notReachedMore: { 'zh-CN': '这些中另有 {count} 个未显示', en: '{count} more of these not shown' },
  detail: {
    'zh-CN': '查看原因和改法：clb-doctor diagnose <ID> --region <地域>',
    en: 'Causes with proof, and what to change: clb-doctor diagnose <id> --region <region>',
  },
  cost: {
    'zh-CN': '{calls} 次 API 调用，{seconds} 秒',
    en: '{calls|1 API call|# API calls}, {seconds} s',
  },
  omitted: {
    'zh-CN': '另有 {count} 个负载均衡未显示',
    en: '{count|1 more CLB|# more CLBs} not shown',
  },
  moreGaps: { 'zh-CN': '另有 {count} 项没能看到', en: '{count} more could not be seen' },
} as const satisfies Record<string, Text>

export const word = sayerOf(WORDS)
