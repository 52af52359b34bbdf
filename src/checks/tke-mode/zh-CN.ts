export const zhCN = {
  reasons: {
    direct: {
      title: '容器直连：负载均衡直接转发到 {count} 个 Pod{service}',
      detail:
        '{ground}。探测直接到 Pod 的容器端口，NodePort 和 kube-proxy 不在路径上；要看的是 Pod 是否就绪、容器端口、Pod 网卡（或节点）的安全组，以及节点是否转发。{skipped}{configs}{doubt}',
      fix: null,
    },
    'node-port': {
      title: '容器非直连：负载均衡转发到 {count} 个节点的 NodePort {ports}{service}',
      detail:
        '{ground}。探测先到节点的 NodePort，再由 kube-proxy 的规则转给 Pod；要看的是节点与 kube-proxy、externalTrafficPolicy、Pod 是否就绪，以及节点安全组是否放行 30000-32768。{skipped}{remedy}{configs}{doubt}',
      fix: null,
    },
  },
  service: '（Service {services}）',
  ingress: '（Ingress {services}）',
  ground: {
    annotated: 'Service 或 Ingress 的注解 direct-access 为 "true"',
    plain: 'Service 或 Ingress 没有 direct-access: "true" 注解',
    refused:
      '注解 direct-access 为 "true"，但 kube-system 的 ConfigMap tke-service-controller-config 里 GlobalRouteDirectAccess 不是 "true"；GlobalRouter 网络下控制器因此仍绑定 NodePort，不绑定 Pod',
    types: '后端类型是 {types}，端口是 {ports}',
    serverless: '后端是 Pod 自己的地址（{types}）',
  },
  skipped: '{names} 有注解 mode: skip，控制器不再同步后端。',
  remedy:
    '如果要直连，就把其中的 GlobalRouteDirectAccess 改为 "true"（{command}），控制器随后会绑定 Pod；不需要直连就删掉注解，免得误以为是直连。VPC-CNI 网络不需要这个开关，那就另有原因，请查看 Service 的事件。',
  doubts: {
    unlinked: '部分后端在集群里找不到对应的 Pod 或 NodePort，是按类型和端口推断的。',
    types: '这是按后端的类型和端口推断的，没有读取 Service 的注解。',
  },
} as const
