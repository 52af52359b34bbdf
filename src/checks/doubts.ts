import type { Text } from '../model/language.ts'

/** Why a block is not `certain`: closes the detail of what is `likely` or `possible`. */
const DOUBTS = {
  /** Platform facts 0.1. */
  exempt: {
    'zh-CN': '腾讯云文档对此说法不一：同账号后端的安全组可能默认放行 100.64.0.0/10，所以不能断定就是它。',
    en: "Tencent's documents differ on whether the group of a same-account backend lets 100.64.0.0/10 in by default, so this is not proven.",
  },
  /** Platform facts C1. */
  classic: {
    'zh-CN':
      '按腾讯云文档，后端安全组默认放行传统型内网负载均衡的探测（2016-12-05 之前在 VPC 中创建的除外），所以不能断定就是它。',
    en: 'By the documents, the groups of the backends let probes of classic private CLBs in by default (but for those made in a VPC before 2016-12-05), so this is not proven.',
  },
  /** Platform facts B, C1. */
  source: {
    'zh-CN': 'IPv6 探测的源地址没有文档说明，这里按 VIP 推断，所以不是“确定”。',
    en: 'The source address of IPv6 probes is not documented and taken to be the VIP, so this is likely, not certain.',
  },
  /** Platform facts C7. */
  ping: {
    'zh-CN': '传统型 CLB 的 UDP 检查是 PING，这一点是推断的，所以不是“确定”。',
    en: 'That UDP checks of a classic CLB are pings is inferred, so this is likely, not certain.',
  },
  /** Platform facts C5. */
  evm: {
    'zh-CN': '没有文档说明 EVM 类型的后端是什么、从哪里探测，所以不是“确定”。',
    en: 'What backends of type EVM are, and where they are probed from, is not documented, so this is likely, not certain.',
  },
  /** Platform facts C3. */
  override: {
    'zh-CN': '目标组自己的健康检查是否取代监听器的，没有文档说明，所以不是“确定”。',
    en: "That a target group's own health check is in force in place of the listener's is not documented, so this is likely, not certain.",
  },
  /** Platform facts B. */
  readings: {
    'zh-CN': '三元组出站规则的端口指源端口还是目的端口，文档有两种说法，所以不是“确定”。',
    en: 'Whether the port of a triple egress entry is the source or the destination is documented both ways, so this is likely, not certain.',
  },
  order: {
    'zh-CN': '换一个安全组顺序结论会不同，所以不是“确定”。',
    en: 'Another order of the groups would decide otherwise, so this is likely, not certain.',
  },
  origin: {
    'zh-CN': '没有文档说明后端安全组如何对待这种探测源，所以不是“确定”。',
    en: 'How the groups of a backend treat probes from such a source is not documented, so this is likely, not certain.',
  },
  /** Platform facts E. */
  pod: {
    'zh-CN': 'Pod 没有自己的网卡，这里按其所在节点的安全组和子网推断，所以不是“确定”。',
    en: 'The pods have no interface of their own and are taken to stand behind the groups and subnet of their node, so this is likely, not certain.',
  },
  /** Platform facts D. */
  service: {
    'zh-CN': '没有文档说明云产品的安全组如何对待 CLB 的探测，所以不是“确定”。',
    en: "How the groups of a managed service treat a CLB's probes is not documented, so this is likely, not certain.",
  },
  /** The guide, 1.3, its note. */
  serviceAcl: {
    'zh-CN': '排查文档要求检查云产品所在子网的 ACL，但没有说明哪些产品的地址受其约束，所以不是“确定”。',
    en: "The guide has the ACL of a managed service's subnet checked, but does not say which products it binds, so this is likely, not certain.",
  },
  unsettled: {
    'zh-CN': '没有文档说明云产品的安全组是否默认放行 100.64.0.0/10，所以不能断定就是它。',
    en: 'Whether the groups of a managed service let 100.64.0.0/10 in by default is not documented, so this is not proven.',
  },
  /** Platform facts C5, D. */
  routed: {
    'zh-CN': 'CLB 的 SNAT 流量是否遵循该子网的路由表和 ACL 没有文档说明，所以不是“确定”。',
    en: "That a CLB's SNAT traffic obeys the route table and ACL of its subnet is not documented, so this is likely, not certain.",
  },
  /** Platform facts E. */
  bound: {
    'zh-CN': '腾讯云文档对 IPVS 节点是否仍绑定 VIP 说法不一，API 也看不到，所以不能断定就是它。',
    en: "Tencent's documents differ on whether IPVS nodes still bind it, and the API does not show it, so this is not proven.",
  },
  unsaid: {
    'zh-CN': 'API 没有说明探测的源地址是 VIP 还是 100.64.0.0/10。',
    en: 'Whether the probes carry the VIP or come from 100.64.0.0/10 is not said by the API.',
  },
  nodes: {
    'zh-CN': '没有读到集群的节点，这里假定这些后端都是。',
    en: 'The nodes were not read: that these are nodes is assumed.',
  },
  /** Platform facts G. */
  stamp: {
    'zh-CN': '规则的修改时间不带时区，这里按北京时间推断，所以不是“确定”。',
    en: 'The time of a rule comes without a time zone and is taken to be Beijing time, so this is likely, not certain.',
  },
} as const satisfies Record<string, Text>

export type Doubt = keyof typeof DOUBTS

/** The doubts as the end of a sentence list; English sets them off by a space. */
export const said = (doubts: readonly Doubt[]): Text => ({
  'zh-CN': doubts.map((doubt) => DOUBTS[doubt]['zh-CN']).join(''),
  en: doubts.map((doubt) => ` ${DOUBTS[doubt].en}`).join(''),
})
