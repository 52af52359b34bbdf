import { zhCN as shared } from '../zh-CN.ts'

const { looked } = shared.guest

export const zhCN = {
  reasons: {
    'not-listening': {
      title: '{which}上没有程序监听 {protocol} {port}{where}',
      quote: '{sockets}',
      detail: `{led}探测到 {port} 端口会立即被拒绝（connection refused）。{unread}${looked}{common}{list}{doubt}`,
      fix: '启动应当监听 {protocol} {port} 的服务，并设为开机启动（systemctl enable --now 服务名）；若服务改了端口，就改监听器上绑定的后端端口或健康检查端口{orRule}{tke}',
    },
    'loopback-only': {
      title: '{which}上的 {process} 只监听本机回环地址，CLB 访问不到',
      quote: '{listening}',
      detail: `{led}{port} 端口只在 {listening} 上监听：在机器上用 127.0.0.1 访问正常，从网络访问会被拒绝。{unread}${looked}{common}{list}{doubt}`,
      fix: '把 {process} 的监听地址改成 0.0.0.0（或{own}），再重启服务；这会让所有能到达该端口的地址都能访问它，安全组要限制来源{orRule}',
    },
    'other-address': {
      title: '{which}上的 {process} 没有在后端地址上监听 {port} 端口',
      quote: '{listening}',
      detail: `{led}后端地址是 {ips}，而 {port} 端口只在 {listening} 上监听，探测会被拒绝。{unread}${looked}{common}{list}{doubt}`,
      fix: '把 {process} 的监听地址改成 0.0.0.0 或{own}，再重启服务；若服务本应使用另一个地址，就把监听器的后端改绑到那个地址{orRule}',
    },
    'backlog-full': {
      title: '{which}上 {process} 的连接队列已满（{queue}），新连接被丢弃',
      quote: '{by}',
      detail: `应用来不及接受连接，监听队列满了，内核丢弃新的连接请求，探测超时。${looked}{common}{list}{doubt}`,
      fix: '先查应用为什么不接受连接（卡死、线程用尽、过载），必要时重启或扩容；{room}',
    },
  },
  where: '（健康检查被一条规则转到这个端口）',
  led: '发到 {asked} 端口的探测被这条规则转到了 {port} 端口：{rule}。',
  orRule: '。若探测本应到 {asked} 端口，就删掉把它转到 {port} 的规则，或改正其中的端口：{rule}',
  unread: '没读到端口转发规则（NAT）：若有规则把探测转到别的已监听端口，就不是这个原因。',
  room: {
    program:
      '队列上限 {backlog} 是程序自己设的（内核允许 {allowed}），确实太短时，调大程序的 backlog 再重启它',
    kernel:
      '队列上限就是内核的 net.core.somaxconn（{allowed}），确实太短时，调大它和程序的 backlog，再重启程序',
    unknown: '队列确实太短时，调大程序的 backlog（不够时还有内核的 net.core.somaxconn），再重启程序',
  },
  of: '{queued} / {backlog}',
  waiting: '{queued} 个连接在等，上限没读到',
  process: '服务',
  sockets: '正在监听的：{listening}',
} as const
