export const zhCN = {
  outcomes: {
    ok: '可通过',
    refused: '连接被拒绝（refused）',
    rejected: '被拒绝（ICMP 不可达）',
    timeout: '超时，没有任何应答',
    'http-timeout': 'TCP 已连上，应用在规定时间内没有应答',
    'wrong-answer': '有应答，但不符合健康检查的期望',
    unknown: '不能确定',
  },
  decided: '{outcome}：{by}',
  head: '{target} 的健康检查：{check}',
  headOfPool: '{target} 在 {pool} 的健康检查：{check}',
  checks: {
    http: '{request}，期望返回码 {codes}，超时 {seconds} 秒',
    other: '{kind}，超时 {seconds} 秒',
  },
  finding: '{title}（{certainty}，{code}）',
  certainty: { certain: '确定', likely: '很可能', possible: '可能' },
  sources: '受影响的探测源：{sources}',
  fix: '处理：{fix}',
  none: '缺少关键信息，无法判断原因',
  clean:
    '机器内部没有拦截健康检查。如果 CLB 仍显示异常：请在异常期间再运行一次脚本；也可以从 API 查外面的路径（clb-doctor diagnose <CLB>）',
  notSeenHead: '没有看到的内容：',
  layers: {
    iptables: 'iptables 规则',
    iptablesLegacy: 'iptables-legacy 规则',
    ip6tables: 'ip6tables 规则',
    ip6tablesLegacy: 'ip6tables-legacy 规则',
    nft: 'nftables 原生规则',
    ipset: 'ipset 成员',
    sockets: '监听的端口',
    tcx: 'tcx、netkit 程序（Linux 6.6 起）',
    otherSockets: '其他端口上的监听',
    connections: '已建立的连接',
    request: '对应用的请求',
    sysctl: '内核参数',
    conntrack: '连接跟踪表',
    routes: '路由表',
    policies: '策略路由（ip rule）',
    devices: '网卡和地址',
    tc: 'tc 过滤器、队列和 XDP 程序',
    xfrm: 'IPsec 策略',
    neighbours: '没有应答的下一跳（ip neigh）',
    arp: 'ARP 过滤规则',
    counters: '内核计数器',
    ipvs: 'IPVS 虚拟服务',
  },
  why: {
    tool: '{layer}：机器上没有 {what}',
    permission: '{layer}：{what} 没有权限，请用 root 再采集一次',
    failed: '{layer}：{what} 执行失败',
    lost: '{layer}：输出里没有这部分，可能有几行丢失；请把输出保存到文件再试',
    pruned:
      '{layer}：脚本当时没有拿到全部探测源，{what} 里只涉及其余探测源的内容没有采集；请按这些探测源用 guest-script 重新生成脚本再运行',
    'left-out': '{layer}：{what} 太长，没有取回',
    unrecorded: '{layer}：没有 {what} 的输出',
    cut: '{layer}：输出被截断，{what} 不完整',
    'not-understood': '{layer}：{what} 无法解读',
    unasked: '{layer}：没有试过 {what}',
    'other-machine': '这台机器没有地址 {what}，它的输出说明不了该后端的情况：请到持有该地址的机器上运行脚本',
  },
  cut: '输出在结束标记之前被截断，后面的内容没有看到；请让机器直接存成文件再取回：在脚本第一行 sh -s -- … 的末尾加上 > out.txt',
  notes: {
    otherTarget:
      '注意：脚本当时看的是 {asked}，不是 {target}；应用的请求和连接都属于前者。要看 {target}，请用 guest-script 重新生成脚本再运行',
    otherSources:
      '注意：脚本当时针对的探测源是 {told}，而快照中该 CLB 的探测源是 {missing}；针对后者的规则和路由可能没有采集到，因此结论都不算确定，请用 guest-script 加 --snapshot 重新生成脚本再运行',
    otherCheck:
      '注意：脚本当时发的是 {asked}，而 {pool} 的健康检查发的是 {own}，应用怎么应答后者并不知道；请用 guest-script 加 --snapshot 重新生成脚本再运行',
    provable:
      '注意：有规则的计数在增加，但增加它的也可能是探测以外的报文，所以只标“很可能”；加上 --snapshot（diagnose --save-snapshot 保存的快照）再判断，就能对照后端状态和检查间隔，把握会更准',
    undated:
      '注意：输出里没有采集时间，下文的时间取自文件的修改时间（标准输入则为读入的时间），不一定是采集的时间',
    otherTime:
      '注意：输出的时间是 {at}，快照的时间是 {taken}，输出早于故障，或两者相差一小时以上，机器可能已有变化，因此结论都不算确定；请重新运行脚本，并保存新的快照',
  },
  others: {
    'no-endpoints': {
      title: 'Service 没有可用的 Pod，节点拒绝端口 {port} 的连接',
      detail: 'kube-proxy 自己的规则拒绝了探测：{by}',
      fix: '让 Service 选中的 Pod 就绪：kubectl get pods,endpoints；核对 selector 和 readinessProbe',
    },
    'local-policy-no-pod': {
      title: '这个节点上没有 Service 的 Pod，externalTrafficPolicy 是 Local，端口 {port} 的探测被丢弃',
      detail: 'kube-proxy 自己的规则丢弃了探测：{by}',
      fix: '从后端中去掉没有 Pod 的节点，或让每个节点都有 Pod，或把 externalTrafficPolicy 改为 Cluster',
    },
    any: {
      title: '探测到不了端口 {port} 上的应用',
      detail: '起作用的是：{by}',
    },
    ping: {
      title: '健康检查的 PING 可能得不到应答',
      detail: '起作用的是：{by}',
    },
  },
  /** Of what kubectl printed. */
  cluster: {
    head: '{target}（根据集群数据）',
    missing: '{kind}：输出里没有',
    inside: '机器内部：防火墙、端口和应用，集群的 API 看不到',
    kinds: {
      slices: 'Service 的端点（endpointslices 或 endpoints）',
      pods: 'Pod',
      nodes: '节点',
      proxies: 'kube-proxy 的 Pod（kube-system）',
    },
  },
} as const
