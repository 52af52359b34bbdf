export const zhCN = {
  reasons: {
    'reachable-from-peer': {
      title: '同 VPC 的另一台机器能连上 {count} 个异常后端',
      quote: '{from} → {list}：{end}',
      detail: '从 {from} 按健康检查的方式访问 {list}：{end}。{meaning}',
      fix: '对照健康检查的源地址，检查安全组、网络 ACL 和机器防火墙里按源地址限制的规则；应答不对时检查应用。',
    },
    'unreachable-from-peer': {
      title: '同 VPC 的另一台机器也连不上 {count} 个异常后端',
      quote: '{from} → {list}：{end}',
      detail: '从 {from} 按健康检查的方式访问 {list}：{end}。{meaning}',
      fix: '用只读脚本（guest-script）到机器内部查看服务是否监听、监听在哪个地址、防火墙是否拦截，输出交给 guest-judge 判断。',
    },
  },
  ends: {
    answer: '返回状态码 {status}',
    grpc: '返回 gRPC 状态 {status}',
    bytes: '有应答',
    open: '连接成功',
    refused: '连接被拒绝',
    unreachable: '返回不可达（ICMP）',
    'connect-timeout': '连接超时',
    'answer-timeout': '连接成功，但超时没有应答',
    timeout: '超时没有应答',
    reset: '连接被重置',
    empty: '连接成功，但没有应答就断开',
    'tls-error': '连接成功，TLS 握手失败',
    'not-tls': '连接成功，对方应答的不是 TLS',
    tls: '连接成功，应答是 TLS',
    'not-http': '连接成功，应答不是 HTTP',
    failed: '没有结果',
  },
  /** What it says about the probes. */
  meanings: {
    answered:
      '端口在监听，应用的应答也符合检查要求，所以问题只针对健康检查的源地址：按源地址限制的安全组、网络 ACL、机器防火墙，或占用了探测网段的程序（例如 VPN）。',
    reached: '端口在监听，网络也通；应答不符合检查要求，或没有按时返回，问题在应用。',
    stopped:
      '安全组和网络 ACL 放行这台机器，或连接已到达机器才被拒绝，所以问题在机器上：没有监听，或机器防火墙对所有来源都拦截。',
  },
} as const
