import { zhCN as shared } from '../zh-CN.ts'

const { looked } = shared.guest

export const zhCN = {
  reasons: {
    'conntrack-full': {
      title: '{which}的连接跟踪表已满（{used} / {max}），新连接被丢弃',
      quote: '{by}',
      detail: `表满之后内核丢弃新的连接，探测超时，业务的新连接也一样（日志：nf_conntrack: table full, dropping packet）。${looked}{common}{list}{doubt}`,
      fix: '调大 nf_conntrack_max（每条约占 300 多字节内存），并查明为什么连接这么多：短连接过多、超时过长或遭到扫描。写入的文件重启后仍生效，前提是 nf_conntrack 模块那时已加载',
    },
    'rp-filter': {
      title: '{which}的反向路径过滤（rp_filter）丢弃了健康检查',
      quote: '{by}',
      detail: `探测从 {device} 进来，而到探测源 {from} 的路由走 {back}，严格模式的 rp_filter 因此丢弃它们，CLB 看到的是超时。${looked}{common}{list}{doubt}`,
      fix: '把该网卡的 rp_filter 改成 2（宽松模式）：只要求存在到源地址的路由，对来源伪造的检查会变弱。回包从 {back} 出去若仍不通（源地址不属于那块网卡的报文会被 VPC 丢弃），就为 {device} 配置策略路由，让回包从原网卡出去',
    },
    'no-route-back': {
      title: '{which}{what}{does}',
      quote: '{route}',
      detail: `{way} {from} 的报文{meets}，{so}。${looked}{common}{list}{doubt}`,
      fix: '{first}为 {lets} 加一条{through}的{thing}{last}',
    },
    'tw-recycle': {
      title: '{which}开启了 tcp_tw_recycle，会丢弃部分健康检查',
      quote: '{by}',
      detail: `同一地址后面有多个时钟的来源（例如经过 NAT）时，开启 tcp_tw_recycle 的内核会丢弃时间戳变小的连接请求，探测时好时坏。${looked}{common}{list}{doubt}`,
      fix: '关闭 tcp_tw_recycle；Linux 4.12 起已没有这个选项',
    },
    'link-down': {
      title: '{which}的网卡 {device} {state}',
      quote: '{by}',
      detail: `{carries} {from} 的{passes} {device}，而它{state}，CLB 看到的是超时。本机访问自己不经过这块网卡，因此看起来正常。${looked}{common}{list}{doubt}`,
      fix: '{mend}',
    },
    'arp-off': {
      title: '{which}的网卡 {device} 不应答 ARP，谁也连不上这台机器',
      quote: '{by}',
      detail: `发送方先用 ARP 询问这个地址在哪块网卡上；有了这个设置，机器不应答，来自 {from} 的探测到不了，CLB 看到的是超时。${looked}{common}{list}{doubt}`,
      fix: '让网卡恢复应答 ARP（命令），并查明是谁改的设置：LVS 的 DR 模式会改 arp_ignore，但应为 1',
    },
  },
  states: { DOWN: '已停用（down）', 'NO-CARRIER': '没有连接（NO-CARRIER）' },
  carries: { in: '来自', back: '发往' },
  passes: { in: '探测走网卡', back: '回包走网卡' },
  mend: {
    DOWN: '启用这块网卡（命令），再检查路由（ip route）：网卡停用时它的路由会被删除。查明是谁停用的，并确认网络配置里它会随机器启动',
    'NO-CARRIER':
      '确认网卡已绑定：弹性网卡到控制台查看，容器或网桥的设备看另一端；已经不用的，就删除指向它的路由',
  },
  ways: {
    back: {
      what: '没有',
      does: '到健康检查源地址的回程路由',
      way: '到',
      thing: '路由',
      meets: '命中这条路由',
      so: '回包出不去，CLB 看到的是超时',
      first: '确认这条路由是谁加的（VPN、容器网络、手工），再删除它，或',
      through: '走默认网关',
      last: '；写在网络配置里的也要一起改，否则重启后会回来',
    },
    none: {
      what: '没有',
      does: '到健康检查源地址的回程路由',
      way: '到',
      thing: '路由',
      meets: '没有路由可走',
      so: '回包出不去，CLB 看到的是超时',
      first: '',
      through: '走默认网关',
      last: '，缺的若是默认路由就补上：ip route add default via 网关地址（网关地址请在同一子网的正常机器上执行 ip route 查看）；并写进网络配置，否则重启后又会丢失',
    },
    in: {
      what: '上的策略路由（ip rule）',
      does: '带走了健康检查的请求',
      way: '来自',
      thing: '规则',
      meets: '命中这条规则',
      so: '而且是在查本机地址（lookup local）之前，探测到不了服务',
      first: '确认这条规则是谁加的（VPN、容器网络、手工），再删除它，或',
      through: '排在它前面、指向 local 表',
      last: '；写在网络配置里的也要一起改，否则重启后会回来',
    },
  },
} as const
