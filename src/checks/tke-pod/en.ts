import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'no-endpoints': {
      title: 'Service {service} has no pod that could answer, so nobody answers on {entry}',
      quote: 'Endpoints of {service}: {endpoints}',
      detail:
        '{entry} belongs to Service {service}, which has no ready endpoint: {why}. {proxy}{count|1 backend|# backends} affected.{seen}{doubt}',
      fix: 'First make sure that pods exist: compare the selector of the Service with the labels of the pods, look at the replicas of the workload, and at whether its pods can be scheduled.',
    },
    'not-ready': {
      title: 'The pods of Service {service} do not run: {states}',
      quote: '{list}',
      detail:
        'Of {total|1 pod|# pods} of Service {service}, {pods|1 is|# are} not ready, because a container does not run properly ({states}). {effect}{count|1 backend|# backends} affected.{doubt}',
      fix: 'Look at the events of the pod and at the log of its last exit, mend that, and wait until it is ready.',
    },
    'readiness-failing': {
      title: 'The pods of Service {service} run, but their readiness probe fails',
      quote: '{list}',
      detail:
        'Of {total|1 pod|# pods} of Service {service}, {pods|1 is|# are} running, but the readiness probe of the cluster itself fails{probe}. {effect}So the trouble is in the application and not on the path of the CLB. {count|1 backend|# backends} affected.{doubt}',
      fix: 'See in the events why the readiness probe fails, then look at the log of the application. If the readiness probe itself is wrong, correct it.',
    },
    'wrong-container-port': {
      title: 'targetPort {target} of Service {service} is not a port of its containers',
      quote: 'targetPort {target}. Ports that the containers declare: {ports}',
      detail:
        'Port {port} of Service {service} goes to {target} of the containers, but its pods declare {ports}. {named}{count|1 backend|# backends} affected.{doubt}',
      fix: 'Find out on which port the container listens, and set the targetPort of the Service to it.',
    },
  },
  entries: {
    nodePort: 'NodePort {ports}',
    pool: '{pool}',
  },
  why: {
    noPods: 'no pod has the labels that its selector asks for ({selector})',
    none: 'the list of endpoints is empty',
    notReady: 'no endpoint is ready',
    otherFamily: 'none of its endpoints has an address of {family}, which these backends are bound with',
    rules: 'the rules of the node name none',
  },
  proxy: 'Without an endpoint, kube-proxy refuses connections to the NodePort. ',
  effect: {
    none: 'No pod is ready, so nobody answers on the NodePort. ',
    direct: 'The CLB forwards to these pods directly. ',
  },
  probe: ' ({probe})',
  named: {
    unknown:
      'No container declares a port with the name {target}, so the endpoints have no port to forward to. ',
    number: 'Declared ports only inform, and a container may listen on others. ',
  },
  nothing: 'none',
  unnamed: 'of NodePort {ports}',
  seen: " The node's own rules say the same.",
  doubts: {
    direct: 'The readiness probe and the health check of the CLB need not be the same.',
    'wrong-container-port':
      'The container may listen on a port that it does not declare. The API of the cluster does not tell.',
    guest: 'Only the rules on the node say so. The cluster was not read.',
  },
} as const satisfies Translation<typeof zhCN>
