export const zhCN = {
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
  /** By tags and ports. The cluster's own API was not read. */
  byTags: {
    'stale-target': {
      title: '{which}不是集群 {cluster} 的节点，却仍以 NodePort 绑定',
      quote: '标签 tke-clusterId：{cluster}；不在它的节点中：{list}',
      ground:
        '{list} 的端口 {ports} 是 NodePort（30000-32767），但集群 {cluster} 的工作节点中没有{them}。机器移出集群后，它的 NodePort 不再有人应答，绑定却可能还在。',
      skip: 'Service 有注解 service.cloud.tencent.com/mode: skip（Ingress 为 ingress.cloud.tencent.com/mode）时，控制器不再同步后端，也会这样。',
      remedy: '确认{them}确实已移出集群，再从监听器解绑。否则重新加入集群。',
    },
    'port-mismatch': {
      title: '{count} 个异常后端绑定的是 NodePort {ports}，正常后端都是 {port}',
      quote: '{pools}：{list}',
      ground:
        '标签 tke-clusterId 指向集群 {cluster}。Service 的一个端口在所有节点上是同一个 NodePort。{pools} 的正常后端都是 {port}，异常的 {list} 是 {ports}，可能是 NodePort 变更后留下的绑定。',
      skip: 'Service 有注解 service.cloud.tencent.com/mode: skip 时，控制器不再同步，绑定也会停在旧端口。',
      remedy: '用 kubectl get svc -A 核对 Service 的 NodePort。若 {ports} 已不再使用，从监听器解绑这些后端。',
    },
  },
  /** By the Service itself. */
  byService: {
    node: {
      title: '{which}不是 Service {service} 所在集群的节点，却仍以 NodePort 绑定',
      quote: 'Service {service} 的 NodePort：{ports}；不在集群节点中：{list}',
      ground:
        '{list} 以 Service {service} 的 NodePort {ports} 绑定，但集群的节点列表里没有{them}，NodePort 上因此无人应答。',
      remedy: '确认{them}确实已移出集群，再从监听器解绑。否则重新加入集群。',
    },
    pod: {
      title: 'Service {service} 已经没有地址为 {list} 的 Pod，绑定却还在',
      quote: '不在 {service} 的端点中：{list}',
      ground: '负载均衡直连 Pod，但 Service {service} 的端点里没有 {list}：Pod 已经删除或重建，换了地址。',
      remedy: '先让控制器恢复同步；若一直不更新，再从监听器解绑这些后端。',
    },
    port: {
      title: '{count} 个后端绑定的端口是 {ports}，Service {service} 现在是 {port}',
      quote: 'Service {service}：{port}；绑定的是：{list}',
      ground:
        '{pools} 对应 Service {service}，它现在的{kind}是 {port}，而 {list}（{count} 个后端）绑定的是 {ports}：端口变更后绑定没有跟着更新。',
      remedy: '先让控制器恢复同步；若一直不更新，再从监听器解绑 {ports} 上的后端。',
    },
  },
  kinds: { nodePort: ' NodePort ', pod: '容器端口' },
  skip: {
    skipped: '{names} 有注解 mode: skip，控制器不再同步后端，这就是绑定没有更新的原因。',
    tooOld:
      '{names} 有注解 mode: skip，但控制器从 v2.10.0 起才认它，当前是 {version}，本应更新绑定，请查看 Service 的事件。',
    noDirect:
      'kube-system 的 ConfigMap tke-service-controller-config 里 GlobalRouteDirectAccess 不是 "true"，控制器不会为 GlobalRouter 网络绑定 Pod，这些绑定可能因此没有更新。',
    synced: 'Service 和它前面的 Ingress 都没有 mode: skip，控制器本应更新绑定，请查看 Service 的事件。',
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
    byService: {
      node: '也可能有人特意绑定了集群外的机器。',
      pod: '列表读取的时刻相差几秒，Pod 可能刚刚重建。',
      port: '机器上也可能有别的程序在旧端口上应答。',
    },
  },
} as const
