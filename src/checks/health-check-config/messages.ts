import type { ReasonText } from '../check.ts'

export const reasons = {
  'timeout-not-below-interval': {
    title: {
      'zh-CN': '{pool} 的健康检查超时（{timeout}s）不小于间隔（{interval}s）',
      en: "{pool}: the check's time-out ({timeout} s) is not below its interval ({interval} s)",
    },
    detail: {
      'zh-CN': '超时应小于间隔，否则慢一点的应答会和下一次探测重叠，后端容易被误判为异常。',
      en: 'The time-out should be below the interval; otherwise a slowish answer overlaps the next probe and good backends are judged Dead.',
    },
    fix: {
      'zh-CN': '把间隔调到大于 {timeout}s，或缩短超时。',
      en: 'Raise the interval above {timeout} s, or shorten the time-out.',
    },
  },
  'port-differs': {
    title: {
      'zh-CN': '{pool} 的检查端口 {checkPort} 与后端端口 {ports} 不同',
      en: '{pool}: the check goes to port {checkPort}, the backends serve on {ports}',
    },
    detail: {
      'zh-CN':
        '探测的是 {checkPort}，不是业务端口。{checkPort} 没有监听或没有放行时，业务正常的后端也会被判为异常。',
      en: 'Probes go to {checkPort}, not to the service port. If nothing listens there or it is not let in, backends that serve well are judged Dead.',
    },
    fix: {
      'zh-CN': '确认后端在 {checkPort} 上监听；否则清空检查端口，改用后端端口。',
      en: 'Make sure that the backends listen on {checkPort}; otherwise clear the check port so that the backend port is used.',
    },
  },
  'host-missing': {
    title: { 'zh-CN': '{pool} 的 HTTP/1.1 检查没有设置域名', en: '{pool}: the HTTP/1.1 check has no Host' },
    detail: {
      'zh-CN': 'TCP 监听器用 HTTP/1.1 检查时必须带 Host，缺少时很多后端会返回 400 或 404。',
      en: 'A TCP listener that checks with HTTP/1.1 needs a Host; without it many backends answer 400 or 404.',
    },
    fix: { 'zh-CN': '在健康检查中填写检查域名。', en: 'Set the check domain in the health check.' },
  },
  'codes-exclude-2xx': {
    title: { 'zh-CN': '{pool} 的正常状态码不包含 2xx', en: '{pool}: the expected codes leave out 2xx' },
    detail: {
      'zh-CN': 'HttpCode={mask} 不含 2xx：正常返回 200 的后端会被判为异常。',
      en: 'HttpCode={mask} leaves out 2xx: backends that answer 200 are judged Dead.',
    },
    fix: { 'zh-CN': '在正常状态码中勾选 http_2xx。', en: 'Tick http_2xx among the expected codes.' },
  },
  'https-to-backend': {
    title: { 'zh-CN': '{pool} 以 HTTPS 探测后端', en: '{pool} probes its backends over HTTPS' },
    detail: {
      'zh-CN': '后端必须在该端口提供 TLS 且配置证书；官方排查指南建议健康检查异常时改为 HTTP。',
      en: "The backends must speak TLS on that port, with a certificate; Tencent Cloud's guide advises HTTP when such a check fails.",
    },
    fix: {
      'zh-CN': '若后端端口是明文 HTTP，把后端协议和检查协议改为 HTTP。',
      en: 'If the backend port speaks plain HTTP, set the backend protocol and the check to HTTP.',
    },
  },
  'method-head': {
    title: { 'zh-CN': '{pool} 用 HEAD 方法做健康检查', en: '{pool} checks with the HEAD method' },
    detail: {
      'zh-CN':
        '有些应用不支持 HEAD（返回 405 或 501）。请在后端上用 HEAD 请求 {path} 确认返回码在正常范围内。',
      en: 'Some applications do not support HEAD (they answer 405 or 501). Request {path} with HEAD on a backend and see whether the code is among the expected ones.',
    },
    fix: {
      'zh-CN': '若应用不支持 HEAD，把检查方法改为 GET。',
      en: 'If the application does not support HEAD, change the method to GET.',
    },
  },
} as const satisfies Record<string, ReasonText>
