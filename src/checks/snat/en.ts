import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'no-snat-ip': {
      title: '{clb} has no SNAT IP, so probes do not reach the backends behind CCN or Direct Connect',
      detail:
        '{count|1 backend is|# backends are} reached over CCN or Direct Connect (type CCN); the instance has no SNAT IP. To reach addresses of an IDC it must have one.{doubt}',
      fix: 'Add SNAT IPs to the instance ("Real servers" on its detail page; two or more are advised), let them in on the far side and make sure that a route leads back to them.',
    },
    'confirm-idc-firewall': {
      title: 'The IDC side may not let the SNAT IPs of the CLB in',
      detail:
        '{pool}: {count|1 backend behind CCN or Direct Connect is|# backends behind CCN or Direct Connect are} Dead. The API cannot see firewalls and routes of the far side; probes come from {snatIps} to {service}.',
      fix: 'On the IDC firewall and in iptables of the machines, let in {snatIps} to {service}, and make sure that a route leads back to those IPs.',
    },
    'ccn-not-attached': {
      title: 'VPC {vpc} is not attached to a CCN that leads to {targets}',
      detail:
        "{count|1 backend is|# backends are} to be reached over CCN, but the CLB's VPC is attached to none{state}, and no other route of its subnet leads there.{doubt}",
      fix: "Attach VPC {vpc} to the far side's CCN (or have the request accepted), then make sure that the routes are in force.",
    },
    'ccn-route-missing': {
      title: 'No route in force in {at} leads to {targets}',
      detail:
        'Probes from the SNAT IPs {snatIps} do not get to {count|1 backend|# backends}: no enabled route of {at} covers the address{instead}.{doubt}',
      fix: 'Enable or add a route to {targets} in {at} (where it conflicts with another route of the CCN, that one has to be disabled first).',
    },
    'return-route-missing': {
      title: 'No route in force in {at} leads back to the SNAT IPs {snatIps}',
      detail:
        'Replies of {targets} do not get back: no enabled route of {at} covers {snatIps}{instead}. {count|1 backend|# backends} affected.{doubt}',
      fix: 'Enable or add a route to the network of {snatIps} in {at}, with the CCN as its next hop.',
    },
    'snat-subnet-acl': {
      title: "{denier} of the SNAT IPs' own subnet {blocks} {probe}",
      quote: shared.quote,
      detail:
        'Probes go from the SNAT IPs {snatIps} to {targets}. In the ACL of their subnet, {direction}: {rule}.{rest} ACLs are stateless: the probe has to get out and its reply back in. {count|1 backend|# backends} affected.{doubt}',
      fix: 'In network ACL {id}, {position}, allow {adds}{command}',
    },
  },
  elsewhere: 'For VPCs of another region that is not documented.',
  probes: { egress: 'the health check', ingress: 'the reply to the health check' },
  directions: {
    egress: 'outbound',
    ingress: 'the reply, inbound',
  },
  instead: {
    disabled: ' (route {id} does, but is disabled)',
    astray: ' ({id} does, but leads to the Internet)',
  },
  state: ' (the attachment is {state})',
} as const satisfies Translation<typeof zhCN>
