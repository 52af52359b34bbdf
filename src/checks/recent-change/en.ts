import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'before-onset': {
      title: '{resource} {resources|was|were} changed {ago} before the trouble began{took}',
      detail: '{changes}.{where}{capacity}{doubt}',
      fix: null,
    },
  },
  where:
    ' What was changed is on the way of the probes to {count|1 dead backend|# dead backends}. A change before the trouble is not proof: see what was changed.',
  took: {
    unbound: ': {count|1 backend was|# backends were} unbound',
    zeroed: ': the weight of {count|1 backend|# backends} was set to 0',
  },
  capacity: {
    unbound: '{count|1 backend was|# backends were} unbound ({list}): the others take the requests.',
    zeroed: '{count|1 backend|# backends} of weight 0 ({list}) get no new requests: the others take them.',
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
