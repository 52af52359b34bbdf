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
    group: 'everything bound to security group {id}: {count} resources in all ({kinds})',
    unread: 'whatever else is bound to security group {id}; how much could not be read ({action})',
    subnets: 'every address in the subnets of network ACL {id} ({subnets})',
  },
  position: {
    last: 'add at the end',
    rule: 'insert before the rule that is now number {place} (PolicyIndex {index} in the command)',
    lastEntry: 'add at the end (Priority {priority} in the command)',
    entry:
      'insert before the entry that is now number {place} (Priority {priority} in the command; if the API refuses it because the priority is taken, insert the entry at this place on the console)',
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
