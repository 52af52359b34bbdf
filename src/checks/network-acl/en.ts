import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'probe-blocked': {
      title: 'Network ACL {id} {blocks} the health probe ({service})',
      detail:
        "Inbound in the ACL of the backends' subnet: {rule}. Blocked probe sources: {blocked}.{shadowed} Backends behind it: {count}. Network ACLs have no built-in exception for health checks.{doubt}",
      fix: shared.fixes.inbound,
    },
    'reply-blocked': {
      title: 'Network ACL {id} {blocks} the reply to the health probe',
      detail: `The reply of the backends does not get out. ${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
    'probe-partly-blocked': {
      title: 'Network ACL {id} lets in only part of the probe sources ({service})',
      detail:
        'Inbound, {blocked} is denied: {rule}.{shadowed} The source address of probes changes, so the backends can flap. Backends behind it: {count}.{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-partly-blocked': {
      title: 'Network ACL {id} lets out only part of the replies',
      detail:
        'Outbound: {rule}.{shadowed} {lacking}. The backends can flap. Backends behind it: {count}.{doubt}',
      fix: shared.fixes.outbound,
    },
  },
  otherReading:
    'if the port of a triple egress entry means the source port (it is documented both ways), the reply is denied',
  lacking: {
    addresses: 'Destinations denied: {list}',
    ports: 'Destination ports not open: {list}',
    both: '{addresses}. {ports}',
  },
} as const satisfies Translation<typeof zhCN>
