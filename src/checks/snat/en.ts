import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'no-snat-ip': {
      title:
        '{clb} has no SNAT IP, so health checks do not reach {count|the backend|the # backends} behind CCN or Direct Connect',
      quote: 'Backends: {list}',
      detail:
        'Over CCN or Direct Connect (type CCN) go the health checks of {list}. The instance has no SNAT IP. To reach addresses of an IDC it must have one.{doubt}',
      fix: 'Add two or more SNAT IPs to the instance ("Real servers" on its detail page). Then let them in on the far side, and add a route back to them.',
    },
    'confirm-idc-firewall': {
      title: '{network} may not let in the SNAT IPs {snatIps}',
      quote: '{snatIps} → {service}; failing: {list}',
      detail:
        '{pools}: {count|1 IDC backend is|# IDC backends are} failing: {list}. Health checks go from {snatIps} to {service}. The API does not show firewalls and routes of the IDC.{detected}',
      fix: 'First check on the IDC firewall and in iptables of the machines whether {snatIps} → {service} is let in. Only if not, let it in. Then check the route back to those IPs.',
    },
    'detected-no-route': {
      title: 'The network probe found no route over {via} to {count|the backend|the # backends}',
      quote: '{subnet} → {via} → {list}',
      detail:
        'Packets from {subnet}, the subnet of the SNAT IPs, over {via} to {list} found no route (CheckNetDetectState returned -1).{doubt}',
      fix: 'See to the routes of {via}: is the network of the far side announced, and its route enabled? Then look again with --probe-network.',
    },
    'ccn-not-attached': {
      title: 'VPC {vpc} is not attached to a CCN that leads to {to}',
      quote: shared.quote,
      detail:
        "{list} should be reached over CCN, but the CLB's VPC is attached to none{state}, and no other route of its subnet leads there.{doubt}",
      fix: '{todo}',
    },
    'ccn-route-missing': {
      title: 'No route in force in {at} leads to {to}',
      quote: shared.quote,
      detail:
        'Health checks from the SNAT IPs {snatIps} do not reach {list}. No enabled route of {at} covers these addresses{instead}.{doubt}',
      fix: '{todo}',
    },
    'return-route-missing': {
      title: 'No route in force in {at} leads back to the SNAT IPs {snatIps}',
      quote: shared.quote,
      detail:
        'Replies of {list} do not get back to the SNAT IPs. No enabled route of {at} covers {snatIps}{instead}.{doubt}',
      fix: '{todo}',
    },
    'snat-subnet-acl': {
      title: "{denier} of the SNAT IPs' own subnet {blocks} {probe}",
      quote: shared.quote,
      detail:
        'Health checks go from the SNAT IPs {snatIps} to {list}. In the ACL of their subnet, {direction}: {rule}.{rest} ACLs are stateless: the probe has to get out and its reply back in.{doubt}',
      fix: 'In network ACL {id}, {position}, allow {adds}',
    },
  },
  detected: {
    reached:
      'The network probe (ICMP) from {subnet}, the subnet of the SNAT IPs, got through in {delay} ms and lost {loss}%. So the routes work, and what is left is the firewall of the far side for this port, or the service itself.',
    noRoute: 'The network probe (ICMP) from {subnet}, the subnet of the SNAT IPs, found no route.',
    aclOut:
      'The network probe (ICMP) was dropped by an outbound rule of the network ACL of {subnet}. That is ICMP; for TCP its own rules decide.',
    aclIn:
      'The answer to the network probe (ICMP) was dropped by an inbound rule of the network ACL of {subnet}. That is ICMP; for TCP its own rules decide.',
    noAnswer:
      'The network probe (ICMP) from {subnet}, the subnet of the SNAT IPs, got no answer and lost {loss}%. The far side cannot be reached, or does not answer a ping.',
  },
  elsewhere: 'For VPCs of another region that is not documented.',
  backends: '{count|1 backend|# backends}',
  far: { network: 'IDC network {network}', side: 'The IDC side' },
  probes: { egress: 'the health check', ingress: 'the reply to the health check' },
  directions: {
    egress: 'outbound',
    ingress: 'the reply, inbound',
  },
  instead: {
    disabled: ' ({count|route|routes} {ids} {count|does, but is|do, but are} disabled)',
    astray: ' ({ids} {count|does, but leads|do, but lead} to the Internet)',
  },
  state: ' (the attachment is {state})',
  quotes: {
    disabled: '{cidr} ({id}, disabled)',
    astray: '{route} (to the Internet)',
    none: 'No route → {list}',
    attachment: '{vpc}: the attachment to the CCN is {state}',
  },
  todo: {
    attach:
      "Attach VPC {vpc} to the far side's CCN, or have the request accepted. Then check that the routes are in force.",
    enable: 'Enable {ids} in {at}.',
    conflict: 'If another route of the CCN conflicts, disable that one first.',
    add: 'Add a route to {targets} in {at}.',
    addBack: 'Add a route to the network of {snatIps} in {at}, with the CCN as its next hop.',
  },
} as const satisfies Translation<typeof zhCN>
