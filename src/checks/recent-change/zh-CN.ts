export const zhCN = {
  reasons: {
    'before-onset': {
      title: '{resource} {resources||都}在异常发生前 {ago}被改动{took}',
      detail: '{changes}。{where}{capacity}{doubt}',
      fix: null,
    },
  },
  where: '改动的资源在 {count} 个异常后端的探测路径上。改动在前不等于就是原因，请核对改了什么。',
  /** What a change did to the backends beside those that are probed. Behind the title. */
  took: { unbound: '，解绑了 {count} 个后端', zeroed: '，{count} 个后端的权重设为了 0' },
  capacity: {
    unbound: '被解绑的 {count} 个后端（{list}）不再承接流量，由其余后端承担。',
    zeroed: '权重为 0 的 {count} 个后端（{list}）不再承接新请求，由其余后端承担。',
  },
  /** From the newest to the oldest. */
  span: '{from}至 {to}',
  /** Who, from where, which action and when. */
  operation: '{who}{from}在异常前 {ago}{did}',
  someone: { first: '有人', within: '有人' },
  from: '（来源 {ip}）',
  /** The console counts the rules of a group from 1. The priority of an ACL entry is its place. */
  ruleChange: {
    first: '{id} 的第 {place} 条规则在异常前 {ago}被修改',
    within: '{id} 的第 {place} 条规则在异常前 {ago}被修改',
  },
} as const
