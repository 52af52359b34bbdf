import type { HopVerdict } from '../model/diagnosis.ts'
import type { Language, Text } from '../model/language.ts'
import type { HopNote } from '../path/index.ts'
import type { Params } from '../text/index.ts'
import { t } from '../text/index.ts'

/** Why a hop is as it is: one text per note. */
const NOTES: Readonly<Record<HopNote['code'], Text>> = {
  unread: { 'zh-CN': '无法判断：{actions} 读取失败', en: 'cannot tell: {actions} could not be read' },
  'owner-unknown': {
    'zh-CN': '无法判断：查不到该地址所属的网卡',
    en: 'cannot tell: no network interface owns this address',
  },
  'no-groups': {
    'zh-CN': '无法判断：API 没有返回安全组',
    en: 'cannot tell: the API returned no security group',
  },
  'node-unknown': {
    'zh-CN': '无法判断：不知道这个 Pod 在哪个节点上（GlobalRouter 网络的 Pod 没有自己的网卡）',
    en: 'cannot tell: which node the pod is on is not known (a pod of a GlobalRouter network has no interface of its own)',
  },
  'service-groups': {
    'zh-CN': '无法判断：查不到 {service} 绑定的安全组',
    en: 'cannot tell: the security groups of {service} are not known',
  },
  'outside-vpc': {
    'zh-CN': '后端在云联网/专线对端，云上 API 看不到',
    en: 'the backend is behind CCN or Direct Connect, out of sight of the API',
  },
  'type-unknown': {
    'zh-CN': '无法判断：不认识的后端类型 {type}',
    en: 'cannot tell: unknown backend type {type}',
  },
  'not-found': { 'zh-CN': '无法判断：查不到 {id}', en: 'cannot tell: {id} was not found' },
  'balancer-unread': {
    'zh-CN': '无法判断：读不到负载均衡实例的属性',
    en: 'cannot tell: the attributes of the CLB could not be read',
  },
  'check-off': { 'zh-CN': '健康检查未开启，没有探测', en: 'the health check is off: nothing is probed' },
  'listener-stopped': { 'zh-CN': '监听器已停止，没有探测', en: 'the listener is stopped: nothing is probed' },
  'check-unknown': {
    'zh-CN': '无法判断：API 没有给出健康检查的配置',
    en: 'cannot tell: the API gave no settings of the health check',
  },
  'protocol-unknown': {
    'zh-CN': '无法判断：不认识的协议或检查方式',
    en: 'cannot tell: unknown protocol or check type',
  },
  'no-acl': { 'zh-CN': '子网没有绑定网络 ACL', en: 'the subnet has no network ACL' },
  'same-subnet': {
    'zh-CN': 'VIP 与后端同子网，ACL 不过滤',
    en: 'VIP and backend share the subnet: the ACL does not filter',
  },
  ipv6: {
    'zh-CN': 'IPv6 CLB 默认放通后端安全组',
    en: "an IPv6 CLB always bypasses the backends' security groups",
  },
  'pass-to-target': {
    'zh-CN': '已开启“安全组默认放通”，不检查后端安全组',
    en: '"allow by default" is on: the security group of the backend is not asked',
  },
  'bypass-unknown': {
    'zh-CN': '无法判断“安全组默认放通”是否生效',
    en: 'cannot tell whether "allow by default" is in force',
  },
  groupless: { 'zh-CN': '该云产品没有安全组', en: 'this service has no security groups' },
  'guest-unseen': { 'zh-CN': '机器内部，云上 API 看不到', en: 'inside the machine: out of sight of the API' },
  'answers-probes': { 'zh-CN': '正在应答探测（Alive）', en: 'answers the probes (Alive)' },
  'source-unknown': {
    'zh-CN': '无法判断：不知道探测的源地址',
    en: 'cannot tell: the source address of the probe is not known',
  },
  'rule-unclear': { 'zh-CN': '有规则无法解读或无法读取', en: 'a rule could not be understood or read' },
  'source-disagrees': {
    'zh-CN': '无法判断：探测源不明，结论随之不同（{verdicts}）',
    en: 'cannot tell: the probe source is not known, and the answer depends on it ({verdicts})',
  },
  'order-matters': {
    'zh-CN': '换一个安全组顺序结论会不同',
    en: 'another order of the groups would give another verdict',
  },
  'reply-ports': { 'zh-CN': '回包目的端口未放行：{closed}', en: 'reply ports not open: {closed}' },
  'readings-differ': {
    'zh-CN': '出站端口按“源端口”理解时结论不同（文档两说）',
    en: 'reading the egress port as the source port gives another verdict (documented both ways)',
  },
}

export const noteText = (note: HopNote, language: Language): string =>
  t(NOTES[note.code], paramsOf(note), language)

function paramsOf(note: HopNote): Params {
  switch (note.code) {
    case 'unread':
      return { actions: [...new Set(note.failures.map(({ action, code }) => `${action} (${code})`))] }
    case 'type-unknown':
      return { type: note.type }
    case 'not-found':
      return { id: note.id }
    case 'service-groups':
      return { service: note.service }
    case 'source-disagrees':
      return { verdicts: note.verdicts.map(({ via, verdict }) => `${via}: ${verdict}`) }
    case 'reply-ports':
      return { closed: note.closed }
    default:
      return {}
  }
}

/** Notes that leave a question open, for the gaps; the others explain an answer. */
export const isOpen = (note: HopNote, verdict: HopVerdict): boolean =>
  verdict === 'unknown' && note.code !== 'guest-unseen'
