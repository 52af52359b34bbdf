import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'no-targets': {
      title: '{pool} has no {lacks}',
      detail: 'Without {lacks}, requests have nowhere to go, and there is no health to read.',
      fix: '{add} backends, or delete the {unused} if it is no longer used.',
    },
    'all-weights-zero': {
      title: '{pool}: {count|the only backend has|all # backends have} weight 0',
      detail:
        'Backends with weight 0 are still probed but get no new requests; they also stay out when CLB falls back to forwarding to all.',
      fix: 'Give the backends that should serve traffic a weight above 0.',
    },
    'check-disabled': {
      title: 'Health checks are off for {pool}',
      detail:
        'With the check off, CLB does not probe {count|this backend|these # backends} and keeps forwarding to all that have weight, dead ones included. Close does not mean healthy.',
      fix: 'Turn the health check on for this listener or rule.',
    },
    'not-probed-yet': {
      title: '{pool}: {unknown|1 backend is|# backends are} not probed yet',
      detail:
        'Unknown means that probing has not started or has no result yet; until then these backends get no traffic. Look again shortly.',
      fix: null,
    },
  },
  lacks: {
    backends: {
      lacks: 'backends',
      add: 'Bind',
      unused: 'rule',
    },
    rules: {
      lacks: 'forwarding rules',
      add: 'Create a rule and bind',
      unused: 'listener',
    },
    listeners: {
      lacks: 'listeners',
      add: 'Create a listener and bind',
      unused: 'CLB',
    },
  },
} as const satisfies Translation<typeof zhCN>
