import type { Text } from '../../model/language.ts'
import type { ReasonText } from '../check.ts'

export const reasons = {
  'stale-target': {
    title: {
      'zh-CN': '{count} 个 NodePort 后端不是集群 {cluster} 的节点：{targets}',
      en: '{count|1 NodePort backend is|# NodePort backends are} not among the nodes of cluster {cluster}: {targets}',
    },
    detail: {
      'zh-CN':
        '负载均衡的标签指向集群 {cluster}，这些后端的端口在 NodePort 范围内（30000-32767），但集群的工作节点里没有它们。机器移出集群后，上面的 NodePort 不再有人应答，绑定却可能留了下来。{doubt}',
      en: 'By its tag the CLB belongs to cluster {cluster}, and these backends have NodePorts (30000-32767), but they are not among its worker nodes. Once a machine has left the cluster, nobody answers on its NodePorts, and the binding may have stayed behind.{doubt}',
    },
    fix: {
      'zh-CN': '确认这些机器已不属于集群后，从监听器解绑；若它们应当在集群里，把它们重新加入。',
      en: 'Make sure that these machines have left the cluster, then unbind them; if they should be in it, add them again.',
    },
  },
  'port-mismatch': {
    title: {
      'zh-CN': '{pool}：{count} 个异常后端的端口是 {ports}，正常后端都是 {port}',
      en: '{pool}: {count|1 Dead backend has|# Dead backends have} port {ports}, all healthy ones {port}',
    },
    detail: {
      'zh-CN':
        '负载均衡的标签指向集群 {cluster}。Service 的一个端口在各节点上是同一个 NodePort；{pool} 的正常后端都用 {port}，异常的 {targets} 用的是 {ports}，可能是 NodePort 变更后留下的绑定。{doubt}',
      en: 'By its tag the CLB belongs to cluster {cluster}. A port of a Service is one NodePort on all nodes: that of the healthy backends of {pool} is {port}, that of {targets} is {ports}, perhaps left from before the NodePort changed.{doubt}',
    },
    fix: {
      'zh-CN':
        '在集群中核对 Service 的 NodePort（kubectl get svc -A）；若 {ports} 已不再使用，从监听器解绑这些后端。',
      en: 'Look up the NodePort of the Service (kubectl get svc -A); if {ports} is not in use any more, unbind these backends.',
    },
  },
} as const satisfies Record<string, ReasonText>

/** Why it is not certain. */
export const DOUBTS = {
  'stale-target': {
    likely: {
      'zh-CN': '也可能是有意绑定的集群外机器，API 看不出来，所以不是“确定”。',
      en: ' They may also be bound on purpose, beside the cluster, which the API does not tell: this is likely, not certain.',
    },
    possible: {
      'zh-CN': '该监听器没有一个后端是集群的节点，它可能与集群无关，所以不能断定就是它。',
      en: ' No backend of the listener is a node, so it may have nothing to do with the cluster: this is not proven.',
    },
  },
  'port-mismatch': {
    likely: {
      'zh-CN': '这些机器自己在 {port} 上是正常的；但 Service 的定义 API 看不到，所以不是“确定”。',
      en: ' The very same machines are healthy on {port}; but the Service itself cannot be seen by the API, so this is likely, not certain.',
    },
    possible: {
      'zh-CN': 'Service 的定义 API 看不到，不同端口也可能是有意的，所以不能断定就是它。',
      en: ' The Service itself cannot be seen by the API, and the ports may differ on purpose, so this is not proven.',
    },
  },
} as const satisfies Record<keyof typeof reasons, Readonly<Record<'likely' | 'possible', Text>>>
