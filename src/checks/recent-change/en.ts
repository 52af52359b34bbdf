import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'before-onset': {
      title: '{resource} {resources|was|were} changed {ago} before the trouble began',
      detail:
        '{changes}. {resources|It is|They are} on the way of the probes to {count|1 dead backend|# dead backends}. A change before the trouble is not proof: see what was changed.{doubt}',
      fix: null,
    },
  },
  span: '{from} to {to}',
  operation: '{event}{actor}{from}, {ago} before',
  actor: { known: ' by {actor}', unknown: '' },
  from: ' from {ip}',
  ruleChange: 'rule {rule} was changed {ago} before ({event})',
} as const satisfies Translation<typeof zhCN>
