export const zhCN = {
  reasons: {
    'stale-target': {
      title: '{which}不是集群 {cluster} 的节点，却仍以 NodePort 绑定',
      quote: '标签 tke-clusterId：{cluster}；不在它的节点中：{list}',
      detail:
        '{list} 的端口 {ports} 是 NodePort（30000-32767），但集群 {cluster} 的工作节点中没有{them}。机器移出集群后，它的 NodePort 不再有人应答，绑定却可能还在。Service 有注解 service.cloud.tencent.com/mode: skip（Ingress 为 ingress.cloud.tencent.com/mode）时，控制器不再同步后端，也会这样。{common}{doubt}',
      fix: '确认{them}确实已移出集群，再从监听器解绑。否则重新加入集群。',
    },
    'port-mismatch': {
      title: '{count} 个异常后端绑定的是 NodePort {ports}，正常后端都是 {port}',
      quote: '{pools}：{list}',
      detail:
        '标签 tke-clusterId 指向集群 {cluster}。Service 的一个端口在所有节点上是同一个 NodePort。{pools} 的正常后端都是 {port}，异常的 {list} 是 {ports}，可能是 NodePort 变更后留下的绑定。Service 有注解 service.cloud.tencent.com/mode: skip 时，控制器不再同步，绑定也会停在旧端口。{doubt}',
      fix: '用 kubectl get svc -A 核对 Service 的 NodePort。若 {ports} 已不再使用，从监听器解绑这些后端。',
    },
  },
  machines: { one: '{id}（{ip}）', several: '{count} 台机器' },
  them: { one: '这台机器', several: '这些机器' },
  /** Why the finding is not certain. */
  doubts: {
    'stale-target': {
      likely: '也可能有人特意绑定了集群外的机器，API 看不出来。',
      possible: '该监听器没有一个后端是集群的节点，它可能与集群无关。',
    },
    'port-mismatch': {
      likely: '这些机器自己在 {port} 上是正常的，但 API 看不到 Service 的定义。',
      possible: 'API 看不到 Service 的定义，端口也可能是特意不同的。',
    },
  },
} as const
