import type { Text } from '../../model/language.ts'
import type { ReasonText } from '../check.ts'

export const reasons = {
  'no-snat-ip': {
    title: {
      'zh-CN': '{clb} 没有 SNAT IP，探测到不了云联网/专线侧的后端',
      en: '{clb} has no SNAT IP, so probes do not reach the backends behind CCN or Direct Connect',
    },
    detail: {
      'zh-CN':
        '{count} 个后端经云联网或专线接入（类型 CCN），实例没有配置任何 SNAT IP。访问 IDC 地址必须有 SNAT IP；对其他地域的 VPC 没有文档说明，所以不是“确定”。',
      en: '{count|1 backend is|# backends are} reached over CCN or Direct Connect (type CCN); the instance has no SNAT IP. To reach addresses of an IDC it must have one; for VPCs of another region that is not documented, so this is likely, not certain.',
    },
    fix: {
      'zh-CN': '在实例详情“后端服务”中添加 SNAT IP（建议至少 2 个），并让对端放行这些 IP、配置回程路由。',
      en: 'Add SNAT IPs to the instance ("Real servers" on its detail page; two or more are advised), let them in on the far side and make sure that a route leads back to them.',
    },
  },
  'confirm-idc-firewall': {
    title: {
      'zh-CN': 'IDC 侧可能没有放行 CLB 的 SNAT IP',
      en: 'The IDC side may not let the SNAT IPs of the CLB in',
    },
    detail: {
      'zh-CN':
        '{pool} 有 {count} 个经云联网/专线接入的后端异常。云上 API 看不到 IDC 的防火墙和路由；探测的源地址是 {snatIps}，目的为 {service}。',
      en: '{pool}: {count|1 backend behind CCN or Direct Connect is|# backends behind CCN or Direct Connect are} Dead. The API cannot see firewalls and routes of the far side; probes come from {snatIps} to {service}.',
    },
    fix: {
      'zh-CN':
        '在 IDC 防火墙和机器的 iptables 中放行来源 {snatIps} 到 {service} 的探测，并确认到这些 IP 的回程路由。',
      en: 'On the IDC firewall and in iptables of the machines, let in {snatIps} to {service}, and make sure that a route leads back to those IPs.',
    },
  },
  'ccn-not-attached': {
    title: {
      'zh-CN': 'VPC {vpc} 没有接入通往 {targets} 的云联网',
      en: 'VPC {vpc} is not attached to a CCN that leads to {targets}',
    },
    detail: {
      'zh-CN':
        '{count} 个后端要经云联网访问，但负载均衡所在的 VPC 没有处于已关联状态的云联网{state}，子网路由表里也没有别的路由通往它们。{doubt}',
      en: "{count|1 backend is|# backends are} to be reached over CCN, but the CLB's VPC is attached to none{state}, and no other route of its subnet leads there.{doubt}",
    },
    fix: {
      'zh-CN': '把 VPC {vpc} 关联到对端所在的云联网（或让对端同意关联申请），再确认路由已生效。',
      en: "Attach VPC {vpc} to the far side's CCN (or have the request accepted), then make sure that the routes are in force.",
    },
  },
  'ccn-route-missing': {
    title: {
      'zh-CN': '{at} 中没有通往 {targets} 的生效路由',
      en: 'No route in force in {at} leads to {targets}',
    },
    detail: {
      'zh-CN':
        '从 SNAT IP {snatIps} 发出的探测到不了 {count} 个后端：{at} 没有覆盖它们地址的已启用路由{instead}。{doubt}',
      en: 'Probes from the SNAT IPs {snatIps} do not get to {count|1 backend|# backends}: no enabled route of {at} covers the address{instead}.{doubt}',
    },
    fix: {
      'zh-CN': '在 {at} 中启用或添加通往 {targets} 的路由（与云联网的其他路由冲突时，要先禁用那一条）。',
      en: 'Enable or add a route to {targets} in {at} (where it conflicts with another route of the CCN, that one has to be disabled first).',
    },
  },
  'return-route-missing': {
    title: {
      'zh-CN': '{at} 中没有回到 SNAT IP {snatIps} 的生效路由',
      en: 'No route in force in {at} leads back to the SNAT IPs {snatIps}',
    },
    detail: {
      'zh-CN':
        '{targets} 的回包回不到 SNAT IP：{at} 没有覆盖 {snatIps} 的已启用路由{instead}。涉及 {count} 个后端。{doubt}',
      en: 'Replies of {targets} do not get back: no enabled route of {at} covers {snatIps}{instead}. Backends behind it: {count}.{doubt}',
    },
    fix: {
      'zh-CN': '在 {at} 中启用或添加到 {snatIps} 所在网段的路由，下一跳指向云联网。',
      en: 'Enable or add a route to the network of {snatIps} in {at}, with the CCN as its next hop.',
    },
  },
  'snat-subnet-acl': {
    title: {
      'zh-CN': 'SNAT IP 所在子网的网络 ACL {id} 拦截探测（{direction}）',
      en: "Network ACL {id} of the SNAT IPs' own subnet stops the probes ({direction})",
    },
    detail: {
      'zh-CN':
        '探测从 SNAT IP {snatIps} 发往 {targets}。其子网的 ACL {direction}：{rule}。ACL 无状态，出站的探测和入站的回包都要放行。涉及 {count} 个后端。{doubt}',
      en: 'Probes go from the SNAT IPs {snatIps} to {targets}. In the ACL of their subnet, {direction}: {rule}. ACLs are stateless: the probe has to get out and its reply back in. Backends behind it: {count}.{doubt}',
    },
    fix: {
      'zh-CN': '在网络 ACL {id} 中，以优先级 {position} 放行{adds}。',
      en: 'In network ACL {id}, add entries with priority {position} that allow {adds}.',
    },
  },
} as const satisfies Record<string, ReasonText>

export const DIRECTIONS = {
  egress: { 'zh-CN': '出站', en: 'outbound' },
  ingress: { 'zh-CN': '回包入站', en: 'the reply, inbound' },
} as const satisfies Record<string, Text>

/** The route that covers the address and does not lead there. */
export const insteadText = (disabled: string | null, astray: string | null): Text => {
  if (disabled !== null)
    return {
      'zh-CN': `（路由 ${disabled} 覆盖它，但处于禁用状态）`,
      en: ` (route ${disabled} does, but is disabled)`,
    }
  return astray === null
    ? { 'zh-CN': '', en: '' }
    : { 'zh-CN': `（${astray} 覆盖它，但通往公网）`, en: ` (${astray} does, but leads to the Internet)` }
}

export const stateText = (state: string | null): Text =>
  state === null
    ? { 'zh-CN': '', en: '' }
    : { 'zh-CN': `（关联状态：${state}）`, en: ` (the attachment is ${state})` }
