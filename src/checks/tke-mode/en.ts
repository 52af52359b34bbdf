import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    direct: {
      title: 'Direct access: the CLB forwards to {count|1 pod|# pods} by their own address{service}',
      detail:
        '{ground}. Probes go to the port of the container, and no NodePort or kube-proxy is on the path. What counts: is the pod ready, its port, the security group of its interface (or of the node), and does the node forward.{skipped}{configs}{doubt}',
      fix: null,
    },
    'node-port': {
      title: 'No direct access: the CLB forwards to NodePort {ports} of {count|1 node|# nodes}{service}',
      detail:
        '{ground}. Probes go to the NodePort of the node, and the rules of kube-proxy hand them on to a pod. What counts: the node and its kube-proxy, externalTrafficPolicy, are the pods ready, and does the security group of the nodes let 30000-32768 in.{skipped}{remedy}{configs}{doubt}',
      fix: null,
    },
  },
  service: ' (Service {services})',
  ingress: ' (Ingress {services})',
  ground: {
    annotated: 'The annotation direct-access of the Service or Ingress is "true"',
    plain: 'The Service or Ingress has no annotation direct-access: "true"',
    refused:
      'The annotation direct-access is "true", but the ConfigMap tke-service-controller-config in kube-system does not have GlobalRouteDirectAccess "true", so in a GlobalRouter network the controller binds NodePorts and no pods',
    types: 'The backends are of type {types} with port {ports}',
    serverless: 'The backends are pods by their own address ({types})',
  },
  skipped: ' {names} has the annotation mode: skip, so the controller does not sync its backends any more.',
  remedy:
    ' If direct access is wanted, set GlobalRouteDirectAccess to "true" there ({command}), and the controller binds the pods. If not, take the annotation away, so that nobody reads the Service as direct. In a VPC-CNI network the switch is not needed, and something else then keeps the controller from binding pods: look at the events of the Service.',
  doubts: {
    unlinked:
      'For some of the backends the cluster names no pod and no NodePort, so their type and port count.',
    types:
      'This follows from the type and port of the backends. The annotations of the Service were not read.',
  },
} as const satisfies Translation<typeof zhCN>
