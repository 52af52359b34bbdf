export const zhCN = {
  reasons: {
    'not-ready': {
      title: '节点 {nodes} 在集群中是 NotReady',
      quote: '{nodes}：Ready 条件为 {reasons}',
      detail:
        '集群的 API 显示节点 {nodes} 未就绪（{reasons}）。节点失联或 kubelet 停止后，上面的 Pod 和 kube-proxy 都可能不再工作，探测就没有应答。涉及 {count} 个后端。{common}{doubt}',
      fix: '先查明节点为何 NotReady（kubelet、容器运行时、磁盘、网络）。一时修不好就封锁并移出集群，让 Pod 迁走。',
    },
    'node-port-blocked': {
      title: '安全组 {groups} 没有放行节点之间的转发，NodePort {ports} 收到的请求到不了 Pod',
      quote: '{from} → {to}：{rule}',
      detail:
        'Service {service} 是 externalTrafficPolicy: Cluster，节点收到 NodePort {ports} 的请求后会转给任意节点上的 Pod。从 {from} 到 {to} 的转发{extent}被 Pod 所在节点的安全组 {groups} 拒绝：{rule}。涉及 {count} 个后端。{doubt}',
      fix: '在安全组 {groups} 放行节点网段和容器网段（TKE 的安全组设置要求节点网络、容器网络互通，并放行 30000-32768）。不要对所有来源放行 30000-32768：那样凡是能到达节点的地址都能访问所有 NodePort。',
    },
    'local-policy-no-pod': {
      title:
        '{count} 个节点上没有 Service {service} 的 Pod，externalTrafficPolicy 是 Local，探测异常是预期行为',
      quote: 'externalTrafficPolicy: Local；没有就绪 Pod 的节点：{nodes}',
      detail:
        'Service {service} 设置了 externalTrafficPolicy: Local：节点只把 NodePort {ports} 的请求交给本机的 Pod，没有就绪 Pod 的节点不会再转给别的节点。{nodes}（{count} 个节点）上没有就绪的 Pod，就绪的 Pod 在 {hosts}。{seen}{doubt}',
      fix: '任选其一：{bind}让 Pod 分布到每个节点（例如 DaemonSet 或拓扑分布约束）；或把 externalTrafficPolicy 改为 Cluster（后端将看不到客户端源 IP）。保持现状也可以：流量只会去有 Pod 的节点。',
    },
    'kube-proxy-not-ready': {
      title: '节点 {nodes} 上的 kube-proxy 没有就绪，NodePort 的转发规则可能缺失或过期',
      quote: '{list}',
      detail:
        'NodePort 由 kube-proxy 下发的{mode}规则转发。{list}。此后 Service 的变化不会生效，节点重启后规则也不会恢复。涉及 {count} 个后端。{common}{doubt}',
      fix: '查看 kube-proxy 的日志和事件，修复后确认 Pod 就绪。',
    },
  },
  /** Before the other two ways. */
  bind: '给 Service 加注解 service.kubernetes.io/local-svc-only-bind-node-with-pod: "true"，负载均衡只绑定有 Pod 的节点；',
  mode: ' {mode} ',
  noHosts: '（无）',
  unread: '（没有读取集群）',
  /** Where the rules of the node do not name the Service. */
  unnamed: '（NodePort {ports}）',
  seen: '节点自己的转发规则也是如此。',
  proxies: {
    missing: '{node} 上没有 kube-proxy 的 Pod',
    'not-ready': '{node} 上的 {pod} 没有就绪（{why}）',
  },
  extent: { wholly: '全部', partly: '有一部分' },
  doubts: {
    'not-ready': '节点 NotReady 时，已经下发的转发规则和容器有时仍在工作。',
    'kube-proxy-not-ready': 'kube-proxy 停止后，之前下发的规则仍会留在节点上。',
    'node-port-blocked': '这里假定 Pod 的流量受其所在节点的安全组约束，自带网卡的 Pod 除外。',
    guest: '只有节点上的转发规则，没有读取集群。',
  },
} as const
