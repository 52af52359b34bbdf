import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  things: {
    'owner-unknown': {
      subject: 'backend {ip}',
      reason: 'no network interface owns this address, so its security groups and ACL are not known',
      settle: 'find out in the console which machine has {ip}; unbind the address if no machine does',
    },
    'address-unknown': {
      subject: 'a backend without an address',
      reason: 'the API does not give the address of this backend',
      settle: 'compare with the backends of the listener in the console',
    },
    'no-groups': {
      subject: 'backend {ip}',
      reason: 'the API returned no security group for it',
      settle: 'open the "Security groups" page of the machine in the console',
    },
    'outside-vpc': {
      subject: 'backend {ip}',
      reason: 'it is behind CCN or Direct Connect: the API does not show the firewalls and routes there',
      settle: "check on the far side that the CLB's source IPs are let in and that a route leads back",
    },
    'node-unknown': {
      subject: 'pod {ip}',
      reason: 'a pod of a GlobalRouter network has no interface of its own, and its node is not known',
      settle: 'kubectl get pods -A -o wide --field-selector status.podIP={ip}',
    },
    'service-groups': {
      subject: 'managed service {service}',
      reason: 'its security groups are not known',
      settle: 'look up the security groups of {service} in the console of the product',
    },
    'type-unknown': {
      subject: 'backend {ip} (type {type})',
      reason: 'this type of backend is not known, so its security groups and ACL are not known either',
      settle: 'look up the security groups of {ip} and the ACL of its subnet in the console',
    },
    'not-found': {
      subject: '{id}',
      reason: 'the API does not find it; it may have been deleted',
      settle: 'check in the console whether {id} still exists',
    },
    'check-unknown': {
      subject: 'the settings of the health check',
      reason: 'the API gave no settings of the health check, so it is not known what CLB probes',
      settle: 'open the health check settings of the listener in the console',
    },
    'protocol-unknown': {
      subject: 'the protocol of the health check',
      reason: 'this protocol or check type is not known, so it is not known what CLB probes',
      settle: 'open the health check settings of the listener in the console',
    },
    'order-matters': {
      subject: 'the order of the security groups',
      reason: 'another order would give another verdict',
      settle: 'compare the order on the "Security groups" page of the machine in the console',
    },
  },
  unread: {
    permission: 'look it up in the console; or grant {action} to the role of clb-doctor and diagnose again',
    again: 'diagnose again later',
    console: 'look it up in the console',
  },
  bypass: {
    subject: 'whether "allow by default" of {clb} is in force',
    unsaid: 'the API does not say whether it is on',
    snat: 'the documents do not say whether it works with SNAT',
    settle: {
      unsaid: 'look at the switch on the "Security groups" page of {clb} in the console',
      snat: "allow the probes in the backends' security groups; then they pass in both cases",
    },
  },
  subnet: {
    subject: 'whether the VIP of {clb} and the backend share a subnet',
    reason:
      'the API does not give its network type or its subnet, and an ACL does not filter within a subnet',
    settle: 'look up network type and subnet on the page of {clb} in the console',
  },
  otherwise: '; if not, this denies the probes: {rule}',
  source: {
    subject: 'the source IP of the probes',
    why: {
      'balancer-unread': 'the attributes of the CLB could not be read',
      'no-vip': 'the API gives no VIP of {clb}',
      'no-snat-ip': 'the API gives no SNAT IP of {clb}',
      'cross-region': 'it is not documented where cross-region probes come from without a SNAT IP',
      'classic-public': 'it is not documented where the probes of a public classic CLB come from',
      'basic-network': 'it is not documented where the probes of a CLB in the basic network come from',
    },
    part: '{why}, and the rules let in only some addresses',
    may: 'the API does not say where the probes come from: {origins}',
    origin: 'from {via} they are {verdict}',
    by: '{verdict} ({rule})',
    settle: 'look up "Health check source IP" in the health check settings of the listener in the console',
    capture:
      'tcpdump -ni any -c 5 {filter}  # on the backend: where do the probes come from? If none arrive, they are dropped on the way',
  },
  verdicts: {
    pass: 'let in',
    partial: 'denied in part',
    block: 'denied',
    unknown: 'not decided',
    'not-applicable': 'not sent',
  },
  rules: {
    group: 'security group {id}, inbound rule {position} ({line})',
    acl: {
      'acl-in': 'network ACL {id}, inbound rule with priority {position} ({line})',
      'acl-out': 'network ACL {id}, outbound rule with priority {position} ({line})',
    },
    denies: { group: 'security group {id}, default deny', acl: 'network ACL {id}, default deny' },
  },
  parts: {
    action: 'its action "{text}" is not understood',
    protocol: 'its protocol "{text}" is not understood',
    port: 'its port "{text}" is not understood',
    address: 'its address "{text}" is not understood',
    'source-group':
      'its source is security group {id}, and it is not documented whether a {via} counts as a member',
    'template-unread': 'template {id} could not be read ({why})',
    'template-not-found': 'template {id} was not found; it may have been deleted',
    'template-member': 'a member of template {id} is not understood',
    'probe-port': 'it is not known which port CLB probes',
    'two-services': 'it names a service template and a port, and they disagree',
    'several-sources': 'it names several kinds of source, and it is not known which one counts',
    priority: 'its priority is missing or used twice, so its place in the order is not known',
    icmpv6: 'it is not documented whether ICMP in an ACL includes ICMPv6',
  },
  empty: '(empty)',
  settle: {
    allow: 'add a rule before it that allows {service} from {sources}',
    reply: 'add an entry before it that allows TCP/UDP 1024-65535 and ICMP to {sources}',
    control: ' (a healthy backend behind the same group would also show that it lets the probes in)',
    template: 'look up {id} under "Parameter templates" in the console; if it was deleted, change the rule',
    console: 'look at the rule in the console',
  },
  guest: {
    subject: 'inside the machine',
    reason: 'the API does not show it',
    target: '<ip:port>',
    looked: 'inside {ip}',
    unread: '{what} could not be read',
    unclear: '{what} may decide and is not understood',
    nothing: 'what came back is not enough to tell',
    firstPort: {
      reason: 'probes of port {what} pass, and the other ports of the range were not looked at',
      settle: 'on the machine: ss -ltn shows which ports of the range listen',
    },
    observed: {
      'half-open': {
        reason:
          'all that was evaluated passes, but connections of {peers} stay half-open: their SYN came in, and no ACK followed, so the replies get lost',
        settle:
          'on the machine: ip route get {peer}; ip neigh; tc -s qdisc; then tcpdump -ni any host {peer} and tcp port {port}: does the SYN-ACK leave?',
      },
      unread: {
        reason:
          'the application answers the machine itself, but {peers} gave up before it had read what they asked',
        settle:
          'ask what the application does with a peer before it reads: a look-up of its name (DNS), a limit per address, no free worker',
      },
      unacknowledged: {
        reason:
          'the application answered, and {peers} did not acknowledge the answer: it gets lost on the way',
        settle:
          'compare the MTU of the machine (ip link) with that of the way, 1500 in a VPC; large answers get lost first',
      },
      unanswered: {
        reason: 'a socket listens, and a connection of the machine to it was not answered',
        settle:
          'look for programs on the socket or in the cgroup (bpftool prog; bpftool cgroup tree) and for TCP MD5 keys of the application',
      },
    },
    why: {
      tool: '{what} (the tool is not there)',
      permission: '{what} (no permission: needs root)',
      failed: '{what} (failed)',
      lost: '{what} (lines of it are lost)',
      pruned: '{what} (the script was not told of these sources)',
      'left-out': '{what} (too long, left out)',
      cut: '{what} (the output was cut)',
      'not-understood': '{what} (not understood)',
      unasked: '{what} (nobody tried it)',
      'other-machine': '{what} (not an address of the machine that answered)',
    },
    again: 'run it again as root; install the missing tools before',
  },
  more: '{count} more',
} as const satisfies Translation<typeof zhCN>
