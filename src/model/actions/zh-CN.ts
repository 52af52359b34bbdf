import type { ActionName } from '../fact.ts'

/**
 * The table of API actions: every action that the product can call, with what it reads. cloud/ can send nothing else. All
 * but `scf:Invoke` are reads. A line here determines the requests of cloud/, the CAM policies (docs/cam-policy.json and
 * docs/cam-policy-async.json, written by `npm run generate`) and the text of gaps. It does not compile without the shape of the answer (`cloud/shapes.ts`) and
 * its text in every other language.
 */
export const zhCN = {
  'clb:DescribeLoadBalancers': '负载均衡实例的属性',
  'clb:DescribeListeners': '监听器与健康检查配置',
  'clb:DescribeTargets': '绑定的后端服务和权重',
  'clb:DescribeTargetHealth': '后端服务的健康状态',
  'clb:DescribeTargetGroups': '目标组的健康检查配置',
  'clb:DescribeTargetGroupInstances': '目标组的成员',
  'clb:DescribeCrossTargets': '跨地域后端所在的地域、VPC 和网卡',
  'clb:DescribeClassicalLBListeners': '传统型负载均衡的监听器与健康检查配置',
  'clb:DescribeClassicalLBTargets': '传统型负载均衡绑定的后端服务',
  'clb:DescribeClassicalLBHealthStatus': '传统型负载均衡后端服务的健康状态',
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
  'vpc:DescribeVpcs': 'VPC 的网段',
  'vpc:DescribeNetworkAccountType': '账号的公网计费类型（标准账户或传统账户）',
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
  'monitor:DescribeAlarmHistories': '告警历史',
  'scf:Invoke': '把告警交给函数自己异步处理',
} as const satisfies Readonly<Record<ActionName, string>>
