export const zhCN = {
  reasons: {
    direct: {
      title: '容器直连：负载均衡直接转发到 {count} 个 Pod{service}',
      detail:
        '{ground}。探测直接到 Pod 的容器端口，NodePort 和 kube-proxy 不在路径上；要看的是 Pod 是否就绪、容器端口、Pod 网卡（或节点）的安全组，以及节点是否转发。{skipped}{doubt}',
      fix: null,
    },
    'node-port': {
      title: '容器非直连：负载均衡转发到 {count} 个节点的 NodePort {ports}{service}',
      detail:
        '{ground}。探测先到节点的 NodePort，再由 kube-proxy 的规则转给 Pod；要看的是节点与 kube-proxy、externalTrafficPolicy、Pod 是否就绪，以及节点安全组是否放行 30000-32768。{skipped}{doubt}',
      fix: null,
    },
  },
  service: '（Service {services}）',
  ingress: '（Ingress {services}）',
  ground: {
    annotated: 'Service 或 Ingress 的注解 direct-access 为 "true"',
    plain: 'Service 或 Ingress 没有 direct-access: "true" 注解',
    types: '后端类型是 {types}，端口是 {ports}',
    serverless: '后端是 Pod 自己的地址（{types}）',
  },
  skipped: '{names} 有注解 mode: skip，控制器不再同步后端。',
  doubts: {
    types: '这是按后端的类型和端口推断的，没有读取 Service 的注解。',
  },
} as const
