import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'not-running': {
      title: '{which} {is}',
      quote: shared.quote,
      detail:
        'The state of {list} is {state}: no probe is answered. CLB does not unbind instances that are shut down.{common}',
      fix: '{advice}',
    },
    'not-found': {
      title: '{gone}',
      quote: shared.quote,
      detail: 'The listener still has {list}, but {missing}{doubt}{common}',
      fix: 'If the other backends are too few, first bind machines that are in use. Then unbind {them}',
    },
    isolated: {
      title: '{which} {is}',
      quote: shared.quote,
      detail:
        'The business state of {list} is {state}. CLB does not unbind isolated instances; they keep failing the check.{common}',
      fix: '{advice}',
    },
    'eni-detached': {
      title: '{which} attached to nothing',
      quote: shared.quote,
      detail: 'No instance has {list} ({state}), so no probe is answered there.{common}',
      fix: 'Attach the interface to an instance, or unbind {ips}',
    },
    'ip-moved': {
      title: '{which} not on the instance that is bound',
      quote: shared.quote,
      detail:
        'The listener has {names}, but {list} is not on the interfaces there. Present owner: {owners}.{common}',
      fix: 'Bind the backend again with its present address',
    },
    'no-public-bandwidth': {
      title: '{which} without public bandwidth, and this account is billed for bandwidth by CVM',
      quote: shared.quote,
      detail:
        'The account is of the bill-by-CVM type (LEGACY): public bandwidth belongs to the instances, not to the CLB. A public CLB of such an account reaches only instances with public bandwidth; without it the health check fails (document 214/38451). The public bandwidth of {list} is 0, and no other certain or likely cause was found. To confirm: give one of them 1 Mbit/s and see after a few checks whether it is healthy. {doubt}{common}',
      fix: 'Give {them} at least 1 Mbit/s of public bandwidth (bandwidth or traffic is then billed on the instances; those billed by bandwidth take one call each), or have the account upgraded to the standard type',
    },
    'one-zone': {
      title:
        'All {dead} failing machines are in zone {zone}, all {alive} healthy ones in other zones: a fault of the zone is likelier than faults of these machines',
      detail:
        'Failing: {list}. See first whether the Tencent Cloud Health Dashboard (status.cloud.tencent.com) has an event for {zone}; then whether these machines share a subnet, route table, network ACL or security group that the healthy ones do not have.{subnets}',
      fix: null,
    },
  },
  bandwidth: {
    doubt: 'Whether the bandwidth of a bandwidth package or an elastic IP counts too is not documented.',
    hops: 'A part of the path could not be judged, so the cause may be there, too.',
  },
  subnets: ' Subnets of the failing machines: {ids}.',
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
    LAUNCH_FAILED: 'not running: the creation failed',
    SHUTDOWN: 'shut down, awaiting termination',
    TERMINATING: 'being terminated',
    EXPIRED: 'expired',
    PROTECTIVELY_ISOLATED: 'isolated for security',
  },
  advice: {
    STOPPED: 'Start {them}; if the stop was intended, unbind or set the weight to 0',
    STOPPING: 'Start {them} once the stop is complete, or unbind',
    PENDING: 'Wait until the creation of {them} is complete, then look again',
    LAUNCH_FAILED: 'Unbind {them}, whose creation failed, and bind others',
    SHUTDOWN: 'Unbind {them} and bind others; a machine that awaits termination cannot be started',
    TERMINATING: 'Unbind {them} and bind others',
    EXPIRED: 'Renew {them}, or unbind from the listener',
    PROTECTIVELY_ISOLATED: 'Have {them} released on the console (isolated for security); until then unbind',
  },
  them: {
    cvm: { one: '{id}', several: 'these {count} instances' },
    eni: { one: '{id}', several: 'these {count} network interfaces' },
    ip: { one: '{id}', several: 'these {count} addresses' },
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
