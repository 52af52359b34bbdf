const cause = '{count} 个异常后端的确切原因：{targets}'

const health = '{count} 个后端的健康状态：{targets}'

export const zhCN = {
  /** Why a call failed. */
  problems: {
    denied: '没有权限（{code}），需要授予 {action}',
    'not-found': 'API 回答不存在（{code}）',
    throttled: '被 API 限频（{code}）',
    unavailable: 'API 无法访问或出错（{code}）',
    malformed: 'API 的应答无法解析（{code}）',
    deadline: '超时',
    rejected: 'API 拒绝了请求（{code}）',
  },
  gaps: {
    unexplained: {
      what: cause,
      why: 'API 看不到原因，或只有“可能”的原因；剩下的要到机器上看：{look}',
    },
    'unexplained-unread': {
      what: cause,
      why: '未能获取 {actions}，原因可能就在那里；请先解决读取问题再诊断一次，之后才需要到机器上看',
    },
    'unexplained-unknown': {
      what: cause,
      why: '以下各项未能确定，原因可能就在其中：{subjects}；请先弄清楚，之后再到机器上看',
    },
    pod: {
      what: '{count} 个直连 Pod 后端的确切原因：{targets}',
      why: 'API 看不到原因，或只有“可能”的原因；剩下的要到集群里看：Pod 是否就绪、{look}；节点是否转发',
    },
    'node-port': {
      what: '{count} 个 NodePort 后端的确切原因：{targets}',
      why: 'API 看不到原因，或只有“可能”的原因；剩下的要到集群里看：节点上的 kube-proxy 是否正常、Service 在该节点上有没有 Pod（externalTrafficPolicy）、Pod 本身是否就绪',
    },
    database: {
      what: '{count} 个云产品后端的确切原因：{targets}',
      why: 'API 看不到原因；请从同 VPC 的机器上连一下，并查看该产品自己的状态',
    },
    remote: {
      what: '{count} 个云联网/专线后端的确切原因：{targets}',
      why: '对端的防火墙、路由和服务不在云上，API 看不到',
    },
    'warming-up': {
      what: '{count} 个刚绑定的后端是否健康：{targets}',
      why: '绑定不久，连续探测成功的次数还不够，目前不能算异常；最早 {readyAt} 才能变为正常，请到时再看',
    },
    status: {
      what: health,
      why: 'API 返回了不认识的状态“{status}”',
    },
    'status-missing': {
      what: health,
      why: '健康检查结果里没有这些后端',
    },
    account: {
      what: '账号的公网计费类型，涉及 {count} 个后端：{targets}',
      why: '{why}；若账号是传统账户类型（公网带宽按云服务器计费），没有公网带宽的云服务器会被公网 CLB 探测为异常',
      unasked: '这份快照没有读取',
    },
    bandwidth: {
      what: '{count} 个后端的公网带宽：{targets}',
      why: '未能获取；该账号的公网带宽按云服务器计费（传统账户类型），没有公网带宽的云服务器会被公网 CLB 探测为异常',
    },
    functions: {
      what: '{pool} 的健康状态',
      why: '它转发到云函数，API 不返回其健康状态',
    },
    weight: {
      what: '{count} 个后端的权重：{targets}',
      why: '未能获取权重，因此未能确定是否触发“全死全活”',
    },
    'audit-partial': {
      what: '{from} 之前的改动（操作审计）',
      why: '操作记录太多，或有记录无法解析；只完整读到了此后的部分',
    },
    hop: {
      what: '{subject}（{stages}），涉及 {count} 个后端：{targets}',
      why: '{reason}；要弄清楚：{settle}',
      open: '{reason}',
    },
  },
  /** Somebody looked into the machines. Sentences of one text. */
  looked: {
    passes: '{at} 已在机器内部看过：没有发现拦截探测的东西，服务对本机请求也按期望应答。',
    nothing: '取回的内容不足以判断',
    observed: '{at} 已在机器内部看过：{seen}。',
    same: '{at} 已在机器内部看过：看到的问题不足以说明原因（见备注），因为正常的后端情况相同，或者探测照样通过。',
    stopped: '{at} 已在机器内部看过：只有一部分探测会被拦下，见“可能”的原因；这未必是全部原因。',
    open: '{at} 已在机器内部看过，但这些没有看清，原因可能就在其中：{notSeen}。',
    seen: {
      connected: '机器上有探测建立的连接（来自 {peers}），说明探测进得来、回包出得去。',
      halfOpen: '机器上有来自 {peers} 的半开连接，说明探测进得来；回包可能在路上丢了。',
    },
    outside: {
      passes:
        '安全组和网络 ACL 推演也都放行：先从同 VPC 的另一台机器按健康检查的方式访问一次；若能通，再看探测之间是否偶尔失败，或提交工单并附上本次诊断。',
      answers:
        '安全组和网络 ACL 推演也都放行：先从同 VPC 的另一台机器按健康检查的方式访问一次；若能通，再到服务的访问日志里找探测（User-Agent 为 clb-healthcheck）：白名单、按地址限流、反查域名都可能对 CLB 另眼相待；若日志里的应答也正常，再看探测之间是否偶尔失败，或提交工单并附上本次诊断。',
      open: '要看的是机器之外、还没有弄清楚的：{subjects}。',
    },
    cut: '从机器上取回的内容不完整。',
    firstPort: '范围监听器只看了第一个端口，探测可能发到其他端口，请一并检查。',
    stale: '采集是在异常开始之前，或与读取 CLB 的时间相差一小时以上，情况可能变了，请再采集一次。',
  },
  stages: {
    'acl-in': '网络 ACL 入站',
    'security-group': '安全组',
    'acl-out': '网络 ACL 出站',
  },
  /** What to look for, by what the probe sends. */
  looks: {
    ping: '是否应答 ping（icmp_echo_ignore_all、icmp_ratelimit、防火墙；安全组要放行 ICMP）',
    tcp: '服务是否监听、防火墙是否拦截',
    udp: '是否应答 ping、服务是否监听、防火墙是否拦截',
    http: '服务是否监听、防火墙是否拦截、应用返回什么状态码',
    grpc: '服务是否监听、防火墙是否拦截、返回什么 gRPC 状态码',
    custom: '服务是否监听、防火墙是否拦截、收到检查请求后返回什么',
  },
  /** The first line of a list of commands. */
  writtenFor: {
    only: '针对 {target}',
    example: '以 {target} 为例，共 {count} 个，另有：{others}',
  },
  /** Where to run a command, as a shell comment that can be pasted with it. */
  where: {
    there: '打印只读的探针脚本，粘贴到 {ip} 上以 root 执行',
    windows: '打印 PowerShell 命令，在 {ip} 上逐条执行，结果由人来看',
    podScript: '打印只读的探针脚本，粘贴到能用 kubectl 的机器上执行',
    judge: '把脚本的输出贴进来（Ctrl-D 结束），得到结论',
    save: '保存快照，里面有健康检查的设置',
    neighbour: '在同 VPC 的另一台机器上执行',
    clbVpc: '在负载均衡所在 VPC 的机器上执行',
    cluster: '在能访问集群的机器上执行',
    node: '在 Pod 所在节点上执行',
    account: '在配置了 tccli 的机器上执行',
    after: '{time} 之后执行',
    expected: '，期望 {codes}',
  },
} as const
