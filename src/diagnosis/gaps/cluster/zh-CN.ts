export const zhCN = {
  what: {
    kubeconfig: '集群的 Service、Pod 和节点（KUBECONFIG）',
    services: '集群里的 Service',
    ingresses: '集群里的 Ingress',
    endpointslices: 'Service 的端点（EndpointSlice）',
    pods: '集群里的 Pod（包括 kube-proxy）',
    nodes: '集群的节点',
    daemonsets: 'kube-proxy 的运行模式',
    configmaps: 'TKE Service 控制器的配置',
    tkeserviceconfigs: 'TkeServiceConfig',
    events: '集群的事件',
    foreign: '集群里使用 {clb} 的 Service',
  },
  why: {
    foreign:
      'kubeconfig {context} 指向的集群里没有 Service 或 Ingress 使用 {clb}，多半是另一个集群，因此没有据此下任何结论；请把 KUBECONFIG 换成 {cluster} 的',
    denied:
      '集群的 RBAC 不允许（{code}）：需要 {verb} {resource}{group}，deploy/clusterrole.yaml 授予的正是这些',
    unauthorized: '集群不接受这份凭证（{code}）：令牌或证书已过期，或属于别的集群；请重新获取 kubeconfig',
    unavailable: '集群的 API 无法访问（{code}）：请确认本机能连到 {detail}，TKE 的内网或公网访问端点已开启',
    malformed: '应答不是 Kubernetes API 的格式（{code}）：请确认 kubeconfig 里的 server 地址',
    tooMany: '这个列表超过 {detail} 项，一次读不完；可在能用 kubectl 的机器上完整查看',
    deadline: '集群的 API 没有在限定时间内应答',
    other: '集群的 API 拒绝了请求（{code}）',
  },
  /** What is wrong with the kubeconfig, and what to do. */
  kubeconfig: {
    NoFile: '读不到文件 {detail}',
    NotYaml: '{detail} 不是合法的 YAML 或 JSON',
    NoContext: '没有可用的 current-context（{detail}）；请用 kubectl config use-context 设置',
    NoCluster: '上下文里的集群 {detail} 没有定义，或没有 server 地址',
    NoUser: '上下文里的用户 {detail} 没有定义',
    BadServer: 'server 地址 {detail} 不是 https 地址',
    BadProxy: 'proxy-url {detail} 不是 http 或 https 代理，其他类型不支持',
    BadFile: '它引用的文件 {detail} 读不到',
    BadKey: '证书或私钥 {detail} 无法解析',
    ExecPlugin:
      '用户凭证来自外部命令 {detail}（exec），clb-doctor 不执行它；请改用令牌或证书的 kubeconfig，例如为 deploy/clusterrole.yaml 里的 ServiceAccount 创建令牌',
    AuthProvider: '用户凭证来自 auth-provider {detail}，Kubernetes 已不再支持；请改用令牌或证书的 kubeconfig',
    Impersonation:
      '该用户以 {detail} 的身份操作（as），clb-doctor 不支持；请改用本身有读取权限的 kubeconfig，例如为 deploy/clusterrole.yaml 里的 ServiceAccount 创建令牌',
    Password: '用户 {detail} 用的是用户名和密码，Kubernetes 1.19 起不再支持；请改用令牌或证书',
  },
  group: '（{group}）',
  /** Behind a command, as a shell comment. */
  run: '在能访问集群的机器上执行',
} as const
