import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    isolated: {
      title: 'CLB {clb} is isolated',
      detail:
        'The instance is isolated (Isolation=1): it forwards no traffic, whatever the health of its backends. The usual reason is an unpaid bill or an expired instance.',
      fix: 'Renew the instance or top up the account; that lifts the isolation.',
    },
    'vip-blocked': {
      title: 'CLB {clb} {state}',
      detail: '{read}, whatever the health of the backends: {why}.',
      fix: 'Look up the reason and the end time on the console (for a DDoS block, on the Anti-DDoS console), or open a ticket.',
    },
    stopped: {
      title: 'CLB {clb} is stopped',
      detail:
        'The instance was stopped (AttributeFlags contains Stop): it takes and forwards no traffic, and its health checks are off.',
      fix: 'Ask whether somebody stopped it on purpose. If not, start the instance.',
    },
    creating: {
      title: 'CLB {clb} is still being created',
      detail: 'The instance is not ready (Status=0), so its health checks prove nothing yet.',
      fix: null,
    },
    'listener-stopped': {
      title: '{which} stopped',
      detail: 'A listener that was stopped (AttrFlags contains Stop) forwards no traffic and does not probe.',
      fix: 'Ask whether somebody stopped it on purpose. If not, start the listener.',
    },
  },
  listeners: {
    one: 'Listener {name} ({id}) is',
    some: '{count} listeners ({names}) are',
    many: '{count} listeners are',
  },
  restricted: {
    block: {
      state: 'has its VIP blocked',
      why: 'public traffic does not reach the CLB, usually because of an attack',
    },
    BanStatus: {
      state: 'is banned',
      why: 'its service or the access to it is restricted; the API does not say why, or whether traffic gets through',
    },
    BlockStatus: {
      state: 'is restricted',
      why: 'some of its operations or traffic are restricted; the API does not say why, or whether traffic gets through',
    },
  },
} as const satisfies Translation<typeof zhCN>
