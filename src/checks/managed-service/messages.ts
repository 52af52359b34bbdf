import type { ReasonText } from '../check.ts'
import { FIXES } from '../denial-texts.ts'

export const reasons = {
  'group-blocks-probe': {
    title: {
      'zh-CN': '云产品 {services} 的安全组 {all} {blocks}健康检查探测（{service}）',
      en: 'Security group {all} of {services} {blocks} the health probe ({service})',
    },
    detail: {
      'zh-CN':
        '后端地址属于 {services}。探测（源 {sources}）访问 {service} 时：{rule}，被拦截的源地址：{blocked}。{shadowed}涉及 {count} 个后端。{doubt}',
      en: 'The address of the backend belongs to {services}. Probes (source: {sources}) to {service}: {rule}. Blocked sources: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
    },
    fix: FIXES.group,
  },
  'group-partly-blocks-probe': {
    title: {
      'zh-CN': '云产品 {services} 的安全组 {all} 只放行了部分健康检查探测源（{service}）',
      en: 'Security group {all} of {services} lets in only part of the probe sources ({service})',
    },
    detail: {
      'zh-CN':
        '后端地址属于 {services}。探测源（{sources}）中的 {blocked} 访问 {service} 时被拦截：{rule}。{shadowed}后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      en: 'The address of the backend belongs to {services}. Of the probe sources ({sources}), {blocked} cannot reach {service}: {rule}.{shadowed} The backends can flap. Backends behind it: {count}.{doubt}',
    },
    fix: FIXES.group,
  },
  'acl-blocks-probe': {
    title: {
      'zh-CN': '云产品 {services} 所在子网的网络 ACL {id} {blocks}健康检查探测（{service}）',
      en: 'Network ACL {id} of the subnet of {services} {blocks} the health probe ({service})',
    },
    detail: {
      'zh-CN':
        '后端地址属于 {services}。其子网的 ACL 入站：{rule}，被拦截的探测源：{blocked}。{shadowed}涉及 {count} 个后端。{doubt}',
      en: 'The address of the backend belongs to {services}. Inbound in the ACL of its subnet: {rule}. Blocked probe sources: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
    },
    fix: FIXES.inbound,
  },
  'acl-blocks-reply': {
    title: {
      'zh-CN': '云产品 {services} 所在子网的网络 ACL {id} {blocks}健康检查的回包',
      en: 'Network ACL {id} of the subnet of {services} {blocks} the reply to the health probe',
    },
    detail: {
      'zh-CN':
        '后端地址属于 {services}。ACL 无状态，出站规则要单独放行回包{towards}：{rule}，到不了的探测源：{blocked}。{shadowed}涉及 {count} 个后端。{doubt}',
      en: 'The address of the backend belongs to {services}. ACLs are stateless: outbound entries must allow the reply by themselves{towards}: {rule}. Probe sources out of reach: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
    },
    fix: FIXES.outbound,
  },
} as const satisfies Record<string, ReasonText>

/** Products as their own pages call them, by resource type. */
export const PRODUCTS: Readonly<Record<string, string>> = {
  cdb: 'TencentDB for MySQL',
  redis: 'TencentDB for Redis',
  mongodb: 'TencentDB for MongoDB',
  postgres: 'TencentDB for PostgreSQL',
  ckafka: 'CKafka',
  cos: 'COS',
}
