export const zhCN = {
  reasons: {
    'timeout-not-below-interval': {
      title: '{pool} 的健康检查超时（{timeout}s）不小于间隔（{interval}s）',
      detail: '超时应小于间隔，否则慢一点的应答会和下一次探测重叠，后端容易被误判为异常。',
      fix: '把间隔调到大于 {timeout}s，或缩短超时。',
    },
    'port-differs': {
      title: '{pool} 的检查端口 {checkPort} 与后端端口 {ports} 不同',
      detail:
        '探测的是 {checkPort}，不是业务端口。{checkPort} 没有监听或没有放行时，业务正常的后端也会被判为异常。',
      fix: '确认后端在 {checkPort} 上监听；否则清空检查端口，改用后端端口。',
    },
    'host-missing': {
      title: '{pool} 的 HTTP/1.1 检查没有设置域名',
      detail: 'TCP 监听器用 HTTP/1.1 检查时必须带 Host，缺少时很多后端会返回 400 或 404。',
      fix: '在健康检查中填写检查域名。',
    },
    'codes-exclude-2xx': {
      title: '{pool} 的正常状态码不包含 2xx',
      detail: 'HttpCode={mask} 不含 2xx：正常返回 200 的后端会被判为异常。',
      fix: '在正常状态码中勾选 http_2xx。',
    },
    'https-to-backend': {
      title: '{pool} 以 HTTPS 探测后端',
      detail: '后端必须在该端口提供 TLS 且配置证书；官方排查指南建议健康检查异常时改为 HTTP。',
      fix: '若后端端口是明文 HTTP，把后端协议和检查协议改为 HTTP。',
    },
    'method-head': {
      title: '{pool} 用 HEAD 方法做健康检查',
      detail:
        '有些应用不支持 HEAD（返回 405 或 501）。请在后端上用 HEAD 请求 {path} 确认返回码在正常范围内。',
      fix: '若应用不支持 HEAD，把检查方法改为 GET。',
    },
  },
} as const
