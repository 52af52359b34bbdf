export const zhCN = {
  inTurn: '上面针对 {id} 的命令已包含这一改动或其中一部分，请先执行它。',
  reply: '{protocol} {port} 的回包',
  adds: {
    joint: '、',
    egress: '出站到 {far}（{services}）',
    ingress: '来自 {far} 的入站（{services}）',
    either: '；三元组出站规则的端口指源还是目的，文档有两说，这样都能放行',
  },
  widens: {
    group: '绑定安全组 {id} 的所有资源，共 {count} 个（{kinds}）',
    unread: '绑定安全组 {id} 的其他资源，数量未能读取（{action}）',
    subnets: '网络 ACL {id} 所绑定子网（{subnets}）内的全部地址',
  },
  /** Where the new rules of a group go. */
  position: { last: '末尾', index: ' PolicyIndex {index} 处' },
} as const
