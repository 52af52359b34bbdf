import { zhCN as shared } from '../zh-CN.ts'

const { looked } = shared.guest

export const zhCN = {
  reasons: {
    'probe-dropped': {
      title: '{which}的{tool}丢弃了{leg}',
      quote: '{by}',
      detail: `来自 {from} 的探测{fate}，CLB 看到的是超时。{vpn}{moved}${looked}{common}{list}{doubt}`,
      fix: '在该规则前放行{whom}，不放行别的',
    },
    'probe-rejected': {
      title: '{which}的{tool}拒绝了{leg}',
      quote: '{by}',
      detail: `来自 {from} 的探测{refusal}。{vpn}{moved}${looked}{common}{list}{doubt}`,
      fix: '在该规则前放行{whom}，不放行别的',
    },
  },
  legs: {
    request: '健康检查',
    reply: '健康检查的回包',
    neighbour: '邻居发现（ICMPv6），缺了它谁也连不上这台机器',
    arp: ' ARP，缺了它谁也连不上这台机器',
    data: '健康检查建连之后的报文',
  },
  fate: {
    request: '命中这条规则，被丢弃',
    reply: '能到达服务，但回包命中这条规则，被丢弃',
    data: '能建立连接，但建连之后的报文命中这条规则，被丢弃',
    neighbour:
      '到不了：发送方先用 ICMPv6（邻居发现）询问这个地址在哪块网卡上，而询问或应答命中这条规则，被丢弃',
    arp: '到不了：发送方先用 ARP 询问这个地址在哪块网卡上，而询问或应答命中这条规则，被丢弃',
  },
  refusal: {
    request: '命中这条规则，被拒绝（REJECT），CLB 立即看到连接失败。看起来像服务没有启动，其实不是',
    reply: '能到达服务，但回包命中这条规则，被拒绝（REJECT）。错误只回给本机，CLB 看到的是超时',
    data: '能建立连接，但建连之后的报文命中这条规则，被拒绝（REJECT）',
  },
  whom: {
    arp: ' ARP',
    reply: '从 {port} 端口发往 {lets} 的回包',
    data: '{lets} 与 {port} 端口之间的连接',
    request: '健康检查的源地址 {lets} 访问 {port} 端口',
    neighbour: ' ICMPv6（IPv6 靠它找到对方，如同 IPv4 的 ARP）',
  },
  vpn: '这是 Tailscale 加的规则：它把 100.64.0.0/10 当作自己的网段，丢弃不是从 tailscale0 进来的报文，而腾讯云的健康检查正是从这个网段来的。',
  noVpn: '',
  moved: '在 {seconds} 秒内这条规则的计数增加了 {packets} 个报文。',
  still: '',
} as const
