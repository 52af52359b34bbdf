export const zhCN = {
  /** What is denied. Machines and managed services share these texts. */
  details: {
    group: '健康检查{from}探测 {service}，{rule}。{rest}{shadowed}涉及 {count} 个后端。{doubt}',
    groupPart:
      '健康检查的源地址（{sources}）中，{blocked} 探测 {service} 会被拒绝：{rule}。{shadowed}探测源地址不固定，后端可能时好时坏。涉及 {count} 个后端。{doubt}',
    reply:
      'ACL 无状态，出站规则要单独放行回包{towards}：{rule}。{lacking}{rest}{shadowed}涉及 {count} 个后端。{doubt}',
  },
  /** What to add to groups and ACLs. Machines and managed services share these texts. */
  fixes: {
    group: '在安全组 {target} 入站{position}允许 {from} → {opens}',
    inbound: '在网络 ACL {target} 入站{position}允许 {from} → {opens}',
    outbound: '在网络 ACL {target} 出站{position}允许回包 → {from} {opens}',
  },
  /** Where a reply goes. The range of the prober's own ports is not documented (platform facts B). */
  towards: {
    port: '（发往探测方的临时端口 1024-65535）',
    ping: '（ICMP 没有端口）',
  },
  /** A whole or a partial block. The ACL of a managed service has one reason for both. */
  blocks: {
    wholly: { rule: '拒绝了', default: '没有放行' },
    partly: { rule: '拒绝了部分', default: '没有放行部分' },
  },
  /** The subject of a title. */
  deniers: {
    'security-group': {
      rule: '安全组 {id} 第 {place} 条入站规则',
      default: '安全组 {id} ',
    },
    'network-acl': {
      ingress: '网络 ACL {id} 的入站规则（优先级 {priority}）',
      egress: '网络 ACL {id} 的出站规则（优先级 {priority}）',
      default: '网络 ACL {id} ',
    },
  },
  /** What no rule allows, behind a title. */
  what: '（{service}）',
  quote: '{quote}',
  partQuote: '{quote}。{lacking}',
  /** A rule as the console shows it. */
  line: {
    accept: '允许 {rest}',
    deny: '拒绝 {rest}',
    unknown: '{action} {rest}',
  },
  from: {
    known: '从 {list} ',
    unknown: '（源地址未知）',
  },
  defaultDeny: '没有规则放行，按默认规则拒绝',
  places: {
    allowing: { 'security-group': '第 {place} 条', 'network-acl': '优先级 {priority} 的规则' },
    denying: { 'security-group': '{of}第 {place} 条', 'network-acl': '{of}优先级 {priority} 的规则' },
  },
  /** Why a block is not `certain`. The conclusion follows, once the certainty is settled. */
  doubts: {
    /** Platform facts 0.1. */
    exempt: '腾讯云文档对此说法不一：同账号后端的安全组可能默认放行 100.64.0.0/10。',
    /** Platform facts C1. */
    classic:
      '按腾讯云文档，后端安全组默认放行传统型内网负载均衡的探测（2016-12-05 之前在 VPC 中创建的除外）。',
    /** Platform facts B, C1. */
    source: 'IPv6 探测的源地址没有文档说明，这里按 VIP 推断。',
    /** Platform facts C7. */
    ping: '传统型 CLB 的 UDP 检查是 PING，这一点是推断的。',
    /** Platform facts C5. */
    evm: '没有文档说明 EVM 类型的后端是什么、从哪里探测。',
    /** Platform facts C3. */
    override: '目标组自己的健康检查是否取代监听器的，没有文档说明。',
    /** Platform facts B. */
    readings: '三元组出站规则的端口指源端口还是目的端口，文档有两种说法。',
    /** Platform facts B. */
    'source-port':
      '三元组出站规则的端口指源端口还是目的端口，文档有两种说法；若指目的端口，这个 ACL 会放行。',
    /** Platform facts C3. */
    range: '监听器是端口段，没有文档说明探测后端的哪个端口，但每个端口的结果都一样。',
    /** Platform facts C1. */
    domain: '域名型 CLB 只从 100.64.0.0/10 探测，这一点只有 TKE 的文档提到。',
    /** Platform facts 0.1, C1. */
    anywhere: '没有文档说明这种探测从哪里来；若来自 100.64.0.0/10，同账号后端的安全组可能默认放行。',
    order: '换一个安全组顺序结论会不同。',
    origin: '没有文档说明后端安全组如何对待这种探测源。',
    /** Platform facts E. */
    pod: 'Pod 没有自己的网卡，这里按其所在节点的安全组和子网推断。',
    /** Platform facts D. */
    service: '没有文档说明云产品的安全组如何对待 CLB 的探测。',
    /** Guide 1.3, note. */
    serviceAcl: '排查文档要求检查云产品所在子网的 ACL，但没有说明哪些产品的地址受其约束。',
    unsettled: '没有文档说明云产品的安全组是否默认放行 100.64.0.0/10。',
    /** Platform facts C5, D. */
    routed: 'CLB 的 SNAT 流量是否遵循该子网的路由表和 ACL 没有文档说明。',
    /** Platform facts E. */
    bound: '腾讯云文档对 IPVS 节点是否仍绑定 VIP 说法不一，API 也看不到。',
    unsaid: 'API 没有说明探测的源地址是 VIP 还是 100.64.0.0/10。',
    nodes: '未能获取集群的节点，这里假定这些后端都是。',
    /** Platform facts G. */
    stamp: '规则的修改时间不带时区，这里按北京时间推断。',
    /** A rule on the machine whose counter did not move, or was not read twice. */
    unmoved:
      '这是按机器上的规则推演的，没有看到它的计数随探测增加；请在后端异常期间再采集一次，看计数是否增加。',
    /** A rule or a policy that counts nothing. */
    uncounted: '这是按机器上的规则推演的；这条规则没有计数，看不到它是否随探测增加。',
    moving: '它的计数在增加，但增加它的也可能是探测以外的报文。',
    inside: '这是由机器上看到的情况推断的。',
    weak: '机器上的情况也可能另有解释。',
    either: 'API 没有说明探测的源地址，机器上也看不出来；这里只拦截其中一种。',
    peer: '这是机器访问自己得到的结果，这类应答可能因来访地址而不同（白名单、按地址限流）。探测实际得到的应答看服务的访问日志（User-Agent 为 clb-healthcheck）。',
    'first-port': '监听器用的是端口段，文档没有说明探测后端的哪个端口；机器上只看了第一个端口。',
    once: '只慢了一次，也可能是一时的。',
    several: '会接到探测的有好几处，应答的只是其中随机的一处。',
    handshake: '探测使用哪些 TLS 版本、带什么服务器名称（SNI），官方没有说明，结果可能不同。',
    cut: '从机器上取回的内容不完整。',
    stale: '机器上的情况采集于异常开始之前，或与读取 CLB 的时间相差一小时以上，其间可能有变化。',
  },
  /** Findings about the inside of machines. */
  guest: {
    which: {
      machine: { one: '云服务器 {id}（{ip}）', unnamed: '机器 {ip} ', several: '{count} 台机器（{ips}）' },
      /** The node that forwards to a pod which is bound directly, and what runs in the pod. */
      node: {
        one: 'Pod {ip} 所在节点 {id} ',
        unnamed: 'Pod {ip} 所在的节点',
        several: '{count} 个 Pod（{ips}）所在的节点',
      },
      pod: { one: 'Pod {ip} ', unnamed: 'Pod {ip} ', several: '{count} 个 Pod（{ips}）' },
    },
    /** The address on which a service should listen. */
    own: { one: '后端地址 {ip}', several: '各台机器自己的后端地址' },
    /** Where somebody looked. */
    place: { machine: '机器上', node: 'Pod 所在节点上' },
    from: { exact: '{list}', nearly: '{list} 中几乎所有地址' },
    list: { machine: '这些机器：{list}。', pod: '这些 Pod：{list}。' },
    looked: '{place}的情况采集于 {lookedAt}。',
    /** What keeps a rule over a restart (guide 2.3). */
    keep: {
      own: '该命令重启后仍有效。',
      iptables:
        '重启后仍要有效，再执行 service iptables save（CentOS/RHEL）或 netfilter-persistent save（Ubuntu/Debian）。',
      nft: '重启后仍要有效：把同一条规则写进 /etc/nftables.conf（或生成这些规则的程序的配置）。insert 把规则放在该链最前；若该链由程序管理，请改它的配置。',
      program:
        '这条规则由一个程序管理，它可能随时重写自己的规则；要长期有效，在那个程序的配置里放行，并按系统的方式保存规则（service iptables save 或 netfilter-persistent save）。',
      tailscale:
        'tailscaled 重启时会把自己的规则重新插到最前，这条放行就不再起作用。要长期有效：能改就把健康检查源 IP 改为 VIP（安全组和网络 ACL 先放行 VIP），或与负责 VPN 的同事商定后执行 tailscale set --netfilter-mode=off：Tailscale 从此不加防火墙规则，不再拦截冒用 100.64.0.0/10 的来访，子网路由和出口节点要自己放行。',
    },
    tool: { rule: '{tool} 规则', policy: '{tool} {chain} 链的默认策略' },
    filter: '防火墙',
    tailscale: 'Tailscale 防火墙规则',
  },
  /** Follow the doubts. They say what the finding is shown with. */
  conclusions: {
    likely: '因此结论是“很可能”，不是“确定”。',
    possible: '因此结论只是“可能”，尚未证实。',
  },
  /** The two meanings of the port of a triple egress entry (platform facts B). */
  readings: {
    source: '若三元组出站规则的端口指“源端口”（文档两说），报文全部被拒绝：{rule}',
    destination: '若指“目的端口”，只放行了一部分。{lacking}',
  },
  /** What a block denies: addresses, ports of the prober, or both. */
  lacking: {
    addresses: '被拒绝的探测源：{list}。',
    ports: '未放行的探测方端口：{list}。',
  },
  /** The little that a block leaves open. It is less than one in a thousand. */
  remainder: {
    sources: '{of} 个源地址中只放行了 {open}',
    'source-ports': '{of} 个源端口中只放行了 {protocol} {open}',
    'reply-ports': '{of} 个回包端口中只放行了 {protocol} {open}',
  },
  remaining: '放行的范围太小，健康检查几乎用不到：{remainders}。',
  /** The rule that decides, for use within a sentence. */
  rule: {
    'security-group': '第 {place} 条入站规则（{line}）',
    'network-acl': '优先级 {priority} 的规则（{line}）',
  },
  met: {
    'security-group': '命中第 {place} 条入站规则（{line}），被拒绝',
    'network-acl': '命中优先级 {priority} 的规则（{line}），被拒绝',
  },
  /** What several backends have in common. */
  common: {
    all: '它们的共同点：{what}。',
    zone: '可用区 {value}',
    subnet: '子网 {value}',
    groups: '安全组 {value}',
  },
  /** What a finding is about, if it is about several. Its title has their number. */
  members: {
    rule: '{count} 条转发规则',
    listener: '{count} 个监听器',
    both: '{count} 个监听器和转发规则',
    resource: '{count} 个资源',
  },
  /** An allow rule that a deny rule overrides. */
  shadowed: '{elsewhere}{allowing}（{line}）本应放行{part}，但排在它前面的{denying}先拒绝了。',
  /** Platform facts E. It stands before what to change. */
  serviceConfigToo:
    '。该负载均衡由 TKE 管理，健康检查应在 Service 或 Ingress 的 TkeServiceConfig 中修改；只改监听器或规则，可能会被控制器改回',
  configs: {
    differs:
      'TkeServiceConfig {config} 与负载均衡上的设置不一致：{list}。可能是绕过它改了负载均衡，也可能是控制器没能应用它（见 Service 的事件）；控制器下次同步时可能按 TkeServiceConfig 写回。',
    missing: '{thing} 引用的 TkeServiceConfig {config} 不存在，控制器没有健康检查设置可以应用。',
    setting: '{name} 配置为 {wanted}，负载均衡上是 {actual}',
  },
  serviceConfig:
    '该负载均衡由 TKE 管理，健康检查应在 Service 或 Ingress 的 TkeServiceConfig 中修改；只改监听器或规则，可能会被控制器改回。',
  elsewhere: '{id} 的',
  part: { some: ' {cidrs}', all: '' },
} as const
