import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'stale-target': {
      title: '{which} not in cluster {cluster}, but still bound by NodePort',
      quote: 'Tag tke-clusterId: {cluster}. Not among its nodes: {list}',
      detail:
        'Port {ports} of {list} is a NodePort (30000-32767), but the worker nodes of cluster {cluster} do not include {them}. Once a machine has left the cluster, nobody answers on its NodePorts, and the binding may have stayed behind. It also stays if the Service has the annotation service.cloud.tencent.com/mode: skip (ingress.cloud.tencent.com/mode for an Ingress): the controller then no longer syncs its backends.{common}{doubt}',
      fix: 'Make sure that {them} left the cluster, then unbind. Otherwise add to the cluster again.',
    },
    'port-mismatch': {
      title:
        '{count|1 failing backend is|# failing backends are} bound with NodePort {ports}, all healthy ones with {port}',
      quote: '{pools}: {list}',
      detail:
        'By its tag tke-clusterId the CLB belongs to cluster {cluster}. A port of a Service is one NodePort on all nodes. The healthy backends of {pools} have {port}. The failing {list} have {ports}, perhaps left from before the NodePort changed. With the annotation service.cloud.tencent.com/mode: skip on the Service the controller no longer syncs, and the bindings keep the old port.{doubt}',
      fix: 'Look up the NodePort of the Service (kubectl get svc -A). If {ports} is not in use any more, unbind these backends.',
    },
  },
  machines: { one: '{id} ({ip}) is', several: '{count} machines are' },
  them: { one: 'this machine', several: 'these machines' },
  doubts: {
    'stale-target': {
      likely: 'Somebody may also have bound machines outside the cluster on purpose. The API does not tell.',
      possible: 'No backend of the listener is a node, so it may have nothing to do with the cluster.',
    },
    'port-mismatch': {
      likely: 'The same machines are healthy on {port}, but the API does not show the Service itself.',
      possible: 'The API does not show the Service itself, and the ports may differ on purpose.',
    },
  },
} as const satisfies Translation<typeof zhCN>
