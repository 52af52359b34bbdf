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
  undo: {
    rule: 'Undo: delete the inbound rule that is now number {place} of security group {id}{index}: {words}.',
    replaced:
      'Undo: put the inbound rule that is now number {place} of security group {id}{index} back to {before}; now it is {words}.',
    removed:
      'Undo: add the inbound rules to security group {id} that were deleted ({words}), at the end: where they stood is not known.',
    entry: {
      ingress: 'Undo: delete the inbound entry that is now number {place} of network ACL {id}: {words}.',
      egress: 'Undo: delete the outbound entry that is now number {place} of network ACL {id}: {words}.',
    },
    list: {
      ingress:
        'Undo: put the inbound entries of network ACL {id} back to {count|the one entry|the # entries} of before. The command replaces all inbound entries.',
      egress:
        'Undo: put the outbound entries of network ACL {id} back to {count|the one entry|the # entries} of before. The command replaces all outbound entries.',
    },
    binding: 'Undo: unbind network ACL {id} from {subnets}.',
    index: ' (PolicyIndex {index} in the command)',
    done: 'What was undone for {id} above lets these probes in, too.',
  },
  /** Who made the change that is undone. */
  made: {
    added: '{actor} added it at {time}{before}: ask first.',
    changed: '{actor} changed it at {time}{before}: ask first.',
    removed: '{actor} deleted them at {time}{before}: ask first.',
    replaced: '{actor} replaced them at {time}{before}: ask first.',
    bound: '{actor} bound it at {time}{before}: ask first.',
    stamped:
      'It was added or changed at {time}{before}. By whom, and what it was before, is not known, because the audit log was not read.',
    before: ', {ago} before the trouble',
    somebody: 'Somebody',
  },
  /** What an undoing lets in beside the probes. */
  beside: {
    known: 'other packets that the undoing lets in: {packets}',
    rule: 'other packets that {words} denies (not evaluated)',
    list: 'other packets that the earlier entries of {id} let in (not evaluated)',
    binding: 'all other packets that network ACL {id} denies',
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
