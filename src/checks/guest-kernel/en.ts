import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const { looked } = shared.guest

export const en = {
  reasons: {
    'conntrack-full': {
      title: 'The connection table of {which} is full ({used} of {max}): new connections are dropped',
      quote: '{by}',
      detail: `While the table is full, the kernel drops new connections: probes time out, and so do clients (log: nf_conntrack: table full, dropping packet).${looked}{common}{list}{doubt}`,
      fix: 'Raise nf_conntrack_max (an entry takes some 300 bytes), and find out why there are so many connections: short ones, long time-outs or a scan. The file holds over a restart if the module nf_conntrack is loaded by then',
    },
    'rp-filter': {
      title: 'The reverse-path filter (rp_filter) of {which} drops the health check',
      quote: '{by}',
      detail: `Probes come in through {device}, and the route to their source {from} leads through {back}. rp_filter in its strict mode drops them, and CLB sees a time-out.${looked}{common}{list}{doubt}`,
      fix: 'Set rp_filter of that interface to 2 (loose mode): it then asks only that some route leads to the source, and catches fewer forged sources. If replies through {back} still do not arrive (the VPC drops packets whose source is not of that interface), give {device} a policy route, so that replies leave through it',
    },
    'no-route-back': {
      title: '{what} on {which} {does}',
      quote: '{route}',
      detail: `Packets {way} {from} {meets}{so}.${looked}{common}{list}{doubt}`,
      fix: '{first} a {thing} for {lets} {through}{last}',
    },
    'tw-recycle': {
      title: 'tcp_tw_recycle is on at {which} and drops some health checks',
      quote: '{by}',
      detail: `If sources with several clocks share an address, for example behind NAT, a kernel with tcp_tw_recycle drops connections whose time stamp goes back. Probes then fail by chance.${looked}{common}{list}{doubt}`,
      fix: 'Turn tcp_tw_recycle off. Linux 4.12 and later do not have it',
    },
    'link-down': {
      title: 'Network interface {device} of {which} is {state}',
      quote: '{by}',
      detail: `{carries} {from} {passes} {device}, and it is {state}, so CLB sees a time-out. The machine's own requests to itself do not use it and look healthy.${looked}{common}{list}{doubt}`,
      fix: '{mend}',
    },
    'arp-off': {
      title:
        'Network interface {device} of {which} does not answer ARP, without which nobody reaches the machine',
      quote: '{by}',
      detail: `Before its first packet, a sender asks by ARP which card has this address. With this setting the machine does not answer, so probes from {from} do not arrive, and CLB sees a time-out.${looked}{common}{list}{doubt}`,
      fix: 'Let the interface answer ARP again (command), and find out what made the setting: LVS in direct-routing mode sets arp_ignore, but to 1',
    },
  },
  states: { DOWN: 'down', 'NO-CARRIER': 'without a carrier: nothing is at the other end of its cable' },
  carries: { in: 'Probes from', back: 'Replies to' },
  passes: { in: 'come in through', back: 'leave through' },
  mend: {
    DOWN: 'Bring it up (command), and check its routes afterwards (ip route): those of an interface that goes down are deleted. Find out who brought it down, and see in the network settings that it comes up with the machine',
    'NO-CARRIER':
      'See that the interface is attached: in the console under elastic network interfaces, for a device of containers or a bridge on its other end. If it is not needed any more, delete the route that leads to it',
  },
  ways: {
    back: {
      what: 'No route',
      does: 'leads back to the source of the health check',
      way: 'to',
      thing: 'route',
      meets: 'meet this route',
      so: ', so replies do not get out, and CLB sees a time-out',
      first: 'Find out what made the route (a VPN, a container network, a person), and delete it, or add',
      through: 'through the default gateway',
      last: '. Change the network settings as well, or it comes back with a restart',
    },
    none: {
      what: 'No route',
      does: 'leads back to the source of the health check',
      way: 'to',
      thing: 'route',
      meets: 'find no route',
      so: ', so replies do not get out, and CLB sees a time-out',
      first: 'Add',
      through: 'through the default gateway',
      last: '. If the default route is what is missing: ip route add default via GATEWAY (ip route on a healthy machine of the same subnet prints the address of the gateway). Write it into the network settings as well, or it is lost with a restart',
    },
    in: {
      what: 'A routing rule (ip rule)',
      does: 'takes the health check away',
      way: 'from',
      thing: 'rule',
      meets: 'meet this rule',
      so: ' before the machine looks up its own addresses (lookup local), so probes do not get to the service',
      first: 'Find out what made the rule (a VPN, a container network, a person), and delete it, or add',
      through: 'before it that says "lookup local"',
      last: '. Change the network settings as well, or it comes back with a restart',
    },
  },
} as const satisfies Translation<typeof zhCN>
