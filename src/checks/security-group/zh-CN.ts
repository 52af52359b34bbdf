import { zhCN as shared } from '../zh-CN.ts'

export const zhCN = {
  reasons: {
    'probe-blocked': {
      title: '{denier}{blocks}健康检查{what}',
      quote: shared.quote,
      detail: shared.details.group,
      fix: shared.fixes.group,
    },
    'probe-partly-blocked': {
      title: '安全组 {all} 只放行了健康检查的部分源地址（{service}）',
      quote: shared.partQuote,
      detail: shared.details.groupPart,
      fix: shared.fixes.group,
    },
    'order-dependent': {
      title: '结论取决于安全组的绑定顺序：{groups}',
      detail:
        '{count} 个后端绑定了多个安全组，换一个顺序结论就会不同（{conflict}）：{outcomes}。API 不保证返回的顺序就是生效顺序，本报告按返回顺序判断。',
      fix: '在控制台核对该实例安全组的优先级，或把放行规则合并到同一个安全组。',
    },
  },
  verdicts: {
    pass: '放行',
    block: '拒绝',
    partial: '部分放行',
    unknown: '未能确定',
  },
  outcome: '先匹配 {first} 则{verdict}，依据 {rule}',
} as const
