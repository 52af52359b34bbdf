import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'probe-blocked': {
      title: '{denier} {blocks} the health check{what}',
      quote: shared.quote,
      detail:
        "The health check probes {service}{from}. Inbound in the ACL of the backends' subnet: {rule}.{rest}{shadowed} {count|1 backend|# backends} affected. Network ACLs have no built-in exception for health checks.{doubt}",
      fix: shared.fixes.inbound,
    },
    'reply-blocked': {
      title: '{denier} {blocks} the reply to the health check',
      quote: shared.quote,
      detail: `The reply of the backends does not get out. ${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
    'probe-partly-blocked': {
      title: 'Network ACL {id} allows the health check from part of its sources only ({service})',
      quote: shared.partQuote,
      detail:
        'Inbound: {rule}.{lacking}{shadowed} The source address of probes changes, so the backends can flap. {count|1 backend|# backends} affected.{doubt}',
      fix: shared.fixes.inbound,
    },
    'reply-partly-blocked': {
      title: 'Network ACL {id} allows only part of the replies to the health check',
      quote: shared.partQuote,
      detail:
        'Outbound: {rule}.{lacking}{shadowed} The backends can flap. {count|1 backend|# backends} affected.{doubt}',
      fix: shared.fixes.outbound,
    },
  },
} as const satisfies Translation<typeof zhCN>
