import { zhCN as shared } from '../zh-CN.ts'

const owner = '后端地址属于 {services}。'

export const zhCN = {
  reasons: {
    'group-blocks-probe': {
      title: '云产品 {services} 的安全组 {all} {blocks}健康检查探测（{service}）',
      detail: `${owner}${shared.details.group}`,
      fix: shared.fixes.group,
    },
    'group-partly-blocks-probe': {
      title: '云产品 {services} 的安全组 {all} 只放行了部分健康检查探测源（{service}）',
      detail: `${owner}${shared.details.groupPart}`,
      fix: shared.fixes.group,
    },
    'acl-blocks-probe': {
      title: '云产品 {services} 所在子网的网络 ACL {id} {blocks}健康检查探测（{service}）',
      detail: `${owner}其子网的 ACL 入站：{rule}。{lacking}{rest}{shadowed}涉及 {count} 个后端。{doubt}`,
      fix: shared.fixes.inbound,
    },
    'acl-blocks-reply': {
      title: '云产品 {services} 所在子网的网络 ACL {id} {blocks}健康检查的回包',
      detail: `${owner}${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
  },
} as const
