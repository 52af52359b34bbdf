import { zhCN as shared } from '../zh-CN.ts'

export const zhCN = {
  reasons: {
    'probe-blocked': {
      title: '{denier}{blocks}健康检查{what}',
      quote: shared.quote,
      detail:
        '健康检查{from}探测 {service}。后端所在子网的 ACL 入站：{rule}。{rest}{shadowed}涉及 {count} 个后端。网络 ACL 没有对健康检查的默认放行。{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-blocked': {
      title: '{denier}{blocks}健康检查的回包',
      quote: shared.quote,
      detail: `后端的回包出不去。${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
    'probe-partly-blocked': {
      title: '网络 ACL {id} 只放行了健康检查的部分源地址（{service}）',
      quote: shared.partQuote,
      detail:
        'ACL 入站：{rule}。{lacking}{shadowed}探测源地址不固定，后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-partly-blocked': {
      title: '网络 ACL {id} 只放行了健康检查的部分回包',
      quote: shared.partQuote,
      detail: 'ACL 出站：{rule}。{lacking}{shadowed}后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      fix: shared.fixes.outbound,
    },
  },
} as const
