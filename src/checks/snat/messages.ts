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
} as const satisfies Record<string, ReasonText>
