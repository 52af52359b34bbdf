export const zhCN = {
  reasons: {
    'vip-on-node': {
      title: 'IPVS 集群 {cluster} 的节点可能占用了 VIP {vip}，使探测的回包出不了节点',
      detail:
        '{clb} 是{network}负载均衡，探测以 VIP 为源地址。集群 {cluster} 用 IPVS 转发 Service：若节点把 VIP 绑定到本机网卡 kube-ipvs0，发往 VIP 的回包就留在节点内，负载均衡收不到应答。涉及 {count} 个后端。{doubt}',
      fix: '{tke}先确认节点的安全组、iptables 和子网的网络 ACL（入站和回包）都放行 100.64.0.0/10，再把健康检查源 IP 改为 100.64.0.0/10 网段。{command}',
    },
  },
  command: '其他设置保持不变。',
  commandOfSome: '其他设置保持不变。不包括 {pools}：API 没有给出其探测源，请先在控制台查看。',
  networks: { private: '内网', public: '公网' },
} as const
