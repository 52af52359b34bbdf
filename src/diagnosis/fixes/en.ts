import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  inTurn: 'The command above for {id} does this, or a part of it: run that first.',
  adds: {
    joint: ' and ',
    egress: 'outbound to {far} ({services})',
    ingress: 'inbound from {far} ({services})',
    replies:
      'The replies from {replies} go to a port of the prober. Which one is not documented, so 1024-65535 has to be open.',
    either: 'Which port a triple egress entry means is documented both ways; this fits either.',
  },
  widens: {
    machines: 'the {count} machines bound to this security group',
    group: 'the {count} resources bound to this security group ({kinds})',
    unread: 'whatever else is bound to this security group; how much could not be read ({action})',
    subnets: 'every address in the subnets of this network ACL ({subnets})',
  },
  position: {
    last: 'at the end',
    rule: 'before rule {place}',
    entry: 'before the rule with priority {place}',
  },
  command: {
    rule: ' (PolicyIndex {index} in the command)',
    last: ' (Priority {priority} in the command)',
    entry:
      ' (Priority {priority} in the command; if the API refuses it because the priority is taken, insert it at this place on the console)',
  },
  unknownSource: {
    advice:
      '{id} denies every address, and it is not known where the probes come from. It may be: {sources}. Find out the source first, then allow {services} from it in {id}. While the source is not known, no evaluation can say whether that is enough.',
    sources: {
      'balancer-unread': 'a VIP or SNAT IP of {clb}',
      'no-vip': 'the VIP of {clb} (the API does not give it)',
      'no-snat-ip': 'the SNAT IPs of {clb} (the API does not give them)',
      'cross-region': 'the VIP of {clb}, or 100.64.0.0/10',
      'classic-public': 'the VIP of {clb}, 100.64.0.0/10, or an address of a CLB machine',
      'basic-network': 'an address of a CLB machine',
    },
  },
} as const satisfies Translation<typeof zhCN>
