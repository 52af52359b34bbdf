import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'probe-blocked': {
      title: 'Network ACL {id} {blocks} the health probe ({service})',
      detail:
        "Inbound in the ACL of the backends' subnet: {rule}.{lacking}{rest}{shadowed} Backends behind it: {count}. Network ACLs have no built-in exception for health checks.{doubt}",
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
        'Inbound: {rule}.{lacking}{shadowed} The source address of probes changes, so the backends can flap. Backends behind it: {count}.{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-partly-blocked': {
      title: 'Network ACL {id} lets out only part of the replies',
      detail:
        'Outbound: {rule}.{lacking}{shadowed} The backends can flap. Backends behind it: {count}.{doubt}',
      fix: shared.fixes.outbound,
    },
  },
} as const satisfies Translation<typeof zhCN>
