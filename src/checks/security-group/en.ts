import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'probe-blocked': {
      title: '{denier} {blocks} the health check{what}',
      quote: shared.quote,
      detail: shared.details.group,
      fix: shared.fixes.group,
    },
    'probe-partly-blocked': {
      title: 'Security group {all} allows the health check from part of its sources only ({service})',
      quote: shared.partQuote,
      detail: shared.details.groupPart,
      fix: shared.fixes.group,
    },
    'order-dependent': {
      title: 'The verdict depends on the order of the bound groups: {groups}',
      detail:
        '{count|1 backend has|# backends have} several groups, and another order would give another verdict for {conflict}: {outcomes}. The API does not promise that the order it returns is the one in force; this report follows the returned order.',
      fix: "Check the groups' priority on the console, or bring the allowing rules into one group.",
    },
  },
  verdicts: {
    pass: 'allowed',
    block: 'denied',
    partial: 'allowed in part',
    unknown: 'cannot tell',
  },
  outcome: '{verdict} with {first} first, by {rule}',
} as const satisfies Translation<typeof zhCN>
