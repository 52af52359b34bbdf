import { zhCN as shared } from '../zh-CN.ts'

export const zhCN = {
  reasons: {
    'probe-blocked': {
      title: '网络 ACL {id} {blocks}健康检查探测（{service}）',
      detail:
        '后端所在子网的 ACL 入站：{rule}，被拦截的探测源：{blocked}。{shadowed}涉及 {count} 个后端。网络 ACL 没有对健康检查的默认放行。{doubt}',
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
        'ACL 入站拦截了 {blocked}：{rule}。{shadowed}探测源地址不固定，后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-partly-blocked': {
      title: '网络 ACL {id} 只放行了部分健康检查回包',
      detail: 'ACL 出站：{rule}。{shadowed}{lacking}。后端可能时好时坏。涉及 {count} 个后端。{doubt}',
      fix: shared.fixes.outbound,
    },
  },
  /** Replaces the name of the rule if only the other reading of the port blocks (platform facts B). */
  otherReading: '若三元组出站规则的端口指“源端口”（文档两说），回包会被拒绝',
  /** Which replies do not get out: addresses, ports of the prober, or both. */
  lacking: {
    addresses: '拦截的目的地址：{list}',
    ports: '未放行的目的端口：{list}',
    both: '{addresses}；{ports}',
  },
} as const
