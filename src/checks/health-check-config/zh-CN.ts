export const zhCN = {
  reasons: {
    'timeout-not-below-interval': {
      title: '{pool} 的健康检查超时（{timeout}s）不小于间隔（{interval}s）',
      detail: '超时应小于间隔，否则慢一点的应答会和下一次探测重叠，后端容易被误判为异常。',
      fix: '{tke}把检查间隔调到大于 {timeout}s，或缩短超时。',
    },
    'port-differs': {
      title: '{pool} 的检查端口 {checkPort} 与后端端口 {ports} 不同',
      detail: '探测的是 {checkPort}，不是业务端口。{meaning}',
      fix: '{tke}确认后端在 {checkPort} 上监听；没有监听就清空检查端口，改为检查后端端口。',
    },
    'host-missing': {
      title: '{pool} 的 HTTP/1.1 检查没有设置域名',
      detail: 'TCP 监听器用 HTTP/1.1 检查时必须带 Host，缺少时很多后端会返回 400 或 404。',
      fix: '{tke}在健康检查中填写检查域名。',
    },
    'wildcard-domain': {
      title: '{pool} 的转发域名是通配或正则，检查域名{host}',
      detail:
        '转发域名为通配或正则时，健康检查必须填写一个固定域名；检查域名不支持通配和正则。否则后端收到的 Host 不是它服务的域名，可能返回 404 等状态码。',
      fix: '{tke}把检查域名设为后端实际服务的一个固定域名。',
    },
    'bad-expectation': {
      title: '{pool} 的健康检查{expects}',
      detail: '应答符合检查设置，后端才算正常。{meaning}',
      fix: '{tke}{todo}',
    },
    'codes-exclude-2xx': {
      title: '{pool} 的正常状态码不包含 2xx',
      detail: '正常状态码（HttpCode={mask}）不包含 2xx，返回 200 的后端会被判为异常。',
      fix: '{tke}在正常状态码中勾选 http_2xx。',
    },
    'https-to-backend': {
      title: '{pool} 以 HTTPS 探测后端',
      detail: '后端必须在该端口提供 TLS 并配置证书；官方排查指南建议健康检查异常时改为 HTTP。',
      fix: '{tke}若后端端口是明文 HTTP，把后端协议和检查协议改为 HTTP。',
    },
    'method-head': {
      title: '{pool} 用 HEAD 方法做健康检查',
      detail:
        '有些应用不支持 HEAD（返回 405 或 501）。请在后端上用 HEAD 请求 {path} 确认返回码在正常范围内。',
      fix: '{tke}若应用不支持 HEAD，把检查方法改为 GET。',
    },
  },
  /** What a check port that differs means. */
  ports: {
    elsewhere: '{checkPort} 没有监听或没有放行时，业务正常的后端也会被判为异常。',
    /** Platform facts E. */
    nodePorts:
      '两个都是 NodePort：{checkPort} 可能是 externalTrafficPolicy 为 Local 的 Service 的 healthCheckNodePort。若是，这样设置就是对的，没有就绪 Pod 的节点本来就会显示异常，不要清空检查端口。可用 kubectl get svc -A -o yaml 查找 {checkPort}。',
  },
  /** The domain of the check, in the title. */
  hosts: {
    empty: '没有填写',
    pattern: '不是固定域名（{host}）',
  },
  /** What a custom check sends and expects, as the console calls it. */
  fields: { SendContext: '检查请求', RecvContext: '检查返回结果' },
  /** What a check expects, why no answer meets it, and what to change. */
  expectations: {
    informational: {
      expects: '只认 1xx 状态码',
      meaning:
        '只有 1xx 会被判为正常（HttpCode={value}）。1xx 只是中间应答，没有后端会以它结束一次请求，所以后端一定会被判为异常。',
      todo: '在健康检查的正常状态码中，勾选后端正常时返回的状态码，例如 http_2xx。',
    },
    noClass: {
      expects: '没有勾选任何状态码',
      meaning: 'HttpCode 的取值应在 1~31 之间。API 返回 {value}，没有任何状态码会被判为正常。',
      todo: '在健康检查的正常状态码中，勾选后端正常时返回的状态码，例如 http_2xx。',
    },
    grpc: {
      expects: '要求的 gRPC 状态码 {value} 不在 gRPC 定义之内',
      meaning: 'gRPC 只定义了 0 到 16 的状态码；除非应用自己返回 {value}，否则后端会被判为异常。',
      todo: '把健康检查的状态码改为后端实际返回的；后端没有实现被检查的方法时返回 12。',
    },
    unset: {
      expects: '是自定义协议，但没有设置{field}',
      meaning: '自定义协议的检查需要检查请求（SendContext）和检查返回结果（RecvContext），缺一不可。',
      todo: '在健康检查中补全检查请求和检查返回结果。',
    },
    hex: {
      expects: '的{field}“{value}”不是完整的十六进制',
      meaning:
        '输入格式是十六进制（HEX）时，只能用 0-9 和 A-F，且长度必须是偶数。{field}“{value}”对应不上任何字节，后端无法给出匹配的应答。',
      todo: '按偶数位的十六进制重新填写{field}；若填的是文本，把输入格式改为 TEXT。',
    },
    text: {
      expects: '的{field}含有不支持的字符',
      meaning: '输入格式是文本（TEXT）时只支持 ASCII 可见字符，{field}“{value}”不是。',
      todo: '把输入格式改为 HEX，按十六进制填写{field}。',
    },
  },
} as const
