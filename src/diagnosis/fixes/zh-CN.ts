export const zhCN = {
  inTurn: '上面针对 {id} 的命令已包含这一改动或其中一部分，请先执行它。',
  adds: {
    joint: '、',
    egress: '出站到 {far}（{services}）',
    ingress: '来自 {far} 的入站（{services}）',
    replies: '{replies} 的回包发往探测方的端口，文档没有说明是哪个，所以 1024-65535 都要放行。',
    either: '出站规则的端口是源端口还是目的端口，文档说法不一；这样写两种情况都能放行。',
  },
  undo: {
    rule: '撤销：删除安全组 {id} 第 {place} 条入站规则',
    replaced: '撤销：把安全组 {id} 第 {place} 条入站规则改回 {before}',
    removed: '撤销：把删掉的入站规则（{words}）重新加入安全组 {id}，原来的位置未知，加在末尾',
    entry: {
      ingress: '撤销：删除网络 ACL {id} 第 {place} 条入站规则',
      egress: '撤销：删除网络 ACL {id} 第 {place} 条出站规则',
    },
    list: {
      ingress: '撤销：把网络 ACL {id} 的入站规则恢复为之前的 {count} 条（命令会替换全部入站规则）',
      egress: '撤销：把网络 ACL {id} 的出站规则恢复为之前的 {count} 条（命令会替换全部出站规则）',
    },
    set: '撤销：把安全组 {id} 的规则恢复为上一次整体设置的内容，其中入站 {count} 条（命令会替换全部入站和出站规则）',
    binding: '撤销：把网络 ACL {id} 从 {subnets} 解绑',
    check: '撤销：把 {pool} 的健康检查改回上一次的设置（{list}）',
    done: '上面针对 {id} 的撤销也会放行这里的探测',
  },
  /** Backends that somebody unbound, or whose weight somebody set to 0. */
  backends: {
    bound: '撤销：重新绑定被解绑的 {count} 个后端（{list}）{note}',
    weighted: '撤销：把 {count} 个后端的权重改回原值（{list}）{note}',
    raised: '把 {count} 个后端的权重调到大于 0（{list}）{note}',
    weight: '{name} 权重 {weight}',
    unlogged: '，日志里没有之前的权重，命令用默认值 {weight}',
  },
  /** What to do before the change is undone. */
  ask: {
    somebody: '，先与 {actor} 确认',
    nobody: '，先弄清是谁操作的、为什么',
    unread: '；操作审计未能读取，不知道是谁改的、改之前是什么',
  },
  /** Of a health check, as the console calls it. */
  settings: {
    enabled: '健康检查开关',
    type: '检查协议',
    port: '检查端口',
    timeoutSeconds: '响应超时',
    intervalSeconds: '检查间隔',
    unhealthyThreshold: '不健康阈值',
    healthyThreshold: '健康阈值',
    method: 'HTTP 请求方式',
    host: '检查域名',
    path: '检查路径',
    httpVersion: 'HTTP 版本',
    httpCodes: '正常状态码掩码',
    sourceIpType: '探测源 IP 类型',
  },
  setting: '{name} {now} → {old}',
  somebody: '有人',
  /** Who made a thing what it is, by the name of the operation. */
  doneBy: {
    StopInstances: '{who} 于 {time} 关闭了 {list}{ask}。',
    TerminateInstances: '{who} 于 {time} 销毁了 {list}{ask}。',
    DetachNetworkInterface: '{who} 于 {time} 解绑了 {list}{ask}。',
    SetLoadBalancerStartStatus: '{who} 于 {time} 停止了 {list}{ask}。',
  },
  /** A change that cannot be taken back, because the audit log does not hold what stood before. */
  unlogged: {
    note: '{whose}无法给出撤销命令：从操作审计看不出{lack}。{ask}，或在控制台的操作审计里查 {id} 更早的记录。',
    by: { somebody: '{actor} {time} 的改动', nobody: '{time} 的那次改动' },
    lacks: { before: ' {id} 改之前的内容', place: '被删的规则原来排在 {id} 的第几条' },
    ask: { somebody: '请问 {actor}', nobody: '请先弄清是谁改的' },
  },
  /** What an undoing lets in beside the probes. */
  beside: {
    known: '探测之外，撤销后新放行的只有：{packets}',
    rule: '{words} 所拒绝的其他流量（未经推演）',
    list: '{id} 之前的规则所放行的其他流量（未经推演）',
    binding: '网络 ACL {id} 所拒绝的其他全部流量',
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
  /** What to do if the inferred place of an ACL entry does not work. */
  refused: '若因优先级已被占用而被拒绝，请在控制台的这个位置插入。',
  left: '这里只列出前 {count} 条命令，其余 {left} 条同理。',
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
