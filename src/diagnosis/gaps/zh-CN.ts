const cause = '{count} 个异常后端的确切原因：{targets}'

const health = '{count} 个后端的健康状态：{targets}'

export const zhCN = {
  /** What each action reads. */
  subjects: {
    'clb:DescribeLoadBalancers': '负载均衡实例的属性',
    'clb:DescribeListeners': '监听器与健康检查配置',
    'clb:DescribeTargets': '绑定的后端服务和权重',
    'clb:DescribeTargetHealth': '后端服务的健康状态',
    'clb:DescribeTargetGroups': '目标组的健康检查配置',
    'clb:DescribeTargetGroupInstances': '目标组的成员',
    'cvm:DescribeInstances': '云服务器的状态和安全组',
    'vpc:DescribeNetworkInterfaces': '弹性网卡的归属和安全组',
    'vpc:DescribeSubnets': '后端所在子网',
    'vpc:DescribeNetworkAcls': '子网的网络 ACL 规则',
    'vpc:DescribeNetworkAclQuintupleEntries': '五元组网络 ACL 的规则',
    'vpc:DescribeSecurityGroupPolicies': '安全组规则',
    'vpc:DescribeSecurityGroupExpandedPolicies': '展开参数模板后的安全组规则',
    'vpc:DescribeSecurityGroupAssociationStatistics': '安全组绑定了多少资源',
    'vpc:DescribeAddressTemplates': 'IP 地址模板的成员',
    'vpc:DescribeAddressTemplateGroups': 'IP 地址组的成员',
    'vpc:DescribeServiceTemplates': '协议端口模板的成员',
    'vpc:DescribeServiceTemplateGroups': '协议端口组的成员',
    'clb:DescribeCrossTargets': '跨地域后端所在的地域、VPC 和网卡',
    'clb:DescribeClassicalLBListeners': '传统型负载均衡的监听器与健康检查配置',
    'clb:DescribeClassicalLBTargets': '传统型负载均衡绑定的后端服务',
    'clb:DescribeClassicalLBHealthStatus': '传统型负载均衡后端服务的健康状态',
    'vpc:DescribeVpcs': 'VPC 的网段',
    'vpc:DescribeUsedIpAddress': '后端地址属于谁',
    'vpc:DescribeVpcPrivateIpAddresses': '后端地址属于哪种产品',
    'vpc:DescribeRouteTables': '子网的路由表',
    'vpc:DescribeCcnAttachedInstances': 'VPC 加入了哪个云联网',
    'vpc:DescribeCcnRoutes': '云联网的路由',
    'cdb:DescribeDBSecurityGroups': '云数据库 MySQL 绑定的安全组',
    'redis:DescribeDBSecurityGroups': '云数据库 Redis 绑定的安全组',
    'mongodb:DescribeSecurityGroup': '云数据库 MongoDB 绑定的安全组',
    'postgres:DescribeDBInstanceSecurityGroups': '云数据库 PostgreSQL 绑定的安全组',
    'ckafka:DescribeSecurityGroupRoutes': 'CKafka 接入点绑定的安全组',
    'region:DescribeRegions': '账号可用的地域',
    'tke:DescribeClusters': 'TKE 集群的网络模式',
    'tke:DescribeClusterInstances': 'TKE 集群有哪些节点',
    'cloudaudit:DescribeEvents': '异常发生前谁改了什么（操作审计）',
    'cls:SearchLog': '健康检查日志',
  },
  /** Why a call failed. */
  problems: {
    denied: '没有权限（{code}），需要授予 {action}',
    'not-found': 'API 回答不存在（{code}）',
    throttled: '被 API 限频（{code}），多次重试后放弃',
    unavailable: 'API 无法访问或出错（{code}），多次重试后放弃',
    malformed: 'API 的应答无法解析（{code}）',
    deadline: '超出了限定的时间',
    rejected: 'API 拒绝了请求（{code}）',
  },
  gaps: {
    unexplained: {
      what: cause,
      why: 'API 能看到的每一跳都解释不了，或只有“可能”的解释；剩下的要到机器上看：服务是否监听、防火墙是否拦截、应用返回什么状态码',
    },
    'unexplained-unread': {
      what: cause,
      why: '{actions} 没有读到，原因可能就在那里；请先解决读取问题再诊断一次，之后才需要到机器上看',
    },
    pod: {
      what: '{count} 个直连 Pod 后端的确切原因：{targets}',
      why: 'API 能看到的每一跳都解释不了，或只有“可能”的解释；剩下的要到集群里看：Pod 是否就绪并监听、节点是否转发',
    },
    'node-port': {
      what: '{count} 个 NodePort 后端的确切原因：{targets}',
      why: 'API 能看到的每一跳都解释不了，或只有“可能”的解释；剩下的要到集群里看：节点上的 kube-proxy 是否正常、Service 在该节点上有没有 Pod（externalTrafficPolicy）、Pod 本身是否就绪',
    },
    database: {
      what: '{count} 个云产品后端的确切原因：{targets}',
      why: 'API 能看到的每一跳都解释不了；请从同 VPC 的机器上连一下，并查看该产品自己的状态',
    },
    remote: {
      what: '{count} 个云联网/专线后端的确切原因：{targets}',
      why: '对端的防火墙、路由和服务不在云上，API 看不到',
    },
    status: {
      what: health,
      why: 'API 返回了不认识的状态“{status}”',
    },
    'status-missing': {
      what: health,
      why: '健康检查结果里没有这些后端',
    },
    functions: {
      what: '{pool} 的健康状态',
      why: '它转发到云函数，API 不返回其健康状态',
    },
    weight: {
      what: '{count} 个后端的权重：{targets}',
      why: '没有读到权重，无法判断是否触发“全死全转发”',
    },
    'audit-partial': {
      what: '{from} 之前的改动（操作审计）',
      why: '操作记录太多，或有记录无法解析；只完整读到了此后的部分',
    },
    hop: {
      what: '通往 {count} 个后端的探测路径（{stages}）：{targets}',
      why: '{note}',
    },
  },
  stages: {
    'acl-in': '网络 ACL 入站',
    'security-group': '安全组',
    'acl-out': '网络 ACL 出站',
  },
  /** Where to run a command, as a shell comment that can be pasted with it. */
  where: {
    there: '在 {ip} 上执行',
    neighbour: '在同 VPC 的另一台机器上执行',
    clbVpc: '在负载均衡所在 VPC 的机器上执行',
    cluster: '在能访问集群的机器上执行',
    node: '在 Pod 所在节点上执行',
    account: '在配置了 tccli 的机器上执行',
    expected: '，期望 {codes}',
  },
} as const
