export const zhCN = {
  /** What an unknown hop is about, why it cannot be told, and what settles it. */
  things: {
    'owner-unknown': {
      subject: '后端 {ip}',
      reason: '查不到该地址所属的网卡，不知道它受哪些安全组和网络 ACL 管控',
      settle: '在控制台查明 {ip} 属于哪台机器；已不再使用的地址请解绑',
    },
    'address-unknown': {
      subject: '没有地址的后端',
      reason: 'API 没有给出这个后端的地址',
      settle: '在控制台核对该监听器的后端列表',
    },
    'no-groups': {
      subject: '后端 {ip}',
      reason: 'API 没有返回它绑定的安全组',
      settle: '在控制台打开这台机器的“安全组”页',
    },
    'outside-vpc': {
      subject: '后端 {ip}',
      reason: '在云联网/专线对端，API 看不到那里的防火墙和路由',
      settle: '在对端确认：已放行 CLB 的源 IP，且有回程路由',
    },
    'node-unknown': {
      subject: 'Pod {ip}',
      reason: 'GlobalRouter 网络的 Pod 没有自己的网卡，不知道它在哪个节点上',
      settle: 'kubectl get pods -A -o wide --field-selector status.podIP={ip}',
    },
    'service-groups': {
      subject: '云产品 {service}',
      reason: '查不到它绑定的安全组',
      settle: '在该云产品的控制台查看 {service} 的安全组',
    },
    'type-unknown': {
      subject: '后端 {ip}（类型 {type}）',
      reason: '不认识这种后端类型，不知道它受哪些安全组和网络 ACL 管控',
      settle: '在控制台查看 {ip} 的安全组和所在子网的网络 ACL',
    },
    'not-found': {
      subject: '{id}',
      reason: 'API 查不到它，可能已被删除',
      settle: '在控制台确认 {id} 是否还在',
    },
    'check-unknown': {
      subject: '健康检查的配置',
      reason: 'API 没有返回健康检查的配置，不知道 CLB 探测什么',
      settle: '在控制台打开该监听器的健康检查配置',
    },
    'protocol-unknown': {
      subject: '健康检查的协议',
      reason: '不认识这种协议或检查方式，不知道 CLB 探测什么',
      settle: '在控制台打开该监听器的健康检查配置',
    },
    'order-matters': {
      subject: '安全组的顺序',
      reason: '换一个顺序结论会不同',
      settle: '在控制台该机器的“安全组”页核对顺序',
    },
  },
  unread: {
    permission: '在控制台直接查看；或给 clb-doctor 的角色授予 {action}，再诊断一次',
    again: '稍后再诊断一次',
    console: '在控制台查看',
  },
  bypass: {
    subject: '{clb} 的“安全组默认放通”是否生效',
    unsaid: 'API 没有返回它是否开启',
    snat: '文档没有说明开启 SNAT 时它是否生效',
    settle: {
      unsaid: '在控制台 {clb} 的“安全组”页查看这个开关',
      snat: '在后端的安全组放行探测，两种情况就都能通过',
    },
  },
  subnet: {
    subject: '{clb} 的 VIP 是否与后端同子网',
    reason: 'API 没有返回它的网络类型或子网；同子网时网络 ACL 不过滤',
    settle: '在控制台 {clb} 的基本信息页查看网络类型和子网',
  },
  /** Added to the reason if a rule would deny the probe. */
  otherwise: '；否则会被拒绝：{rule}',
  source: {
    subject: '探测的源 IP',
    why: {
      'balancer-unread': '未能获取 CLB 的属性',
      'no-vip': 'API 没有返回 {clb} 的 VIP',
      'no-snat-ip': 'API 没有返回 {clb} 的 SNAT IP',
      'cross-region': '没有 SNAT IP 的跨地域探测从哪里来，文档没有说明',
      'classic-public': '公网传统型 CLB 的探测从哪里来，文档没有说明',
      'basic-network': '基础网络 CLB 的探测从哪里来，文档没有说明',
    },
    part: '{why}；规则只放行部分地址',
    may: 'API 没有说明探测从哪里来：{origins}',
    origin: '来自 {via} 时{verdict}',
    by: '{verdict}（{rule}）',
    settle: '在控制台该监听器的健康检查配置中查看“健康探测源 IP”',
    capture: 'tcpdump -ni any -c 5 {filter}  # 在后端上执行，看探测的源地址；一个都没有，就是在途中被拦截',
  },
  verdicts: {
    pass: '放行',
    partial: '部分被拒绝',
    block: '被拒绝',
    unknown: '未能确定',
    'not-applicable': '不适用',
  },
  rules: {
    group: '安全组 {id} 第 {position} 条入站规则（{line}）',
    acl: {
      'acl-in': '网络 ACL {id} 优先级 {position} 的入站规则（{line}）',
      'acl-out': '网络 ACL {id} 优先级 {position} 的出站规则（{line}）',
    },
    denies: { group: '安全组 {id} 的默认拒绝', acl: '网络 ACL {id} 的默认拒绝' },
  },
  parts: {
    action: '动作“{text}”无法识别',
    protocol: '协议“{text}”无法识别',
    port: '端口“{text}”无法识别',
    address: '地址“{text}”无法识别',
    'source-group': '来源是安全组 {id}，文档没有说明 {via} 算不算其成员',
    'template-unread': '未能获取模板 {id}（{why}）',
    'template-not-found': '查不到模板 {id}，可能已被删除',
    'template-member': '模板 {id} 里有无法识别的成员',
    'probe-port': '不知道 CLB 探测哪个端口',
    'two-services': '同时写了服务模板和端口，两者不一致',
    'several-sources': '同时写了几种来源，不知道以哪个为准',
    priority: '优先级缺失或重复，不知道它排在哪里',
    icmpv6: '文档没有说明 ACL 的 ICMP 是否包括 ICMPv6',
  },
  empty: '（空）',
  settle: {
    allow: '在它之前新增一条规则：放行 {service}，来源 {sources}',
    reply: '在它之前新增一条规则：放行到 {sources} 的 TCP/UDP 1024-65535 和 ICMP',
    control: '（同一安全组下若有健康的后端，也能说明它放行）',
    template: '在控制台“参数模板”中查看 {id}；已被删除的请改这条规则',
    console: '在控制台查看这条规则',
  },
  guest: {
    subject: '机器内部',
    reason: 'API 看不到',
    /** In a command that holds for every backend. */
    target: '<IP:端口>',
    /** Somebody looked inside, and something is still open. */
    looked: '{ip} 内部',
    unread: '未能读取 {what}',
    unclear: '可能起作用的 {what} 无法解读',
    nothing: '看到的内容不足以判断',
    firstPort: {
      reason: '端口 {what} 可通过，范围内其他端口没有看',
      settle: '在机器上执行 ss -ltn，看范围内哪些端口在监听',
    },
    /** Connections with probes say otherwise than all that was evaluated. */
    observed: {
      'half-open': {
        reason: '能推演的都放行，但来自 {peers} 的连接一直半开：SYN 进来了，ACK 没有跟来，说明回包丢了',
        settle:
          '在机器上看 ip route get {peer}、ip neigh、tc -s qdisc，再用 tcpdump -ni any host {peer} and tcp port {port} 看 SYN-ACK 有没有发出去',
      },
      unread: {
        reason: '应用能应答本机的请求，但 {peers} 等到放弃，应用都没有读取它们的请求',
        settle: '查应用在读取请求之前对来访地址做了什么：反查域名（DNS）、按地址限流、没有空闲的工作线程',
      },
      unacknowledged: {
        reason: '应用已应答，但 {peers} 没有确认收到：应答在路上丢了',
        settle: '对比机器的 MTU（ip link）和沿途的 MTU（VPC 内为 1500），大的应答最先丢',
      },
      unanswered: {
        reason: '端口有监听，但机器自己去连也没有回应',
        settle:
          '看套接字或 cgroup 上有没有挂程序（bpftool prog、bpftool cgroup tree），应用是否设置了 TCP MD5',
      },
    },
    why: {
      tool: '{what}（机器上没有这个工具）',
      permission: '{what}（没有权限，需要 root）',
      failed: '{what}（执行失败）',
      lost: '{what}（有几行丢失）',
      pruned: '{what}（采集时没有指定这些探测源）',
      'left-out': '{what}（太长，没有取回）',
      cut: '{what}（输出被截断）',
      'not-understood': '{what}（无法解读）',
      unasked: '{what}（没有试过）',
      'other-machine': '{what}（不是回答的那台机器的地址）',
    },
    again: '用 root 再采集一次；缺少的工具装好后再采集',
  },
  more: '另有 {count} 项',
} as const
