export const zhCN = {
  reasons: {
    'before-onset': {
      title: '{resource} 在异常发生前 {ago}被改动',
      detail:
        '{changes}。它在 {count} 个异常后端的探测路径上。时间在前不等于就是原因，请核对这次改了什么。{doubt}',
      fix: null,
    },
  },
  /** Who, from where, which action and when. */
  operation: '{actor}{from}在异常前 {ago}执行 {event}',
  actor: { known: '{actor}', unknown: '未知操作者' },
  from: '（来源 {ip}）',
  ruleChange: '规则 {rule} 在异常前 {ago}被修改（{event}）',
} as const
