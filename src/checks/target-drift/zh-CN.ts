export const zhCN = {
  reasons: {
    'stale-target': {
      title: '{count} 个 NodePort 后端不是集群 {cluster} 的节点：{targets}',
      detail:
        '负载均衡的标签指向集群 {cluster}，这些后端的端口在 NodePort 范围内（30000-32767），但集群的工作节点里没有它们。机器移出集群后，上面的 NodePort 不再有人应答，绑定却可能留了下来。若 Service 或 Ingress 有注解 service.cloud.tencent.com/mode: skip（Ingress 为 ingress.cloud.tencent.com/mode），控制器不再同步后端，绑定也会这样留下。{doubt}',
      fix: '确认这些机器已不属于集群后，从监听器解绑；若它们应当在集群里，把它们重新加入。',
    },
    'port-mismatch': {
      title: '{pool}：{count} 个异常后端的端口是 {ports}，正常后端都是 {port}',
      detail:
        '负载均衡的标签指向集群 {cluster}。Service 的一个端口在各节点上是同一个 NodePort；{pool} 的正常后端都用 {port}，异常的 {targets} 用的是 {ports}，可能是 NodePort 变更后留下的绑定；若 Service 有注解 service.cloud.tencent.com/mode: skip，控制器不再同步，绑定也会停在旧端口。{doubt}',
      fix: '在集群中核对 Service 的 NodePort（kubectl get svc -A）；若 {ports} 已不再使用，从监听器解绑这些后端。',
    },
  },
  /** Why the finding is not certain. */
  doubts: {
    'stale-target': {
      likely: '也可能是有意绑定的集群外机器，API 看不出来。',
      possible: '该监听器没有一个后端是集群的节点，它可能与集群无关。',
    },
    'port-mismatch': {
      likely: '这些机器自己在 {port} 上是正常的；但 Service 的定义 API 看不到。',
      possible: 'Service 的定义 API 看不到，不同端口也可能是有意的。',
    },
  },
} as const
