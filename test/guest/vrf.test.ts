import { expect, it } from 'vitest'
import { check, evaluated, folder, outcomeIn } from './recordings.ts'

// A rule that asks for the card, where the card is a port of a VRF or of a bridge. The chain INPUT sees the master.

const PROBER = '100.64.0.5'
const machine = (link: string, rule: string) => ({
  ...folder('healthy').files,
  'ip-addr': `$ ip addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
2: eth0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue ${link}state UP group default qlen 1000
    inet 10.0.1.16/24 scope global eth0
--exit 0--
`,
  'iptables-save-c': '',
  'iptables-save': `$ iptables-save
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
${rule}
COMMIT
--exit 0--
`,
  nft: '$ nft list ruleset\n--exit 0--\n',
})

it.each([
  ['of a card alone decides', '', '-A INPUT -i eth0 -j DROP', 'timeout'],
  ['of a card in a VRF may', 'master vrf-blue ', '-A INPUT -i eth0 -j DROP', 'unknown'],
  ['of other cards than one in a VRF may', 'master vrf-blue ', '-A INPUT ! -i eth0 -j DROP', 'unknown'],
  ['of a card in a bridge may', 'master br0 ', '-A INPUT -i eth0 -j DROP', 'unknown'],
  ['of answers over a card in a VRF may', 'master vrf-blue ', '-A OUTPUT -o eth0 -j DROP', 'unknown'],
  ['without a card decides in a VRF, too', 'master vrf-blue ', '-A INPUT -p tcp -j DROP', 'timeout'],
])('a rule %s', (_, link, rule, outcome) => {
  const evaluation = evaluated(machine(link, rule), check(80, { kind: 'tcp' }), PROBER)
  expect(outcomeIn(evaluation, PROBER)).toBe(outcome)
})
