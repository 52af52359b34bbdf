import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

const byState = 'For {list}: {advice}'

export const en = {
  reasons: {
    'not-running': {
      title: '{which} {is}',
      detail:
        'The state of {list} is {state}: no probe is answered. CLB does not unbind instances that are shut down.{common}',
      fix: byState,
    },
    'not-found': {
      title: '{gone}',
      detail: 'The listener still has {list}, but {missing}{doubt}{common}',
      fix: 'Unbind {list} and bind the backends that are really in use.',
    },
    isolated: {
      title: '{which} {is}',
      detail:
        'The business state of {list} is {state}. CLB does not unbind isolated instances; they keep failing the check.{common}',
      fix: byState,
    },
    'eni-detached': {
      title: '{which} attached to nothing',
      detail: 'No instance has {list} ({state}), so no probe is answered there.{common}',
      fix: 'Attach what is detached to an instance, or unbind {ips}.',
    },
    'ip-moved': {
      title: '{which} not on the instance that is bound',
      detail:
        'The listener has {names}, but {list} is not on the interfaces there. Present owner: {owners}.{common}',
      fix: 'Bind the backend again with its present address.',
    },
  },
  lag: 'The record of use may lag behind.',
  named: {
    cvm: { one: 'Instance {id} ({ip}) is', several: '{count} instances are' },
    eni: { one: 'Network interface {id} ({ip}) is', several: '{count} network interfaces are' },
    ip: { one: 'Address {id} is', several: '{count} addresses are' },
  },
  words: {
    STOPPED: 'stopped',
    STOPPING: 'being stopped',
    PENDING: 'being created',
    LAUNCH_FAILED: 'not there: the creation failed',
    SHUTDOWN: 'shut down, awaiting termination',
    TERMINATING: 'being terminated',
    EXPIRED: 'expired',
    PROTECTIVELY_ISOLATED: 'isolated for security',
  },
  advice: {
    STOPPED: 'start; if the stop was meant, unbind from the listener or set the weight to 0.',
    STOPPING: 'once STOPPED, start, or unbind.',
    PENDING: 'still being created: look again once RUNNING.',
    LAUNCH_FAILED: 'could not be created: unbind and bind others.',
    SHUTDOWN: 'awaiting termination, cannot be started: unbind and bind others.',
    TERMINATING: 'being terminated: unbind and bind others.',
    EXPIRED: 'renew, or unbind from the listener.',
    PROTECTIVELY_ISOLATED:
      'isolated for security: find out why on the console and have that lifted; until then unbind.',
  },
  gone: {
    cvm: {
      one: 'Instance {id} ({ip}) was terminated and is still bound',
      several: '{count} instances were terminated and are still bound',
    },
    ip: {
      one: 'Address {id} is no longer in use and still bound',
      several: '{count} addresses are no longer in use and still bound',
    },
  },
  missing: {
    cvm: 'this region and account have no such instance any more.',
    ip: 'no interface or product of the VPC uses that address; it was probably released.',
  },
} as const satisfies Translation<typeof zhCN>
