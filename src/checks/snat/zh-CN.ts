import { zhCN as shared } from '../zh-CN.ts'

export const zhCN = {
  reasons: {
    'no-snat-ip': {
      title: '{clb} 没有 SNAT IP，探测到不了云联网/专线侧的后端',
      detail:
        '{count} 个后端经云联网或专线接入（类型 CCN），实例没有配置任何 SNAT IP。访问 IDC 地址必须有 SNAT IP。{doubt}',
      fix: '在实例详情“后端服务”中添加 SNAT IP（建议至少 2 个），并让对端放行这些 IP、配置回程路由。',
    },
    'confirm-idc-firewall': {
      title: 'IDC 侧可能没有放行 CLB 的 SNAT IP',
      detail:
        '{pool} 有 {count} 个经云联网/专线接入的后端异常。云上 API 看不到 IDC 的防火墙和路由；探测的源地址是 {snatIps}，目的为 {service}。',
      fix: '在 IDC 防火墙和机器的 iptables 中放行来源 {snatIps} 到 {service} 的探测，并确认到这些 IP 的回程路由。',
    },
    'ccn-not-attached': {
      title: 'VPC {vpc} 没有接入通往 {targets} 的云联网',
      detail:
        '{count} 个后端要经云联网访问，但负载均衡所在的 VPC 没有处于已关联状态的云联网{state}，子网路由表里也没有别的路由通往它们。{doubt}',
      fix: '把 VPC {vpc} 关联到对端所在的云联网（或让对端同意关联申请），再确认路由已生效。',
    },
    'ccn-route-missing': {
      title: '{at} 中没有通往 {targets} 的生效路由',
      detail:
        '从 SNAT IP {snatIps} 发出的探测到不了 {count} 个后端：{at} 没有覆盖它们地址的已启用路由{instead}。{doubt}',
      fix: '在 {at} 中启用或添加通往 {targets} 的路由（与云联网的其他路由冲突时，要先禁用那一条）。',
    },
    'return-route-missing': {
      title: '{at} 中没有回到 SNAT IP {snatIps} 的生效路由',
      detail:
        '{targets} 的回包回不到 SNAT IP：{at} 没有覆盖 {snatIps} 的已启用路由{instead}。涉及 {count} 个后端。{doubt}',
      fix: '在 {at} 中启用或添加到 {snatIps} 所在网段的路由，下一跳指向云联网。',
    },
    'snat-subnet-acl': {
      title: 'SNAT IP 所在子网的{denier}{blocks}{probe}',
      quote: shared.quote,
      detail:
        '探测从 SNAT IP {snatIps} 发往 {targets}。其子网的 ACL {direction}：{rule}。{rest}ACL 无状态，出站的探测和入站的回包都要放行。涉及 {count} 个后端。{doubt}',
      fix: '在网络 ACL {id} {position}放行{adds}{command}',
    },
  },
  elsewhere: '对其他地域的 VPC 是否必须，没有文档说明。',
  probes: { egress: '健康检查', ingress: '健康检查的回包' },
  directions: {
    egress: '出站',
    ingress: '回包入站',
  },
  /** A route that covers the address but leads elsewhere. */
  instead: { disabled: '（路由 {id} 覆盖它，但处于禁用状态）', astray: '（{id} 覆盖它，但通往公网）' },
  state: '（关联状态：{state}）',
} as const
