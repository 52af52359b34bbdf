export const zhCN = {
  reasons: {
    'no-endpoints': {
      title: 'Service {service} 没有可用的 Pod，{entry} 无人应答',
      quote: '{service} 的端点：{endpoints}',
      detail:
        '{entry} 对应 Service {service}，它没有任何就绪的端点：{why}。{proxy}涉及 {count} 个后端。{seen}{doubt}',
      fix: '先让 Service 有就绪的 Pod：核对 selector 与 Pod 的标签、工作负载的副本数、Pod 能否被调度，以及所在节点是否正常。',
    },
    'not-ready': {
      title: 'Service {service} 的 Pod 没有就绪：{states}',
      quote: '{list}',
      detail:
        'Service {service} 的 {total} 个 Pod 中，{pods} 个没有就绪，{because}（{states}）。{effect}涉及 {count} 个后端。{doubt}',
      fix: '查看 Pod 的状态和事件，容器退出过的再看上一次退出的日志，修复后等它就绪。',
    },
    'readiness-failing': {
      title: 'Service {service} 的 Pod 在运行，但就绪探测（readinessProbe）不通过',
      quote: '{list}',
      detail:
        'Service {service} 的 {total} 个 Pod 中，{pods} 个的容器在运行，但集群自己的就绪探测失败{probe}。{effect}这说明问题出在应用上，而不是 CLB 的路径上。涉及 {count} 个后端。{doubt}',
      fix: '从事件里看就绪探测失败的原因，再查应用的日志。如果是就绪探测写错了，就改探测。',
    },
    'wrong-container-port': {
      title: 'Service {service} 的 targetPort {target} 与容器端口对不上',
      quote: 'targetPort {target}；容器声明的端口：{ports}',
      detail:
        'Service {service} 的端口 {port} 转发到容器的 {target}，而 Pod 声明的端口是 {ports}。{named}涉及 {count} 个后端。{doubt}',
      fix: '确认容器实际监听的端口，把 Service 的 targetPort 改成它。',
    },
  },
  entries: {
    nodePort: 'NodePort {ports}',
    pool: '{pool}',
  },
  why: {
    noPods: '没有 Pod 带有 selector 要求的标签（{selector}）',
    none: '端点列表是空的',
    unlisted: '端点列表是空的，但有带 selector 标签（{selector}）的 Pod 已经就绪',
    ended: '带有 selector 标签的 Pod 都已结束（{ended}）',
    notReady: '端点都没有就绪',
    otherFamily: '后端是 {family} 地址，而它的端点都没有 {family} 地址',
    rules: '节点的转发规则里没有它的端点',
  },
  proxy: '没有端点时，kube-proxy 会拒绝发往这个 NodePort 的连接。',
  because: {
    container: '容器没有正常运行',
    scheduler: '没有被调度到节点上',
    gate: 'readiness gate 没有满足',
    node: '所在节点是 NotReady',
    several: '原因不止一种',
  },
  effect: {
    none: '没有一个就绪的 Pod，NodePort 因此无人应答。',
    direct: '负载均衡直连这些 Pod。',
    published: 'Service 开启了 publishNotReadyAddresses，NodePort 的请求仍会转给它们。',
  },
  probe: '（{probe}）',
  named: {
    unknown: '没有容器声明名为 {target} 的端口，所以端点里没有端口可转发。',
    number: '声明只起说明作用，容器也可能监听未声明的端口。',
  },
  nothing: '（无）',
  /** Where the rules of the node do not name the Service. */
  unnamed: '（NodePort {ports}）',
  seen: '节点自己的转发规则也是如此。',
  doubts: {
    unlisted: 'Pod 和端点可能不是同一时刻读取的。',
    direct: '就绪探测与 CLB 的健康检查不一定相同。',
    'wrong-container-port': '容器也可能监听没有声明的端口，集群的 API 看不到。',
    guest: '只有节点上的转发规则，没有读取集群。',
  },
} as const
