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
    machines: '绑定该安全组的 {count} 台云服务器',
    group: '绑定该安全组的 {count} 个资源（{kinds}）',
    unread: '绑定该安全组的其他资源，数量未能读取（{action}）',
    subnets: '该网络 ACL 绑定的子网（{subnets}）内的全部地址',
  },
  /** Where the new rules go, with the place as the console counts it. */
  position: {
    last: '末尾',
    rule: '第 {place} 条规则之前',
    entry: '优先级 {place} 的规则之前',
  },
  /** The place as the commands give it. */
  command: {
    rule: '（命令中 PolicyIndex {index}）',
    last: '（命令中 Priority {priority}）',
    entry: '（命令中 Priority {priority}；若 API 因优先级已被占用而拒绝，在控制台此处插入）',
  },
  /** The rules deny every address, and it is not known from which one the probes come. */
  unknownSource: {
    advice:
      '{id} 拒绝了所有地址，而探测从哪里来尚不清楚，可能是：{sources}。请先弄清源地址，再在 {id} 中放行它访问 {services}；源地址未知，这样改是否足够无法推演。',
    sources: {
      'balancer-unread': '{clb} 的 VIP 或 SNAT IP',
      'no-vip': '{clb} 的 VIP（API 没有返回）',
      'no-snat-ip': '{clb} 的 SNAT IP（API 没有返回）',
      'cross-region': '{clb} 的 VIP，或 100.64.0.0/10',
      'classic-public': '{clb} 的 VIP、100.64.0.0/10 或 CLB 服务器的地址',
      'basic-network': 'CLB 服务器的地址',
    },
  },
} as const
