import type { Text } from '../../model/language.ts'
import type { ReasonText } from '../check.ts'
import { after, DETAILS, FIXES } from '../denial-texts.ts'

export const reasons = {
  'probe-blocked': {
    title: {
      'zh-CN': '网络 ACL {id} {blocks}健康检查探测（{service}）',
      en: 'Network ACL {id} {blocks} the health probe ({service})',
    },
    detail: {
      'zh-CN':
        '后端所在子网的 ACL 入站：{rule}，被拦截的探测源：{blocked}。{shadowed}涉及 {count} 个后端。网络 ACL 没有对健康检查的默认放行。{doubt}',
      en: "Inbound in the ACL of the backends' subnet: {rule}. Blocked probe sources: {blocked}.{shadowed} Backends behind it: {count}. Network ACLs have no built-in exception for health checks.{doubt}",
    },
    fix: FIXES.inbound,
  },
  'reply-blocked': {
    title: {
      'zh-CN': '网络 ACL {id} {blocks}健康检查的回包',
      en: 'Network ACL {id} {blocks} the reply to the health probe',
    },
    detail: after(
      { 'zh-CN': '后端的回包出不去。', en: 'The reply of the backends does not get out.' },
      DETAILS.reply,
    ),
    fix: FIXES.outbound,
  },
  'probe-partly-blocked': {
    title: {
      'zh-CN': '网络 ACL {id} 只放行了部分健康检查探测源（{service}）',
      en: 'Network ACL {id} lets in only part of the probe sources ({service})',
    },
    detail: {
      'zh-CN':
        'ACL 入站拦截了 {blocked}：{rule}。{shadowed}探测源地址不固定，后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      en: 'Inbound, {blocked} is denied: {rule}.{shadowed} The source address of probes changes, so the backends can flap. Backends behind it: {count}.{doubt}',
    },
    fix: FIXES.inbound,
  },
  'reply-partly-blocked': {
    title: {
      'zh-CN': '网络 ACL {id} 只放行了部分健康检查回包',
      en: 'Network ACL {id} lets out only part of the replies',
    },
    detail: {
      'zh-CN': 'ACL 出站：{rule}。{shadowed}{lacking}。后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      en: 'Outbound: {rule}.{shadowed} {lacking}. The backends can flap. Backends behind it: {count}.{doubt}',
    },
    fix: FIXES.outbound,
  },
} as const satisfies Record<string, ReasonText>

/** What part of the replies does not get out: addresses, ports of the prober, or both. */
export function lacking(blocked: readonly string[], closed: readonly string[]): Text {
  const some = (list: readonly string[], comma: string): string =>
    list.length > MOST ? `${list.slice(0, MOST).join(comma)} …` : list.join(comma)
  const both = (addresses: string, ports: string, comma: string, stop: string): string =>
    [
      ...(blocked.length > 0 ? [`${addresses}${some(blocked, comma)}`] : []),
      ...(closed.length > 0 ? [`${ports}${some(closed, comma)}`] : []),
    ].join(stop)
  return {
    'zh-CN': both('拦截的目的地址：', '未放行的目的端口：', '、', '；'),
    en: both('Destinations denied: ', 'Destination ports not open: ', ', ', '. '),
  }
}

const MOST = 6

/** Stands where a rule would be named (platform facts B). */
export const OTHER_READING = {
  'zh-CN': '若三元组出站规则的端口指“源端口”（文档两说），回包会被拒绝',
  en: 'if the port of a triple egress entry means the source port (it is documented both ways), the reply is denied',
}
