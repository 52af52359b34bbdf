export const zhCN = {
  reasons: {
    'no-targets': {
      title: '{pool} {pools||都}没有{lacks}',
      detail: '没有{lacks}，请求无处转发，也没有健康检查结果。',
      fix: '{add}绑定后端服务{orElse}。',
    },
    'all-weights-zero': {
      title: '{pool} 的 {count} 个后端权重全部为 0',
      detail: '权重为 0 的后端仍会被探测，但不会分到任何新请求；即使全部异常也不会触发“全死全活”。',
      fix: '把应当承接流量的后端权重调到大于 0。',
    },
    'check-disabled': {
      title: '{pool} 未开启健康检查',
      detail:
        '健康检查关闭时，CLB 不探测这 {count} 个后端，会一直向全部权重大于 0 的后端转发，包括已经不能服务的。状态 Close 不代表正常。',
      fix: '{tke}在监听器或转发规则上开启健康检查。',
    },
    'not-probed-yet': {
      title: '{pool} 有 {unknown} 个后端尚在探测中',
      detail: '状态 Unknown 表示尚未开始探测或结果未出；在得到结论前，这些后端不会分到流量。请稍后再看。',
      fix: null,
    },
    'warming-up': {
      title: '{pool} 有 {count} 个后端刚绑定，还在预热：{targets}',
      detail:
        '这些后端绑定不久，连续探测成功的次数还不可能达到健康阈值，显示异常或探测中属于正常过程。最早 {readyAt} 才能变为正常，请到时再看。',
      fix: null,
    },
  },
  /** What is missing: backends of a listener or rule, rules of a listener, or listeners of a CLB. */
  lacks: {
    backends: {
      lacks: '绑定后端服务',
      add: '',
      orElse: '，或删除不再使用的监听器或转发规则',
    },
    rules: {
      lacks: '转发规则',
      add: '创建转发规则并',
      orElse: '，或删除不再使用的监听器',
    },
    listeners: {
      lacks: '监听器',
      add: '创建监听器并',
      orElse: '，或删除不再使用的实例',
    },
  },
  /** What to do on a CLB of TKE, whose controller would undo a change by hand. */
  managed: {
    add: '该负载均衡由 TKE 管理，不要手工绑定后端或删除规则，控制器会改回。请让控制器',
    orElse:
      '：检查 Service 的选择器（selector）是否选中就绪的 Pod、endpoints 是否为空、externalTrafficPolicy 为 Local 时 Pod 在哪些节点，以及控制器的事件',
  },
} as const
