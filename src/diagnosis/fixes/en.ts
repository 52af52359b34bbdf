import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  inTurn: 'The command above for {id} does this, or a part of it: run that first.',
  reply: 'replies from {protocol} {port}',
  adds: {
    joint: ' and ',
    egress: 'outbound to {far} ({services})',
    ingress: 'inbound from {far} ({services})',
    either: '; which port a triple egress entry means is documented both ways, and this fits either',
  },
  widens: {
    group: 'everything bound to security group {id}: {count} resources in all ({kinds})',
    unread: 'whatever else is bound to security group {id}; how much could not be read ({action})',
    subnets: 'every address in the subnets of network ACL {id} ({subnets})',
  },
  position: { last: 'at the end', index: 'at PolicyIndex {index}' },
} as const satisfies Translation<typeof zhCN>
