import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'vip-on-node': {
      title:
        'The nodes of IPVS cluster {cluster} may hold VIP {vip}, so that replies to probes never leave them',
      detail:
        '{clb} is a {network} CLB whose probes carry its VIP. Cluster {cluster} serves its Services by IPVS: where its nodes bind the VIP to kube-ipvs0, the reply to it stays on the node, and the CLB gets no answer. {count|1 backend|# backends} affected.{doubt}',
      fix: '{tke}Have the probes come from 100.64.0.0/10 (SourceIpType 1). Before that, make sure that the security groups, the network ACL of the subnet (inbound and the replies) and iptables of the nodes let 100.64.0.0/10 in. The command sends every setting of the check that was read.',
    },
  },
  networks: { private: 'private', public: 'public' },
} as const satisfies Translation<typeof zhCN>
