import { fault } from '../fault.ts'
import { BACKEND } from '../lab.ts'

// Whether a network card works, and whether the machine says that the address is there.

const NO_ARP = { code: 'guest-kernel/arp-off', check: { kind: 'tcp' } } as const
const NOT_RECORDED = { notRecorded: 'the usual commands do not print these settings' } as const
const CONF = '/proc/sys/net/ipv4/conf'

/** What a card does before the kernel looks at a packet. */
export const CARDS = [
  fault('card-down', 'timeout', {
    inject: 'ip link set eth0 down',
    check: { kind: 'tcp' },
    code: 'guest-kernel/link-down',
  }),
  // The answers leave through a card that has no cable.
  fault('route-over-a-dead-card', ['timeout', 'timeout', 'ok'], {
    inject: `ip link add eth1 type veth peer name eth1p; ip link set eth1 up
ip addr add 10.9.9.2/24 dev eth1; ip route add 100.64.0.0/10 via 10.9.9.1 dev eth1`,
    code: 'guest-kernel/link-down',
    ...NOT_RECORDED,
  }),
  fault('other-card-down-ok', 'ok', {
    inject: `ip link add eth1 type veth peer name eth1p; ip addr add 10.9.9.2/24 dev eth1
ip link add eth2 type veth peer name eth2p; ip link set eth2 up`,
  }),
  fault('card-without-arp', 'timeout', { inject: 'ip link set eth0 arp off', ...NO_ARP, ...NOT_RECORDED }),
  // IPv6 asks by neighbour discovery, and the answers of such a card go to itself.
  fault('v6-card-without-arp', 'timeout', {
    servers: [{ kind: 'nginx', listen: ['[::]:80'], body: 'location / { return 200 "ok\\n"; }' }],
    inject: 'ip link set eth0 arp off; ip -6 neigh flush dev eth0',
    code: 'guest-kernel/arp-off',
    check: { ip: BACKEND[6], kind: 'tcp' },
    ...NOT_RECORDED,
  }),
  fault('arp-ignored', 'timeout', {
    inject: `echo 8 >${CONF}/eth0/arp_ignore; ip neigh flush dev eth0`,
    ...NO_ARP,
    ...NOT_RECORDED,
  }),
  fault('arp-ignored-of-others-ok', 'ok', {
    inject: `echo 1 >${CONF}/all/arp_ignore; echo 2 >${CONF}/all/arp_announce; echo 8 >${CONF}/cni0/arp_ignore
ip neigh flush dev eth0`,
  }),
  // A question from 10.0.1.1 gets no answer. These probers ask from addresses of their own, a VPC asks from its gateway.
  fault('arp-filtered-gateway-ok', 'ok', {
    inject: `ip link add eth1 type veth peer name eth1p; ip link set eth1 up; ip link set eth1p up
ip addr add 10.9.9.2/24 dev eth1; ip route add 10.0.1.1/32 dev eth1
echo 1 >${CONF}/eth0/arp_filter; ip neigh flush dev eth0`,
    mayBeUnknown: 'who asks for the card',
    ...NOT_RECORDED,
  }),
  fault('arp-filtered-ok', 'ok', { inject: `echo 1 >${CONF}/all/arp_filter; ip neigh flush dev eth0` }),
]
