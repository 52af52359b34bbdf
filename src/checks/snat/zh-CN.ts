import { zhCN as shared } from '../zh-CN.ts'

export const zhCN = {
  reasons: {
    'no-snat-ip': {
      title: '{clb} 没有 SNAT IP，健康检查到不了云联网/专线侧的 {count} 个后端',
      quote: '后端：{list}',
      detail:
        '{list} 经云联网或专线接入（类型 CCN），而实例没有配置 SNAT IP。访问 IDC 地址必须有 SNAT IP。{doubt}',
      fix: '在实例详情“后端服务”中添加至少 2 个 SNAT IP。再让对端放行它们，并配置回程路由。',
    },
    'confirm-idc-firewall': {
      title: '{network}可能没有放行 SNAT IP {snatIps}',
      quote: '{snatIps} → {service}；异常后端：{list}',
      detail:
        '{pools} 中有 {count} 个 IDC 后端异常：{list}。健康检查从 {snatIps} 探测 {service}。IDC 的防火墙和路由，云上 API 看不到。{detected}',
      fix: '先在 IDC 防火墙和机器的 iptables 中核对是否放行 {snatIps} → {service}，没有放行再放行。最后核对到这些 IP 的回程路由。',
    },
    'detected-no-route': {
      title: '网络探测：经 {via} 到不了 {count} 个后端，没有路由',
      quote: '{subnet} → {via} → {list}',
      detail:
        '从 SNAT IP 所在子网 {subnet} 经 {via} 向 {list} 发探测包，结果是没有路由（CheckNetDetectState 返回 -1）。{doubt}',
      fix: '检查 {via} 的路由：对端网段是否已发布、是否启用，再用 --probe-network 复查。',
    },
    'ccn-not-attached': {
      title: 'VPC {vpc} 没有接入通往 {to} 的云联网',
      quote: shared.quote,
      detail:
        '{list} 要经云联网访问，但负载均衡所在的 VPC 没有处于已关联状态的云联网{state}，子网路由表里也没有别的路由通往它们。{doubt}',
      fix: '{todo}',
    },
    'ccn-route-missing': {
      title: '{at} 中没有通往 {to} 的生效路由',
      quote: shared.quote,
      detail:
        '健康检查从 SNAT IP {snatIps} 到不了 {list}。{at} 没有覆盖这些地址的已启用路由{instead}。{doubt}',
      fix: '{todo}',
    },
    'return-route-missing': {
      title: '{at} 中没有回到 SNAT IP {snatIps} 的生效路由',
      quote: shared.quote,
      detail: '{list} 的回包回不到 SNAT IP。{at} 没有覆盖 {snatIps} 的已启用路由{instead}。{doubt}',
      fix: '{todo}',
    },
    'snat-subnet-acl': {
      title: 'SNAT IP 所在子网的{denier}{blocks}{probe}',
      quote: shared.quote,
      detail:
        '健康检查从 SNAT IP {snatIps} 发往 {list}。其子网的 ACL {direction}：{rule}。{rest}ACL 无状态，出站的探测和入站的回包都要放行。{doubt}',
      fix: '在网络 ACL {id} {position}放行{adds}',
    },
  },
  /** What the packets of --probe-network met. */
  detected: {
    reached:
      '网络探测（ICMP）：从 SNAT IP 所在子网 {subnet} 能到达，延迟 {delay} ms，丢包 {loss}%。路由没有问题，剩下的是对端对该端口的防火墙，或服务本身。',
    noRoute: '网络探测（ICMP）：从 SNAT IP 所在子网 {subnet} 出发没有路由。',
    aclOut:
      '网络探测（ICMP）：被子网 {subnet} 的网络 ACL 出站规则丢弃。这只说明 ICMP 不通，TCP 还要看 ACL 的规则。',
    aclIn:
      '网络探测（ICMP）：回包被子网 {subnet} 的网络 ACL 入站规则丢弃。这只说明 ICMP 不通，TCP 还要看 ACL 的规则。',
    noAnswer:
      '网络探测（ICMP）：从 SNAT IP 所在子网 {subnet} 出发没有回应，丢包 {loss}%。可能是对端不通，也可能是对端不回应 ping。',
  },
  elsewhere: '对其他地域的 VPC 是否必须，没有文档说明。',
  backends: '{count} 个后端',
  /** What may not let the SNAT IPs in. */
  far: { network: 'IDC 网段 {network} ', side: 'IDC 侧' },
  probes: { egress: '健康检查', ingress: '健康检查的回包' },
  directions: {
    egress: '出站',
    ingress: '回包入站',
  },
  /** Routes that cover the address but do not lead there. */
  instead: {
    disabled: '（路由 {ids} 覆盖{count|它|它们}，但处于禁用状态）',
    astray: '（{ids} 覆盖{count|它|它们}，但通往公网）',
  },
  state: '（关联状态：{state}）',
  /** The routes as the console shows them. */
  quotes: {
    disabled: '{cidr}（{id}，已禁用）',
    astray: '{route}（通往公网）',
    none: '没有路由：→ {list}',
    attachment: '{vpc} 与云联网的关联状态：{state}',
  },
  todo: {
    attach: '把 VPC {vpc} 关联到对端所在的云联网，或让对端同意关联申请。再确认路由已生效。',
    enable: '在 {at} 中启用路由 {ids}。',
    conflict: '与云联网的其他路由冲突时，先禁用那一条。',
    add: '在 {at} 中添加通往 {targets} 的路由。',
    addBack: '在 {at} 中添加到 {snatIps} 所在网段的路由，下一跳指向云联网。',
  },
} as const
