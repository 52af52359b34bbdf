import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'stale-target': {
      title: '{title}',
      quote: '{quote}',
      detail: '{ground}{skip}{common}{doubt}',
      fix: '{remedy}',
    },
    'port-mismatch': {
      title: '{title}',
      quote: '{quote}',
      detail: '{ground}{skip}{common}{doubt}',
      fix: '{remedy}',
    },
  },
  byTags: {
    'stale-target': {
      title: '{which} not in cluster {cluster}, but still bound by NodePort',
      quote: 'Tag tke-clusterId: {cluster}. Not among its nodes: {list}',
      ground:
        'Port {ports} of {list} is a NodePort (30000-32767), but the worker nodes of cluster {cluster} do not include {them}. Once a machine has left the cluster, nobody answers on its NodePorts, and the binding may have stayed behind.',
      skip: ' It also stays if the Service has the annotation service.cloud.tencent.com/mode: skip (ingress.cloud.tencent.com/mode for an Ingress): the controller then no longer syncs its backends.',
      remedy: 'Make sure that {them} left the cluster, then unbind. Otherwise add to the cluster again.',
    },
    'port-mismatch': {
      title:
        '{count|1 failing backend is|# failing backends are} bound with NodePort {ports}, all healthy ones with {port}',
      quote: '{pools}: {list}',
      ground:
        'By its tag tke-clusterId the CLB belongs to cluster {cluster}. A port of a Service is one NodePort on all nodes. The healthy backends of {pools} have {port}. The failing {list} have {ports}, perhaps left from before the NodePort changed.',
      skip: ' With the annotation service.cloud.tencent.com/mode: skip on the Service the controller no longer syncs, and the bindings keep the old port.',
      remedy:
        'Look up the NodePort of the Service (kubectl get svc -A). If {ports} is not in use any more, unbind these backends.',
    },
  },
  byService: {
    node: {
      title: '{which} no node of the cluster of Service {service}, but still bound by NodePort',
      quote: 'NodePort of Service {service}: {ports}. Not among the nodes of the cluster: {list}',
      ground:
        '{list} bound with NodePort {ports} of Service {service}, but the nodes of the cluster do not include {them}, so nobody answers on the NodePort.',
      remedy: 'Make sure that {them} left the cluster, then unbind. Otherwise add to the cluster again.',
    },
    pod: {
      title: 'Service {service} has no pod with the address {list} any more, but the binding stayed',
      quote: 'Not among the endpoints of {service}: {list}',
      ground:
        'The CLB forwards to pods directly, but the endpoints of Service {service} do not include {list}: the pod was deleted, or made anew with another address.',
      remedy:
        'First let the controller sync again. If it does not update the bindings, unbind these backends.',
    },
    port: {
      title:
        '{count|1 backend is|# backends are} bound with port {ports}, but Service {service} has {port} now',
      quote: 'Service {service}: {port}. Bound: {list}',
      ground:
        '{pools} belongs to Service {service}, whose {kind} is {port} now, but {list} {count|is|are} bound with {ports}: the port changed, and the {count|binding|bindings} did not.',
      remedy:
        'First let the controller sync again. If it does not update the bindings, unbind the backends on {ports}.',
    },
  },
  kinds: { nodePort: 'NodePort', pod: 'container port' },
  skip: {
    skipped:
      ' {names} has the annotation mode: skip, so the controller does not sync its backends any more. That is why the bindings stayed.',
    tooOld:
      ' {names} has the annotation mode: skip, which the controller obeys from v2.10.0 on. It is {version}, so it should have updated the backends. Look at the events of the Service.',
    noDirect:
      ' The ConfigMap tke-service-controller-config in kube-system does not have GlobalRouteDirectAccess "true", without which the controller binds no pods of a GlobalRouter network, so it may have left these bindings as they were.',
    synced:
      ' Neither the Service nor an Ingress in front of it has mode: skip, so the controller should have updated them. Look at the events of the Service.',
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
    byService: {
      node: 'Somebody may also have bound machines outside the cluster on purpose.',
      pod: 'The lists were read some seconds apart, and the pod may have been made anew in between.',
      port: 'Another program on the machine may answer on the old port.',
    },
  },
} as const satisfies Translation<typeof zhCN>
