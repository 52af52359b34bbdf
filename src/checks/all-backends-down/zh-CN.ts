export const zhCN = {
  reasons: {
    'fallback-active': {
      title: '{pool} 的 {count} 个后端全部异常，CLB 正在向它们全部转发',
      detail:
        '同一监听器（或转发规则）下权重大于 0 的后端全部异常时，CLB 不再剔除任何后端，请求会被转发给全部 {count} 个{except}。因此部分请求可能仍会成功：业务“还能访问”不代表健康检查正常。',
      fix: null,
    },
    'one-left': {
      title: '{pool} 的 {count} 个后端中{pools||各}只剩 1 个正常',
      detail: '全部流量都由 {last} 承担；{pools|它|任何一个}一旦异常，CLB 将改为向所有异常后端转发。',
      fix: '优先恢复其他后端，并确认 {last} 能承受全部流量。',
    },
  },
  /** Backends with weight 0 get no requests. */
  except: '（权重为 0 的 {count} 个除外）',
} as const
