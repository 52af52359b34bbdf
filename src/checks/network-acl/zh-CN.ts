import { zhCN as shared } from '../zh-CN.ts'

export const zhCN = {
  reasons: {
    'probe-blocked': {
      title: '网络 ACL {id} {blocks}健康检查探测（{service}）',
      detail:
        '后端所在子网的 ACL 入站：{rule}。{lacking}{rest}{shadowed}涉及 {count} 个后端。网络 ACL 没有对健康检查的默认放行。{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-blocked': {
      title: '网络 ACL {id} {blocks}健康检查的回包',
      detail: `后端的回包出不去。${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
    'probe-partly-blocked': {
      title: '网络 ACL {id} 只放行了部分健康检查探测源（{service}）',
      detail:
        'ACL 入站：{rule}。{lacking}{shadowed}探测源地址不固定，后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-partly-blocked': {
      title: '网络 ACL {id} 只放行了部分健康检查回包',
      detail: 'ACL 出站：{rule}。{lacking}{shadowed}后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      fix: shared.fixes.outbound,
    },
  },
} as const
