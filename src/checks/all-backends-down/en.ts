import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'fallback-active': {
      title:
        'Every weighted backend of {pool} is Dead, so CLB forwards to {count|it all the same|all of them (#)}',
      detail:
        'When every backend with a weight above 0 in one listener or rule is Dead, CLB stops taking any of them out: requests go to {count|that one|all #}{except}. Some requests may still succeed; that the service "still works" does not mean that the check is wrong.',
      fix: null,
    },
    'one-left': {
      title: 'Only 1 of the {count} backends of {pool} is left',
      detail: 'All traffic goes to {last}; when it fails too, CLB will forward to every Dead backend.',
      fix: 'Make sure that {last} can carry all the traffic, and bring the others back first.',
    },
  },
  except: ' (not to the {count} with weight 0)',
} as const satisfies Translation<typeof zhCN>
