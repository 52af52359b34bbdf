import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'before-onset': {
      title: '{resource} was changed {ago} before the trouble began',
      detail:
        '{changes}. It is on the way of the probes to {count|1 dead backend|# dead backends}. Coming before is no proof: see what it changed.{doubt}',
      fix: null,
    },
  },
  operation: '{event}{actor}{from}, {ago} before',
  actor: { known: ' by {actor}', unknown: '' },
  from: ' from {ip}',
  ruleChange: 'rule {rule} was changed {ago} before ({event})',
} as const satisfies Translation<typeof zhCN>
