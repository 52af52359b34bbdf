import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'not-ready': {
      title: 'Not ready in the cluster: node {nodes}',
      quote: '{nodes}: condition Ready is {reasons}',
      detail:
        'The API of the cluster shows {nodes} as not ready ({reasons}). If a node is cut off or its kubelet has stopped, its pods and kube-proxy may not work any more, and probes get no answer. {count|1 backend|# backends} affected.{common}{doubt}',
      fix: 'Find out why the node is not ready (kubelet, container runtime, disk, connection). If that takes long, cordon and remove it, so that the pods move.',
    },
    'node-port-blocked': {
      title:
        'Security group {groups} does not let nodes forward to each other, so requests on NodePort {ports} do not reach the pods',
      quote: '{from} → {to}: {rule}',
      detail:
        'Service {service} has externalTrafficPolicy: Cluster, so a node hands requests on NodePort {ports} on to a pod on any node. From {from} to {to} {extent} is denied by security group {groups} of the node of the pod: {rule}. {count|1 backend|# backends} affected.{doubt}',
      fix: 'Let the ranges of nodes and containers in at security group {groups} (TKE asks for free traffic between nodes and containers, and for 30000-32768). Do not open 30000-32768 to all sources: whoever reaches a node then reaches every NodePort.',
    },
    'local-policy-no-pod': {
      title:
        'No pod of Service {service} on {count|1 node|# nodes}, and externalTrafficPolicy is Local: failing probes there are by design',
      quote: 'externalTrafficPolicy: Local. Nodes without a ready pod: {nodes}',
      detail:
        'Service {service} has externalTrafficPolicy: Local, so a node hands requests on NodePort {ports} to its own pods only. A node without a ready pod passes them to nobody. {nodes} {count|has|have} no ready pod. The ready ones are on {hosts}.{seen}{doubt}',
      fix: 'One of these: {bind}put a pod on every node (for example a DaemonSet, or topology spread constraints); or set externalTrafficPolicy to Cluster (the backends then do not see the IP of the clients). It may also stay as it is: traffic only goes to nodes with a pod.',
    },
    'kube-proxy-not-ready': {
      title: 'kube-proxy is not ready on {nodes}, so rules of NodePorts may be missing or old',
      quote: '{list}',
      detail:
        'The rules of kube-proxy{mode} forward a NodePort. {list}. From then on no change of a Service takes effect, and after a restart of the node the rules do not come back. {count|1 backend|# backends} affected.{common}{doubt}',
      fix: 'Look at the log and the events of kube-proxy, and make sure that the pod is ready afterwards.',
    },
  },
  bind: 'set the annotation service.kubernetes.io/local-svc-only-bind-node-with-pod: "true" on the Service, so that the CLB binds nodes with a pod only; ',
  mode: ' ({mode})',
  noHosts: 'no node',
  unread: 'nodes that were not read',
  unnamed: 'of NodePort {ports}',
  seen: " The node's own rules say the same.",
  proxies: {
    missing: '{node} has no pod of kube-proxy',
    'not-ready': '{pod} on {node} is not ready ({why})',
  },
  extent: { wholly: 'all traffic', partly: 'a part of the traffic' },
  doubts: {
    'not-ready': 'The rules and containers of a node that is not ready sometimes still work.',
    'kube-proxy-not-ready': 'Rules from before stay on the node when kube-proxy stops.',
    'node-port-blocked':
      'This takes it that the security group of the node applies to traffic to its pods, which does not hold for pods with an interface of their own.',
    guest: 'Only the rules on the node say so. The cluster was not read.',
  },
} as const satisfies Translation<typeof zhCN>
