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
    either:
      'The documents do not agree whether the port of an outbound rule is the source port or the destination port; this rule fits both.',
  },
  undo: {
    rule: 'Undo: delete inbound rule {place} of security group {id}',
    replaced: 'Undo: put inbound rule {place} of security group {id} back to {before}',
    removed:
      'Undo: add the deleted inbound rules to security group {id} again ({words}), at the end: their place is not known',
    entry: {
      ingress: 'Undo: delete inbound entry {place} of network ACL {id}',
      egress: 'Undo: delete outbound entry {place} of network ACL {id}',
    },
    list: {
      ingress:
        'Undo: put the inbound entries of network ACL {id} back to {count|the earlier one|the earlier #} (the command replaces all inbound entries)',
      egress:
        'Undo: put the outbound entries of network ACL {id} back to {count|the earlier one|the earlier #} (the command replaces all outbound entries)',
    },
    set: 'Undo: put all rules of security group {id} back to the list that was set before, with {count|1 inbound rule|# inbound rules} (the command replaces all inbound and outbound rules)',
    binding: 'Undo: unbind network ACL {id} from {subnets}',
    check: 'Undo: give the health check of {pool} the settings of before ({list})',
    done: 'Undoing the change of {id} above lets these probes in, too',
  },
  backends: {
    bound: 'Undo: bind {count|the unbound backend|the # unbound backends} again ({list}){note}',
    weighted: 'Undo: put the weight of {count|1 backend|# backends} back ({list}){note}',
    raised: 'Set the weight of {count|1 backend|# backends} above 0 ({list}){note}',
    weight: '{name}, weight {weight}',
    unlogged: '; the log does not have the weight of before, so the command has the default {weight}',
  },
  ask: {
    somebody: '; ask {actor} first',
    nobody: '; first find out who did it, and why',
    unread:
      '; by whom it was changed and what it was before is not known, because the audit log was not read',
  },
  settings: {
    enabled: 'health check switch',
    type: 'check protocol',
    port: 'check port',
    timeoutSeconds: 'response timeout',
    intervalSeconds: 'check interval',
    unhealthyThreshold: 'unhealthy threshold',
    healthyThreshold: 'healthy threshold',
    method: 'HTTP method',
    host: 'check domain',
    path: 'check path',
    httpVersion: 'HTTP version',
    httpCodes: 'mask of healthy status codes',
    sourceIpType: 'type of probe source',
  },
  setting: '{name} {now} → {old}',
  somebody: 'Someone',
  doneBy: {
    StopInstances: '{who} stopped {list} at {time}{ask}.',
    TerminateInstances: '{who} terminated {list} at {time}{ask}.',
    DetachNetworkInterface: '{who} detached {list} at {time}{ask}.',
    SetLoadBalancerStartStatus: '{who} stopped {list} at {time}{ask}.',
  },
  unlogged: {
    note: 'No undo is proposed for the change {whose}: the audit log does not show {lack}. {ask}, or look for earlier records of {id} in the operation audit of the console.',
    by: { somebody: 'by {actor} at {time}', nobody: 'at {time}' },
    lacks: { before: 'what {id} was before', place: 'where in {id} the deleted rules stood' },
    ask: { somebody: 'Ask {actor}', nobody: 'First find out who made it' },
  },
  /** What an undoing lets in beside the probes. */
  beside: {
    known: 'beyond the probes, this newly lets in only {packets}',
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
  refused: 'If it is refused because the priority is taken, insert it at this place on the console.',
  left: 'Only the first {count} commands are listed; the other {left} are alike.',
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
