import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'before-onset': {
      title: '{resource} {resources|was|were} changed {ago} before the trouble began',
      detail:
        '{changes}. What was changed is on the way of the probes to {count|1 dead backend|# dead backends}. A change before the trouble is not proof: see what was changed.{doubt}',
      fix: null,
    },
  },
  span: '{from} to {to}',
  operation: '{who}{from} {did} {ago} before',
  someone: { first: 'Someone', within: 'someone' },
  from: ' ({ip})',
  ruleChange: {
    first: 'Rule {place} of {id} was changed {ago} before',
    within: 'rule {place} of {id} was changed {ago} before',
  },
} as const satisfies Translation<typeof zhCN>
