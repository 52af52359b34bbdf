import { zhCN as shared } from '../zh-CN.ts'

const { looked } = shared.guest

export const zhCN = {
  reasons: {
    'ip-forward-off': {
      title: '{which}没有开启 IP 转发，探测到不了 Pod',
      quote: '{by}',
      detail: `这个端口的报文要由节点转发给 Pod，而 {settings} 是 0，内核不转发，CLB 看到的是超时。${looked}{common}{list}{doubt}`,
      fix: '打开 IP 转发，并写入配置文件，重启后仍有效；再查是什么关掉了它（安全基线、其他 sysctl 文件），否则会被改回',
    },
    'interface-forwarding-off': {
      title: '{which}有网卡没有开启转发，探测到不了 Pod',
      quote: '{by}',
      detail: `报文要经过的网卡没有开启转发（{settings}），内核不转发，CLB 看到的是超时。${looked}{common}{list}{doubt}`,
      fix: '打开这些网卡的转发，并写入配置文件，重启后仍有效；再查是什么关掉了它，否则会被改回',
    },
    'forward-policy-drop': {
      title: '{which}的 FORWARD 链默认丢弃，没有规则放行到 Pod 的探测',
      quote: '{by}',
      detail: `到 Pod 的报文没有命中任何放行规则，按 FORWARD 链的默认策略被丢弃，CLB 看到的是超时。${looked}{common}{list}{doubt}`,
      fix: '把 FORWARD 的默认策略改成 ACCEPT：节点会转发没有被其他规则拒绝的所有报文，客户端的流量也是。Docker 等程序启动时可能再把它改成 DROP，要一并处理（如 Docker 的 iptables 选项）；重启后仍要有效，需保存规则',
    },
    'forward-foreign-rule': {
      title: '{which}上有一条不属于 Kubernetes 的 FORWARD 规则丢弃了探测',
      quote: '{by}',
      detail: `来自 {from} 的探测在转发给 Pod 时命中这条规则，被丢弃或拒绝。${looked}{common}{list}{doubt}`,
      fix: '查明是哪个程序加的规则，在它的配置里放行到 Pod 的流量；先恢复服务可以在它前面放行健康检查的源地址，客户端的流量要另外放行',
    },
  },
} as const
