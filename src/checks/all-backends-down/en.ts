import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'fallback-active': {
      title:
        'Every weighted backend of {pool} is Dead, so CLB forwards to {count|it all the same|all of them (#)}',
      detail:
        'When every backend with a weight above 0 in one listener or rule is Dead, CLB stops taking any of them out: requests go to {count|that one|all #}{except}. Some requests may still succeed; a service that "still works" does not prove the check wrong.',
      fix: null,
    },
    'one-left': {
      title: 'Only {pools|1|#} of the {count} backends of {pool} {pools|is|are} left{pools||, one each}',
      detail:
        'All traffic goes to {last}; when {pools|it|one of them} fails too, CLB will forward to every Dead backend.',
      fix: 'Bring the other backends back first, and make sure that {last} can carry all the traffic.',
    },
  },
  except: ' (not to the {count} with weight 0)',
} as const satisfies Translation<typeof zhCN>
