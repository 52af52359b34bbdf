import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'vip-on-node': {
      title: 'The nodes of IPVS cluster {cluster} may hold VIP {vip}, so replies to probes never leave them',
      detail:
        '{clb} is a {network} CLB whose probes carry its VIP. Cluster {cluster} serves its Services by IPVS. If its nodes bind the VIP to kube-ipvs0, the reply stays on the node, and the CLB gets no answer. {count|1 backend|# backends} affected.{doubt}',
      fix: '{tke}First make sure that the security groups and iptables of the nodes and the network ACL of their subnet (inbound and the replies) let 100.64.0.0/10 in. Then set the source IP of the health check to the range 100.64.0.0/10.{command}',
    },
  },
  command: 'Keep all other settings.',
  commandOfSome:
    'Keep all other settings. Leave out {pools}: the API does not give the source of these probes, so look it up in the console first.',
  networks: { private: 'private', public: 'public' },
} as const satisfies Translation<typeof zhCN>
