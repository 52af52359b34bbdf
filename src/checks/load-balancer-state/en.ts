import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    isolated: {
      title: 'CLB {clb} is isolated',
      detail:
        'The instance is isolated (Isolation=1): it forwards no traffic, whatever its backends are like. Usually an unpaid or expired instance.',
      fix: 'Renew or top up the account to lift the isolation.',
    },
    'vip-blocked': {
      title: 'CLB {clb} {state}',
      detail: '{read}, whatever the backends are like: {why}.',
      fix: 'See the console (for a DDoS block, the Anti-DDoS console) for the reason and the end of it, or open a ticket.',
    },
    stopped: {
      title: 'CLB {clb} is stopped',
      detail:
        'The instance was stopped (AttributeFlags contains Stop): it takes and forwards no traffic, and its health checks are off.',
      fix: 'Find out whether this was meant; if not, start the instance.',
    },
    creating: {
      title: 'CLB {clb} is still being created',
      detail: 'Status=0: the instance is not ready, so its health checks mean nothing yet.',
      fix: null,
    },
    'listener-stopped': {
      title: '{which} stopped',
      detail: 'A listener that was stopped (AttrFlags contains Stop) forwards no traffic and does not probe.',
      fix: 'Find out whether this was meant; if not, start it.',
    },
  },
  listeners: {
    one: 'Listener {name} ({id}) is',
    several: '{count} listeners ({names}) are',
  },
  restricted: {
    block: {
      state: 'has its VIP blocked',
      why: 'public traffic does not reach the CLB, usually because of an attack',
    },
    flag: {
      state: 'is flagged {flag}',
      why: 'it is restricted; why, and whether traffic gets through, the API does not say',
    },
  },
} as const satisfies Translation<typeof zhCN>
