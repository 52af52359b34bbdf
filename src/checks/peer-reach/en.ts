import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'reachable-from-peer': {
      title: 'Another machine of the VPC reaches {count|a failing backend|# failing backends}',
      quote: '{from} → {list}: {end}',
      detail: 'From {from} the request of the health check to {list}: {end}. {meaning}',
      fix: "See which rules of security groups, network ACLs and the machine's firewall look at the source of the health check; if the answer is wrong, see to the application.",
    },
    'unreachable-from-peer': {
      title: 'Another machine of the VPC does not reach {count|a failing backend|# failing backends} either',
      quote: '{from} → {list}: {end}',
      detail: 'From {from} the request of the health check to {list}: {end}. {meaning}',
      fix: 'Look inside the machines: the read-only probe (guest-script) shows whether the service listens, on which address, and whether the firewall of the machine drops it; guest-judge reads its output.',
    },
  },
  ends: {
    answer: 'status code {status}',
    grpc: 'gRPC status {status}',
    bytes: 'an answer',
    open: 'connected',
    refused: 'connection refused',
    unreachable: 'unreachable (ICMP)',
    'connect-timeout': 'no connection in time',
    'answer-timeout': 'connected, and no answer in time',
    timeout: 'no answer in time',
    reset: 'connection reset',
    empty: 'connected, and closed without an answer',
    'tls-error': 'connected, and the TLS handshake failed',
    'not-tls': 'connected, and what answered is no TLS',
    tls: 'connected, and an answer in TLS',
    'not-http': 'connected, and the answer is not HTTP',
    failed: 'no result',
  },
  meanings: {
    answered:
      "So something listens, and the application answers as the check wants. What stops the probes looks at their source: a rule of a security group, a network ACL or the machine's firewall, or a program that has taken the probes' range, such as a VPN.",
    reached:
      'So something listens, and the network lets it through. The answer is not what the check wants, or comes too late: the trouble is in the application.',
    stopped:
      'Its security groups and network ACL let that machine in, or it was refused at the machine itself. So the trouble is on the machine: nothing listens, or its firewall drops everybody.',
  },
} as const satisfies Translation<typeof zhCN>
