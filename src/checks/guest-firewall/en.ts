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
      fix: 'Before that rule, let in {whom} and nothing else',
    },
    'probe-rejected': {
      title: '{tool} on {which} rejects {leg}',
      quote: '{by}',
      detail: `Probes from {from} meet this rule and are rejected. CLB sees an error at once. It looks like a service that is down, and it is not.{vpn}{moved}${looked}{common}{list}{doubt}`,
      fix: 'Before that rule, let in the sources of the health check, {lets}, to port {port} and nothing else',
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
    probe: 'meet this rule and are dropped',
    neighbour:
      'do not arrive. Before its first packet, a sender asks by ICMPv6 (neighbour discovery) which card has this address, and this rule drops the question or the answer',
    arp: 'do not arrive. Before its first packet, a sender asks by ARP which card has this address, and this rule drops the question or the answer',
  },
  whom: {
    arp: 'ARP',
    probe: 'the sources of the health check, {lets}, to port {port}',
    neighbour: 'ICMPv6 (IPv6 needs it as IPv4 needs ARP)',
  },
  vpn: ' Tailscale made this rule. It takes 100.64.0.0/10 for its own and drops what does not come in through tailscale0, and the health checks of Tencent Cloud come from that range.',
  noVpn: '',
  moved: ' Within {seconds} s its counter rose by {packets} packets.',
  still: '',
} as const satisfies Translation<typeof zhCN>
