import { type Action, isAction } from '../../model/actions.ts'
import type { FactProblem, ReadFailure } from '../../model/fact.ts'
import type { Language, Text } from '../../model/language.ts'

/** What each action reads. */
const SUBJECTS: Readonly<Record<Action, Text>> = {
  'clb:DescribeLoadBalancers': { 'zh-CN': '负载均衡实例的属性', en: 'attributes of the CLB' },
  'clb:DescribeListeners': { 'zh-CN': '监听器与健康检查配置', en: 'listeners and health-check settings' },
  'clb:DescribeTargets': { 'zh-CN': '绑定的后端服务和权重', en: 'bound backends and their weights' },
  'clb:DescribeTargetHealth': { 'zh-CN': '后端服务的健康状态', en: 'health of the backends' },
  'clb:DescribeTargetGroups': {
    'zh-CN': '目标组的健康检查配置',
    en: 'health-check settings of the target groups',
  },
  'clb:DescribeTargetGroupInstances': { 'zh-CN': '目标组的成员', en: 'members of the target groups' },
  'cvm:DescribeInstances': {
    'zh-CN': '云服务器的状态和安全组',
    en: 'state and security groups of the instances',
  },
  'vpc:DescribeNetworkInterfaces': {
    'zh-CN': '弹性网卡的归属和安全组',
    en: 'owners and security groups of the network interfaces',
  },
  'vpc:DescribeSubnets': { 'zh-CN': '后端所在子网', en: 'subnets of the backends' },
  'vpc:DescribeNetworkAcls': { 'zh-CN': '子网的网络 ACL 规则', en: 'network ACL rules of the subnets' },
  'vpc:DescribeNetworkAclQuintupleEntries': {
    'zh-CN': '五元组网络 ACL 的规则',
    en: 'entries of the quintuple network ACLs',
  },
  'vpc:DescribeSecurityGroupPolicies': { 'zh-CN': '安全组规则', en: 'rules of the security groups' },
  'vpc:DescribeSecurityGroupExpandedPolicies': {
    'zh-CN': '展开参数模板后的安全组规则',
    en: 'rules of the security groups with their templates written out',
  },
  'vpc:DescribeSecurityGroupAssociationStatistics': {
    'zh-CN': '安全组绑定了多少资源',
    en: 'how many resources the security groups are bound to',
  },
  'vpc:DescribeAddressTemplates': { 'zh-CN': 'IP 地址模板的成员', en: 'members of the address templates' },
  'vpc:DescribeAddressTemplateGroups': {
    'zh-CN': 'IP 地址组的成员',
    en: 'members of the address template groups',
  },
  'vpc:DescribeServiceTemplates': { 'zh-CN': '协议端口模板的成员', en: 'members of the service templates' },
  'vpc:DescribeServiceTemplateGroups': {
    'zh-CN': '协议端口组的成员',
    en: 'members of the service template groups',
  },
  'clb:DescribeCrossTargets': {
    'zh-CN': '跨地域后端所在的地域、VPC 和网卡',
    en: 'region, VPC and interface of cross-region backends',
  },
  'clb:DescribeClassicalLBListeners': {
    'zh-CN': '传统型负载均衡的监听器与健康检查配置',
    en: 'listeners and health-check settings of the classic CLB',
  },
  'clb:DescribeClassicalLBTargets': {
    'zh-CN': '传统型负载均衡绑定的后端服务',
    en: 'backends of the classic CLB',
  },
  'clb:DescribeClassicalLBHealthStatus': {
    'zh-CN': '传统型负载均衡后端服务的健康状态',
    en: 'health of the backends of the classic CLB',
  },
  'vpc:DescribeVpcs': { 'zh-CN': 'VPC 的网段', en: 'address ranges of the VPC' },
  'vpc:DescribeUsedIpAddress': {
    'zh-CN': '后端地址属于谁',
    en: 'whom the addresses of the backends belong to',
  },
  'vpc:DescribeVpcPrivateIpAddresses': {
    'zh-CN': '后端地址属于哪种产品',
    en: 'which product the addresses of the backends belong to',
  },
  'vpc:DescribeRouteTables': { 'zh-CN': '子网的路由表', en: 'route tables of the subnets' },
  'vpc:DescribeCcnAttachedInstances': {
    'zh-CN': 'VPC 加入了哪个云联网',
    en: 'which CCN the VPC is attached to',
  },
  'vpc:DescribeCcnRoutes': { 'zh-CN': '云联网的路由', en: 'routes of the CCN' },
  'cdb:DescribeDBSecurityGroups': {
    'zh-CN': '云数据库 MySQL 绑定的安全组',
    en: 'security groups of the MySQL instance',
  },
  'redis:DescribeDBSecurityGroups': {
    'zh-CN': '云数据库 Redis 绑定的安全组',
    en: 'security groups of the Redis instance',
  },
  'mongodb:DescribeSecurityGroup': {
    'zh-CN': '云数据库 MongoDB 绑定的安全组',
    en: 'security groups of the MongoDB instance',
  },
  'postgres:DescribeDBInstanceSecurityGroups': {
    'zh-CN': '云数据库 PostgreSQL 绑定的安全组',
    en: 'security groups of the PostgreSQL instance',
  },
  'ckafka:DescribeSecurityGroupRoutes': {
    'zh-CN': 'CKafka 接入点绑定的安全组',
    en: 'security groups of the CKafka access point',
  },
  'region:DescribeRegions': { 'zh-CN': '账号可用的地域', en: 'the regions of the account' },
  'tke:DescribeClusters': { 'zh-CN': 'TKE 集群的网络模式', en: 'network mode of the TKE cluster' },
  'tke:DescribeClusterInstances': { 'zh-CN': 'TKE 集群有哪些节点', en: 'nodes of the TKE cluster' },
  'cloudaudit:DescribeEvents': {
    'zh-CN': '异常发生前谁改了什么（操作审计）',
    en: 'who changed what before the trouble began (operation audit)',
  },
  'cls:SearchLog': { 'zh-CN': '健康检查日志', en: 'the health-check log' },
}

/** The name itself, where a saved snapshot names an action of another version. */
export const subjectOf = (action: string, language: Language): string =>
  isAction(action) ? SUBJECTS[action][language] : action

/** Why it was not had. */
export const PROBLEMS: Readonly<Record<FactProblem, Text>> = {
  denied: { 'zh-CN': '没有权限（{code}），需要授予 {action}', en: 'no permission ({code}): grant {action}' },
  'not-found': { 'zh-CN': 'API 回答不存在（{code}）', en: 'the API says that it does not exist ({code})' },
  throttled: {
    'zh-CN': '被 API 限频（{code}），多次重试后放弃',
    en: 'throttled by the API ({code}); given up after several tries',
  },
  unavailable: {
    'zh-CN': 'API 无法访问或出错（{code}），多次重试后放弃',
    en: 'the API could not be reached or failed ({code}); given up after several tries',
  },
  malformed: {
    'zh-CN': 'API 的应答无法解析（{code}）',
    en: 'the answer of the API could not be understood ({code})',
  },
  deadline: { 'zh-CN': '超出了限定的时间', en: 'the time allowed was over' },
  rejected: { 'zh-CN': 'API 拒绝了请求（{code}）', en: 'the API rejected the request ({code})' },
}

const CAUSE: Text = {
  'zh-CN': '{count} 个异常后端的确切原因：{targets}',
  en: 'why {count|this backend fails|these # backends fail}: {targets}',
}
const HEALTH: Text = {
  'zh-CN': '{count} 个后端的健康状态：{targets}',
  en: 'health of {count|this backend|these # backends}: {targets}',
}

/** With the address, where nobody answered there. */
export const codeOf = ({ code, message }: Pick<ReadFailure, 'code' | 'message'>): string =>
  (/^E[A-Z]+$/.test(code) && /E[A-Z]+ \S+$/.exec(message)?.[0]) || code

export const TEXTS = {
  unexplained: {
    what: CAUSE,
    why: {
      'zh-CN':
        'API 能看到的每一跳都解释不了，或只有“可能”的解释；剩下的要到机器上看：服务是否监听、防火墙是否拦截、应用返回什么状态码',
      en: 'nothing that the API shows explains it, or only as a possibility; what is left is on the machine: is the service listening, does a firewall drop, which status code comes back',
    },
  },
  'unexplained-unread': {
    what: CAUSE,
    why: {
      'zh-CN': '{actions} 没有读到，原因可能就在那里；请先解决读取问题再诊断一次，之后才需要到机器上看',
      en: '{actions} could not be read, and the cause may lie there: see to that and diagnose again; only then is it time to look on the machine',
    },
  },
  pod: {
    what: {
      'zh-CN': '{count} 个直连 Pod 后端的确切原因：{targets}',
      en: 'why {count|this pod fails|these # pods fail}: {targets}',
    },
    why: {
      'zh-CN':
        'API 能看到的每一跳都解释不了，或只有“可能”的解释；剩下的要到集群里看：Pod 是否就绪并监听、节点是否转发',
      en: 'nothing that the API shows explains it, or only as a possibility; what is left is in the cluster: is the pod ready and listening, does its node forward',
    },
  },
  'node-port': {
    what: {
      'zh-CN': '{count} 个 NodePort 后端的确切原因：{targets}',
      en: 'why {count|this NodePort fails|these # NodePorts fail}: {targets}',
    },
    why: {
      'zh-CN':
        'API 能看到的每一跳都解释不了，或只有“可能”的解释；剩下的要到集群里看：节点上的 kube-proxy 是否正常、Service 在该节点上有没有 Pod（externalTrafficPolicy）、Pod 本身是否就绪',
      en: 'nothing that the API shows explains it, or only as a possibility; what is left is in the cluster: does kube-proxy of the node work, has the Service a pod on it (externalTrafficPolicy), are the pods ready',
    },
  },
  database: {
    what: {
      'zh-CN': '{count} 个云产品后端的确切原因：{targets}',
      en: 'why {count|this managed service fails|these # managed services fail}: {targets}',
    },
    why: {
      'zh-CN': 'API 能看到的每一跳都解释不了；请从同 VPC 的机器上连一下，并查看该产品自己的状态',
      en: 'nothing that the API shows explains it; connect from a machine of the VPC, and see what the product says of its state',
    },
  },
  remote: {
    what: {
      'zh-CN': '{count} 个云联网/专线后端的确切原因：{targets}',
      en: 'why {count|this backend behind CCN or Direct Connect fails|these # backends behind CCN or Direct Connect fail}: {targets}',
    },
    why: {
      'zh-CN': '对端的防火墙、路由和服务不在云上，API 看不到',
      en: 'firewalls, routes and services of the far side are out of sight of the API',
    },
  },
  status: {
    what: HEALTH,
    why: {
      'zh-CN': 'API 返回了不认识的状态“{status}”',
      en: 'the API returned a status that is not known: "{status}"',
    },
  },
  'status-missing': {
    what: HEALTH,
    why: { 'zh-CN': '健康检查结果里没有这些后端', en: 'the health answer does not list them' },
  },
  functions: {
    what: { 'zh-CN': '{pool} 的健康状态', en: 'health of {pool}' },
    why: {
      'zh-CN': '它转发到云函数，API 不返回其健康状态',
      en: 'it forwards to a cloud function, whose health the API does not give',
    },
  },
  weight: {
    what: {
      'zh-CN': '{count} 个后端的权重：{targets}',
      en: 'weight of {count|this backend|these # backends}: {targets}',
    },
    why: {
      'zh-CN': '没有读到权重，无法判断是否触发“全死全转发”',
      en: 'without it, whether CLB falls back to forwarding to all cannot be told',
    },
  },
  'audit-partial': {
    what: {
      'zh-CN': '{from} 之前的改动（操作审计）',
      en: 'what was changed before {from} (operation audit)',
    },
    why: {
      'zh-CN': '操作记录太多，或有记录无法解析；只完整读到了此后的部分',
      en: 'there are too many records, or some could not be understood: only those after it were all read',
    },
  },
  hop: {
    what: {
      'zh-CN': '通往 {count} 个后端的探测路径（{stages}）：{targets}',
      en: 'the way of the probe to {count|this backend|these # backends}, at {stages}: {targets}',
    },
    why: { 'zh-CN': '{note}', en: '{note}' },
  },
} as const satisfies Record<string, { what: Text; why: Text }>

export const STAGES: Readonly<Record<string, Text>> = {
  'acl-in': { 'zh-CN': '网络 ACL 入站', en: 'inbound network ACL' },
  'security-group': { 'zh-CN': '安全组', en: 'security group' },
  'acl-out': { 'zh-CN': '网络 ACL 出站', en: 'outbound network ACL' },
}
