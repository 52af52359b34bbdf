import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'no-endpoints': {
      title: 'Service {service} has no pod that could answer, so nobody answers on {entry}',
      quote: 'Endpoints of {service}: {endpoints}',
      detail:
        '{entry} belongs to Service {service}, which has no ready endpoint: {why}. {proxy}{count|1 backend|# backends} affected.{seen}{doubt}',
      fix: 'First make sure that a pod is there and ready: compare the selector of the Service with the labels of the pods, and look at the replicas of the workload, at whether its pods can be scheduled, and at their nodes.',
    },
    'not-ready': {
      title: 'The pods of Service {service} are not ready: {states}',
      quote: '{list}',
      detail:
        'Of {total|1 pod|# pods} of Service {service}, {pods|1 is|# are} not ready, {because} ({states}). {effect}{count|1 backend|# backends} affected.{doubt}',
      fix: 'Look at the state and the events of the pod, and at the log of a container that exited. Mend that, and wait until it is ready.',
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
    unlisted:
      'the list of endpoints is empty, although a pod with the labels of its selector is ready ({selector})',
    ended: 'all pods with the labels of its selector have ended ({ended})',
    notReady: 'no endpoint is ready',
    otherFamily: 'none of its endpoints has an address of {family}, which these backends are bound with',
    rules: 'the rules of the node name none',
  },
  proxy: 'Without an endpoint, kube-proxy refuses connections to the NodePort. ',
  because: {
    container: 'because a container does not run properly',
    scheduler: 'because no node takes them',
    gate: 'because a readiness gate is open',
    node: 'because their node is not ready',
    several: 'for several reasons',
  },
  effect: {
    none: 'No pod is ready, so nobody answers on the NodePort. ',
    direct: 'The CLB forwards to these pods directly. ',
    published:
      'The Service has publishNotReadyAddresses, so NodePorts hand requests on to them all the same. ',
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
    unlisted: 'The pods and the endpoints may have been read at different times.',
    direct: 'The readiness probe and the health check of the CLB need not be the same.',
    'wrong-container-port':
      'The container may listen on a port that it does not declare. The API of the cluster does not tell.',
    guest: 'Only the rules on the node say so. The cluster was not read.',
  },
} as const satisfies Translation<typeof zhCN>
