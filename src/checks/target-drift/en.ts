import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'stale-target': {
      title:
        '{count|1 NodePort backend is|# NodePort backends are} not among the nodes of cluster {cluster}: {targets}',
      detail:
        'By its tag the CLB belongs to cluster {cluster}, and these backends have NodePorts (30000-32767), but they are not among its worker nodes. Once a machine has left the cluster, nobody answers on its NodePorts, and the binding may have stayed behind. It stays as well if the Service or Ingress has the annotation service.cloud.tencent.com/mode: skip (ingress.cloud.tencent.com/mode for an Ingress), because the controller then no longer syncs its backends.{doubt}',
      fix: 'Make sure that these machines have left the cluster, then unbind them; if they should be in it, add them again.',
    },
    'port-mismatch': {
      title: '{pool}: {count|1 Dead backend has|# Dead backends have} port {ports}, all healthy ones {port}',
      detail:
        'By its tag the CLB belongs to cluster {cluster}. A port of a Service is one NodePort on all nodes: that of the healthy backends of {pool} is {port}, that of {targets} is {ports}, perhaps left from before the NodePort changed. With the annotation service.cloud.tencent.com/mode: skip on the Service the controller no longer syncs, and the bindings keep the old port.{doubt}',
      fix: 'Look up the NodePort of the Service (kubectl get svc -A); if {ports} is not in use any more, unbind these backends.',
    },
  },
  doubts: {
    'stale-target': {
      likely: 'They may also be bound on purpose, beside the cluster. The API does not tell.',
      possible: 'No backend of the listener is a node, so it may have nothing to do with the cluster.',
    },
    'port-mismatch': {
      likely: 'The very same machines are healthy on {port}, but the API does not show the Service itself.',
      possible: 'The API does not show the Service itself, and the ports may differ on purpose.',
    },
  },
} as const satisfies Translation<typeof zhCN>
