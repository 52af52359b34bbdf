import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const { looked } = shared.guest

export const en = {
  reasons: {
    'probe-dropped': {
      title: '{tool} on {which} drops {leg}',
      quote: '{by}',
      detail: `Probes from {from} {fate}. CLB sees a time-out.{vpn}{moved}${looked}{common}{list}{doubt}`,
      fix: 'Before that rule, let {whom} and nothing else',
    },
    'probe-rejected': {
      title: '{tool} on {which} rejects {leg}',
      quote: '{by}',
      detail: `Probes from {from} {refusal}.{vpn}{moved}${looked}{common}{list}{doubt}`,
      fix: 'Before that rule, let {whom} and nothing else',
    },
  },
  legs: {
    request: 'the health check',
    reply: 'the replies to the health check',
    neighbour: 'neighbour discovery (ICMPv6), without which nobody reaches the machine',
    arp: 'ARP, without which nobody reaches the machine',
    data: 'the packets of the health check after the handshake',
  },
  fate: {
    request: 'meet this rule and are dropped',
    reply: 'reach the service, but its replies meet this rule and are dropped',
    data: 'open a connection, but what is sent after the handshake meets this rule and is dropped',
    neighbour:
      'do not arrive. Before its first packet, a sender asks by ICMPv6 (neighbour discovery) which card has this address, and this rule drops the question or the answer',
    arp: 'do not arrive. Before its first packet, a sender asks by ARP which card has this address, and this rule drops the question or the answer',
  },
  refusal: {
    request:
      'meet this rule and are rejected. CLB sees an error at once. It looks like a service that is down, and it is not',
    reply:
      'reach the service, but its replies meet this rule and are rejected. The error goes to the machine itself, so CLB sees a time-out',
    data: 'open a connection, but what is sent after the handshake meets this rule and is rejected',
  },
  whom: {
    arp: 'in ARP',
    request: 'in the sources of the health check, {lets}, to port {port}',
    reply: 'out the replies from port {port} to {lets}',
    data: 'through the connections between {lets} and port {port}',
    neighbour: 'in ICMPv6 (IPv6 needs it as IPv4 needs ARP)',
  },
  vpn: ' Tailscale made this rule. It takes 100.64.0.0/10 for its own and drops what does not come in through tailscale0, and the health checks of Tencent Cloud come from that range.',
  noVpn: '',
  moved: ' Within {seconds} s its counter rose by {packets} packets.',
  still: '',
} as const satisfies Translation<typeof zhCN>
