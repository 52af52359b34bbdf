import type { ReasonText } from '../check.ts'
import { after, DETAILS, FIXES } from '../denial-texts.ts'

const OWNER = {
  'zh-CN': '后端地址属于 {services}。',
  en: 'The address of the backend belongs to {services}.',
}

export const reasons = {
  'group-blocks-probe': {
    title: {
      'zh-CN': '云产品 {services} 的安全组 {all} {blocks}健康检查探测（{service}）',
      en: 'Security group {all} of {services} {blocks} the health probe ({service})',
    },
    detail: after(OWNER, DETAILS.group),
    fix: FIXES.group,
  },
  'group-partly-blocks-probe': {
    title: {
      'zh-CN': '云产品 {services} 的安全组 {all} 只放行了部分健康检查探测源（{service}）',
      en: 'Security group {all} of {services} lets in only part of the probe sources ({service})',
    },
    detail: after(OWNER, DETAILS.groupPart),
    fix: FIXES.group,
  },
  'acl-blocks-probe': {
    title: {
      'zh-CN': '云产品 {services} 所在子网的网络 ACL {id} {blocks}健康检查探测（{service}）',
      en: 'Network ACL {id} of the subnet of {services} {blocks} the health probe ({service})',
    },
    detail: after(OWNER, {
      'zh-CN': '其子网的 ACL 入站：{rule}，被拦截的探测源：{blocked}。{shadowed}涉及 {count} 个后端。{doubt}',
      en: 'Inbound in the ACL of its subnet: {rule}. Blocked probe sources: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
    }),
    fix: FIXES.inbound,
  },
  'acl-blocks-reply': {
    title: {
      'zh-CN': '云产品 {services} 所在子网的网络 ACL {id} {blocks}健康检查的回包',
      en: 'Network ACL {id} of the subnet of {services} {blocks} the reply to the health probe',
    },
    detail: after(OWNER, DETAILS.reply),
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
