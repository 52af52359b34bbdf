export const zhCN = {
  inTurn: '上面针对 {id} 的命令已包含这一改动或其中一部分，请先执行它。',
  adds: {
    joint: '、',
    egress: '出站到 {far}（{services}）',
    ingress: '来自 {far} 的入站（{services}）',
    replies: '{replies} 的回包发往探测方的端口，文档没有说明是哪个，所以 1024-65535 都要放行。',
    either: '三元组出站规则的端口指源还是目的，文档有两说，这样都能放行。',
  },
  widens: {
    group: '绑定安全组 {id} 的所有资源，共 {count} 个（{kinds}）',
    unread: '绑定安全组 {id} 的其他资源，数量未能读取（{action}）',
    subnets: '网络 ACL {id} 所绑定子网（{subnets}）内的全部地址',
  },
  /** Where the new rules go, with the place as the console counts it. */
  position: {
    last: '加在末尾',
    rule: '插在现在的第 {place} 条规则之前（命令中为 PolicyIndex {index}）',
    lastEntry: '加在末尾（命令中为 Priority {priority}）',
    entry:
      '插在现在的第 {place} 条规则之前（命令中为 Priority {priority}；如果 API 因优先级已被占用而拒绝，在控制台的这个位置插入）',
  },
} as const
