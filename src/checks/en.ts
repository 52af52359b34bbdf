import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  details: {
    group:
      'Probes (source: {sources}) to {service}: {rule}. Blocked sources: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
    groupPart:
      'Of the probe sources ({sources}), {blocked} cannot reach {service}: {rule}.{shadowed} The source address changes, so the backends can flap. Backends behind it: {count}.{doubt}',
    reply:
      'ACLs are stateless: outbound entries must allow the reply by themselves{towards}: {rule}. Probe sources out of reach: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
  },
  fixes: {
    group: 'Allow {opens} from {from} in the inbound rules of security group {target}: {position}.',
    inbound: 'Allow {opens} from {from} in the inbound entries of network ACL {target}: {position}.',
    outbound: 'Allow {opens} to {from} in the outbound entries of network ACL {target}: {position}.',
  },
  towards: {
    port: ", towards the prober's ephemeral port (1024-65535)",
    ping: ' (ICMP has no ports)',
  },
  blocks: {
    wholly: 'blocks',
    partly: 'blocks in part',
  },
  defaultDeny: 'no rule allows it, so the default deny decides',
  positions: {
    'security-group': 'PolicyIndex',
    'network-acl': 'Priority',
  },
  doubts: {
    exempt:
      "Tencent's documents differ on whether the group of a same-account backend lets 100.64.0.0/10 in by default, so this is not proven.",
    classic:
      'By the documents, the groups of the backends let probes of classic private CLBs in by default (but for those made in a VPC before 2016-12-05), so this is not proven.',
    source:
      'The source address of IPv6 probes is not documented and taken to be the VIP, so this is likely, not certain.',
    ping: 'That UDP checks of a classic CLB are pings is inferred, so this is likely, not certain.',
    evm: 'What backends of type EVM are, and where they are probed from, is not documented, so this is likely, not certain.',
    override:
      "That a target group's own health check is in force in place of the listener's is not documented, so this is likely, not certain.",
    readings:
      'Whether the port of a triple egress entry is the source or the destination is documented both ways, so this is likely, not certain.',
    order: 'Another order of the groups would decide otherwise, so this is likely, not certain.',
    origin:
      'How the groups of a backend treat probes from such a source is not documented, so this is likely, not certain.',
    pod: 'The pods have no interface of their own and are taken to stand behind the groups and subnet of their node, so this is likely, not certain.',
    service:
      "How the groups of a managed service treat a CLB's probes is not documented, so this is likely, not certain.",
    serviceAcl:
      "The guide has the ACL of a managed service's subnet checked, but does not say which products it binds, so this is likely, not certain.",
    unsettled:
      'Whether the groups of a managed service let 100.64.0.0/10 in by default is not documented, so this is not proven.',
    routed:
      "That a CLB's SNAT traffic obeys the route table and ACL of its subnet is not documented, so this is likely, not certain.",
    bound:
      "Tencent's documents differ on whether IPVS nodes still bind it, and the API does not show it, so this is not proven.",
    unsaid: 'Whether the probes carry the VIP or come from 100.64.0.0/10 is not said by the API.',
    nodes: 'The nodes were not read: that these are nodes is assumed.',
    stamp:
      'The time of a rule comes without a time zone and is taken to be Beijing time, so this is likely, not certain.',
  },
  rule: {
    'security-group': 'inbound rule PolicyIndex {index} ({words})',
    'network-acl': 'the entry with priority {index} ({words})',
  },
  shadowed:
    ' {position} {index}{elsewhere} ({words}) would allow {part}, but {position} {first} denies it first.',
  serviceConfig:
    'TKE manages this CLB: change the health check in the TkeServiceConfig of the Service or Ingress; the controller may undo a change to the listener or rule alone. ',
  elsewhere: ' of {id}',
  part: { some: '{cidrs}', all: 'it' },
} as const satisfies Translation<typeof zhCN>
