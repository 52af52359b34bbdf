import { zhCN as shared } from '../zh-CN.ts'

const { looked } = shared.guest

export const zhCN = {
  reasons: {
    refused: {
      title: '{which}上的服务{how}，没有应答健康检查',
      quote: '{request}：{how}',
      detail: `在{place}发出与健康检查相同的请求（{request}），服务{how}。${looked}{common}{list}{doubt}`,
      fix: '{mend}',
    },
    'status-mismatch': {
      title: '{which}对健康检查应答 {status}，而期望的是 {expected}',
      quote: '{request} → {status}',
      detail: `在{place}发出与健康检查相同的请求，服务应答 {status}，不在健康检查期望的范围内（{expected}）。${looked}{common}{list}{doubt}`,
      fix: '{log}{codes}{tke}',
    },
    'too-slow': {
      title: '{which}上的服务没有在 {timeout} 秒内应答健康检查',
      quote: '{request}：{took}',
      detail: `在{place}发出与健康检查相同的请求（{request}），没有在响应超时（{timeout} 秒）内得到完整应答。{state}${looked}{common}{list}{doubt}`,
      fix: '{slow}{tke}',
    },
    'tls-mismatch': {
      title: '{which}的 {port} 端口{speaks}，与健康检查的协议不符',
      quote: '{by}',
      detail: `健康检查发出的请求（{request}）与该端口使用的协议不一致，服务不会按期望应答。${looked}{common}{list}{doubt}`,
      fix: '{advice}{tke}',
    },
    'head-not-supported': {
      title: '{which}对 HEAD 应答 {status}{got}；健康检查用的是 HEAD',
      quote: '{request} → {status}',
      detail: `服务不支持健康检查使用的 HEAD 方法，{same}${looked}{common}{list}{doubt}`,
      fix: '把健康检查的方法改成 GET，或让应用支持 HEAD{tke}',
    },
  },
  took: { seconds: '{seconds} 秒后才应答', over: '{timeout} 秒内没有完整应答' },
  got: { known: '，对 GET 应答 {get}', unknown: '' },
  same: { known: '同一路径用 GET 是正常的。', unknown: '同一路径没有用 GET 试过。' },
  process: '服务',
  stuck: {
    stopped: '进程 {process}（PID {pids}）已被暂停（状态 T），没有人处理请求。',
    waiting: '进程 {process}（PID {pids}）卡在内核里（状态 {mark}）。',
  },
  slow: {
    stopped:
      '让进程 {process} 恢复运行（kill -CONT {pids}），或重启服务；再查是谁暂停了它：调试器、终端里的 Ctrl-Z、脚本',
    waiting:
      '查进程 {process}（PID {pids}）在等什么，多半是磁盘或网络文件系统（dmesg、cat /proc/PID/stack）；修好后重启服务，进程结束不掉时重启机器',
    usual:
      '查应用为什么慢（进程卡住、依赖的数据库或下游慢、过载），或让健康检查访问一个不依赖下游的路径；应用本来就这么慢时，调大响应超时，并保持小于检查间隔',
  },
  odd: '无法识别的内容',
  ends: {
    reset: '接受连接后又重置',
    empty: '接受连接后直接关闭',
    refused: '拒绝连接',
    'tls-error': '拒绝 TLS 握手',
  },
  mend: {
    usual: '查看服务在 {port} 端口的日志：可能是协议不对、请求被应用或其前面的代理断开、进程崩溃',
    handshake:
      '查看服务在 {port} 端口的 TLS 配置和日志：只支持旧版本、必须带服务器名称（ssl_reject_handshake）、没有证书、要求客户端证书。让它接受不带服务器名称的 TLS 1.2 握手，或把健康检查改成 HTTP 并指向不用 TLS 的端口',
  },
  log: '先在服务的访问日志里看探测（User-Agent 为 clb-healthcheck）得到的是不是也是 {status}。',
  speaks: { tls: '只接受 TLS', plain: '不接受 TLS' },
  advice: {
    tls: '七层转发规则：把后端协议和健康检查改成 HTTPS；四层监听器：健康检查改成 TCP。或让服务在该端口提供 HTTP',
    plain: '把健康检查改成 HTTP（排查文档也建议后端用 HTTP 检查），或在服务上配置证书',
  },
  codes:
    '先确认 {request} 应答 {status} 是不是本来就对：若对，把它所在的状态码段加入健康检查的期望；若不对，修复应用或换一个检查路径',
  repair: '修复应用在 {request} 上的应答，或换一个能反映服务是否正常的检查路径',
} as const
