import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

const byState = 'For {id}: {advice}'

export const en = {
  reasons: {
    'not-running': {
      title: 'Instance {id} ({ip}) is not running: {state}',
      detail:
        '{name} ({ip}) is {state} and answers no probe. CLB does not unbind instances that are shut down.',
      fix: byState,
    },
    'not-found': {
      title: 'Backend {which} no longer exists',
      detail: 'The listener still has {which}, but {missing}{doubt}',
      fix: 'Unbind {id} and bind the backend that is really in use.',
    },
    isolated: {
      title: 'Instance {id} ({ip}) is isolated or expired: {state}',
      detail:
        '{name} has the business state {state}. CLB does not unbind isolated instances; they keep failing the check.',
      fix: byState,
    },
    'eni-detached': {
      title: 'Network interface {id} ({ip}) is attached to nothing',
      detail:
        'The address {ip} belongs to network interface {id} ({state}), which is attached to no instance and answers no probe.',
      fix: 'Attach the interface to an instance, or unbind this backend.',
    },
    'ip-moved': {
      title: 'Address {id} no longer belongs to the instance that is bound',
      detail:
        'The listener has {name}, but {ip} is not on its interfaces; the address now belongs to: {state}.',
      fix: 'Bind the backend again with its present address.',
    },
  },
  lag: 'The record of use may lag behind.',
  advice: {
    STOPPED: 'start it; if the stop was meant, unbind it from the listener or give it weight 0.',
    STOPPING: 'once it is STOPPED, start it, or unbind it.',
    PENDING: 'it is being created: look again once it is RUNNING.',
    LAUNCH_FAILED: 'it could not be created: unbind it and bind another.',
    SHUTDOWN: 'it awaits termination and cannot be started: unbind it and bind another.',
    TERMINATING: 'it is being terminated: unbind it and bind another.',
    EXPIRED: 'renew it, or unbind it from the listener.',
    PROTECTIVELY_ISOLATED:
      'it is isolated for security: find out why on the console and have that lifted; until then unbind it.',
  },
  missing: {
    machine: 'there is no such instance in this region and account; it was probably terminated.',
    address: 'no interface or product of the VPC uses that address; it was probably released.',
  },
} as const satisfies Translation<typeof zhCN>
