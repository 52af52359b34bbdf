export const zhCN = {
  reasons: {
    'before-onset': {
      title: '{resource} {resources||都}在异常发生前 {ago}被改动',
      detail:
        '{changes}。{resources|它|它们}在 {count} 个异常后端的探测路径上。改动在前不等于就是原因，请核对改了什么。{doubt}',
      fix: null,
    },
  },
  /** From the newest to the oldest. */
  span: '{from}至 {to}',
  /** Who, from where, which action and when. */
  operation: '{actor}{from}在异常前 {ago}执行 {event}',
  actor: { known: '{actor}', unknown: '未知操作者' },
  from: '（来源 {ip}）',
  ruleChange: '规则 {rule} 在异常前 {ago}被修改（{event}）',
} as const
