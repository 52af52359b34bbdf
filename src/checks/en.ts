import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  details: {
    group:
      'The health check probes {service}{from}: {rule}.{rest}{shadowed} {count|1 backend|# backends} affected.{doubt}',
    groupPart:
      'Of the probe sources ({sources}), {blocked} cannot reach {service}: {rule}.{shadowed} The source address changes, so the backends can flap. {count|1 backend|# backends} affected.{doubt}',
    reply:
      'ACLs are stateless: outbound entries must allow the reply by themselves{towards}: {rule}.{lacking}{rest}{shadowed} {count|1 backend|# backends} affected.{doubt}',
  },
  fixes: {
    group: 'In the inbound rules of security group {target}, {position}, allow {from} → {opens}',
    inbound: 'In the inbound rules of network ACL {target}, {position}, allow {from} → {opens}',
    outbound: 'In the outbound rules of network ACL {target}, {position}, allow replies → {from} {opens}',
  },
  towards: {
    port: ", towards the prober's ephemeral port (1024-65535)",
    ping: ' (ICMP has no ports)',
  },
  blocks: {
    wholly: { rule: 'denies', default: 'does not allow' },
    partly: { rule: 'denies part of', default: 'does not allow part of' },
  },
  deniers: {
    'security-group': {
      rule: 'Inbound rule {place} of security group {id}',
      default: 'Security group {id}',
    },
    'network-acl': {
      ingress: 'The inbound rule with priority {priority} of network ACL {id}',
      egress: 'The outbound rule with priority {priority} of network ACL {id}',
      default: 'Network ACL {id}',
    },
  },
  what: ' ({service})',
  quote: '{quote}',
  partQuote: '{quote}.{lacking}',
  line: {
    accept: 'allows {rest}',
    deny: 'denies {rest}',
    unknown: '{action} {rest}',
  },
  from: {
    known: ' from {list}',
    unknown: ' from an unknown source address',
  },
  defaultDeny: 'no rule allows it (default deny)',
  places: {
    allowing: { 'security-group': 'Rule {place}', 'network-acl': 'The rule with priority {priority}' },
    denying: { 'security-group': 'rule {place}{of}', 'network-acl': 'the rule with priority {priority}{of}' },
  },
  doubts: {
    exempt:
      "Tencent's documents differ on whether the group of a same-account backend lets 100.64.0.0/10 in by default.",
    classic:
      'By the documents, the groups of the backends let probes of classic private CLBs in by default (but for those made in a VPC before 2016-12-05).',
    source: 'The source address of IPv6 probes is not documented and taken to be the VIP.',
    ping: 'That UDP checks of a classic CLB are pings is inferred.',
    evm: 'What backends of type EVM are, and where they are probed from, is not documented.',
    override:
      "That a target group's own health check is in force in place of the listener's is not documented.",
    readings:
      'Whether the port of a triple egress entry is the source or the destination is documented both ways.',
    'source-port':
      'Whether the port of a triple egress entry is the source or the destination is documented both ways. If it is the destination, this ACL lets the packets out.',
    range:
      'The listener covers a range of ports. Which port of the backend is probed is not documented; the result is the same for each of them.',
    domain: 'That a CLB named by a domain probes from 100.64.0.0/10 only is documented for TKE alone.',
    anywhere:
      'Where these probes come from is not documented. If it is 100.64.0.0/10, the group of a same-account backend may let them in by default.',
    order: 'Another order of the groups would decide otherwise.',
    origin: 'How the groups of a backend treat probes from such a source is not documented.',
    pod: 'The pods have no interface of their own and are taken to stand behind the groups and subnet of their node.',
    service: "How the groups of a managed service treat a CLB's probes is not documented.",
    serviceAcl:
      "The guide has the ACL of a managed service's subnet checked, but does not say which products it binds.",
    unsettled: 'Whether the groups of a managed service let 100.64.0.0/10 in by default is not documented.',
    routed: "That a CLB's SNAT traffic obeys the route table and ACL of its subnet is not documented.",
    bound: "Tencent's documents differ on whether IPVS nodes still bind it, and the API does not show it.",
    unsaid: 'Whether the probes carry the VIP or come from 100.64.0.0/10 is not said by the API.',
    nodes: 'The nodes were not read: that these are nodes is assumed.',
    stamp: 'The time of a rule comes without a time zone and is taken to be Beijing time.',
    unmoved:
      'This follows from the rules of the machine; their counters were not seen to move with the probes. Look again while the backend is down, to see whether they move.',
    uncounted:
      'This follows from the rules of the machine; it has no counter that could move with the probes.',
    moving: 'Its counter moves, but packets other than probes may move it, too.',
    inside: 'This follows from what the machine shows.',
    weak: 'What the machine shows may have another explanation.',
    either:
      'The API does not say where the probes come from, and the machine does not show it; only one of the possible sources is stopped.',
    peer: 'The machine asked itself. Such an answer may depend on the address that asks (an allow list, a limit per address). What the probes get stands in the access log of the service (User-Agent clb-healthcheck).',
    'first-port':
      'The listener has a range of ports, and it is not documented which port of a backend is probed. Inside the machine only the first one was looked at.',
    once: 'It was slow once, and may be so for a moment only.',
    several: 'One of several places answered, by chance.',
    handshake:
      'Which TLS versions and server name (SNI) the probes offer is not documented, so they may fare otherwise.',
    cut: 'What came back from the machine is not complete.',
    stale:
      'The machine was looked into before the trouble began, or more than an hour from when the CLB was read, and may have changed between.',
  },
  guest: {
    which: {
      machine: { one: 'machine {id} ({ip})', unnamed: 'machine {ip}', several: '{count} machines ({ips})' },
      node: {
        one: 'node {id} of pod {ip}',
        unnamed: 'the node of pod {ip}',
        several: 'the nodes of {count} pods ({ips})',
      },
      pod: { one: 'pod {ip}', unnamed: 'pod {ip}', several: '{count} pods ({ips})' },
    },
    own: { one: 'the address of the backend, {ip}', several: "each machine's own backend address" },
    place: { machine: 'on the machine', node: 'on the node of the pod' },
    from: { exact: '{list}', nearly: 'nearly all of {list}' },
    list: { machine: ' The machines: {list}.', pod: ' The pods: {list}.' },
    looked: ' Seen {place} at {lookedAt}.',
    keep: {
      own: 'This stays over a restart.',
      iptables:
        'To keep it over a restart, run "service iptables save" (CentOS, RHEL) or "netfilter-persistent save" (Debian, Ubuntu), too.',
      nft: 'To keep it over a restart, write the same rule into /etc/nftables.conf, or into the settings of the program that makes these rules. "insert" puts it first in its chain; if a program manages that chain, change its settings instead.',
      program:
        'A program manages that rule and may write its rules again at any time. To keep the opening, let the probes in by the settings of that program, and save the rules ("service iptables save" or "netfilter-persistent save").',
      tailscale:
        'When tailscaled starts again, it puts its own rules first, and the opening has no effect any more. To keep it, let the health check probe from the VIP, if the CLB can (first let the VIP in by security groups and network ACLs), or agree with the owners of the VPN on tailscale set --netfilter-mode=off: Tailscale then adds no firewall rules, so forged sources of 100.64.0.0/10 get in, and subnet routes and exit nodes need rules of your own.',
    },
    tool: { rule: 'A rule of {tool}', policy: 'The {tool} policy of {chain}' },
    filter: 'The firewall',
    tailscale: 'The firewall of Tailscale',
  },
  /** Follow the doubts. They say what the finding is shown with. */
  conclusions: {
    likely: 'So this is likely, not certain.',
    possible: 'So this is possible, not proven.',
  },
  readings: {
    source:
      'if the port of a triple egress entry means the source port (it is documented both ways), nothing gets out: {rule}',
    destination: 'If it means the destination port, only a part is let out.{lacking}',
  },
  lacking: {
    addresses: 'Blocked probe sources: {list}.',
    ports: 'Prober ports not open: {list}.',
  },
  remainder: {
    sources: 'only {open} of {of} source addresses gets through',
    'source-ports': 'only {protocol} {open} is open of {of} source ports',
    'reply-ports': 'only {protocol} {open} is open of {of} reply ports',
  },
  remaining: 'Too little is left for health checks: {remainders}.',
  rule: {
    'security-group': 'inbound rule {place} ({line})',
    'network-acl': 'the rule with priority {priority} ({line})',
  },
  met: {
    'security-group': 'inbound rule {place} ({line}) matches',
    'network-acl': 'the rule with priority {priority} ({line}) matches',
  },
  common: {
    all: ' In common: {what}.',
    zone: 'zone {value}',
    subnet: 'subnet {value}',
    groups: 'security group {value}',
  },
  members: {
    rule: '{count} forwarding rules',
    listener: '{count} listeners',
    both: '{count} listeners and forwarding rules',
    resource: '{count} resources',
  },
  shadowed: ' {allowing}{elsewhere} ({line}) would allow {part}, but {denying} before it denies it first.',
  serviceConfig:
    'TKE manages this CLB: change the health check in the TkeServiceConfig of the Service or Ingress; the controller may undo a change to the listener or rule alone. ',
  serviceConfigToo:
    '. TKE manages this CLB: change the health check in the TkeServiceConfig of the Service or Ingress; the controller may undo a change to the listener or rule alone',
  configs: {
    differs:
      ' TkeServiceConfig {config} and the CLB differ: {list}. The CLB was changed apart from it, or the controller could not apply it (see the events of the Service); its next sync may write the values of the TkeServiceConfig again.',
    missing:
      ' {thing} names TkeServiceConfig {config}, which does not exist, so the controller has no health check to apply from it.',
    setting: '{name} {wanted} there and {actual} on the CLB',
  },
  elsewhere: ' of {id}',
  part: { some: '{cidrs}', all: 'it' },
} as const satisfies Translation<typeof zhCN>
