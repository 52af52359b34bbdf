import { expect, it } from 'vitest'
import { check, evaluated, folder, outcomeIn } from './recordings.ts'

// IPv6: the replies need the card of the next hop, and it answers that question from the address of the route. In random
// machine 1061 the question of the prober's side got in, and that answer did not.

const PROBER = 'fd77:0:0:2::10'
const machine = (gateway: string, ...rules: readonly string[]) => ({
  ...folder('healthy').files,
  'ip-addr': `$ ip -br addr
lo UNKNOWN 127.0.0.1/8 ::1/128
eth0@if2 UP 10.0.1.16/24 fd77:0:0:1::16/64 fe80::16/64
--exit 0--
`,
  'ip-route': `$ ip route show table all
fd77:0:0:1::/64 dev eth0 proto kernel metric 256 pref medium
default via ${gateway} dev eth0 metric 1024 pref medium
local fd77:0:0:1::16 dev eth0 table local proto kernel metric 0 pref medium
--exit 0--
`,
  'ip6tables-S': `$ ip6tables -S
-P INPUT ACCEPT
-P FORWARD ACCEPT
-P OUTPUT ACCEPT
${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}--exit 0--
`,
  'ip6tables-legacy-S':
    '$ ip6tables-legacy -S\n-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n--exit 0--\n',
  'sysctl-icmp': '$ sysctl\nnet.ipv6.icmp.echo_ignore_all = 0\nnet.ipv6.icmp.ratelimit = 1000\n--exit 0--\n',
})
const outcomeOf = (gateway: string, ...rules: readonly string[]) => {
  const evaluation = evaluated(
    machine(gateway, ...rules),
    check(80, { kind: 'ping', port: null, ip: 'fd77:0:0:1::16' }),
    PROBER,
  )
  return outcomeIn(evaluation, PROBER)
}
const REJECT = '-j REJECT --reject-with icmp6-adm-prohibited'
const OF_LINK = '-s fe80::/10 -j RETURN'

it.each([
  ['is dropped: nobody knows', 'fd77:0:0:1::1', [OF_LINK, REJECT], 'unknown'],
  [
    'is let in: the rule decides',
    'fd77:0:0:1::1',
    [OF_LINK, '-s fd77:0:0:1::1/128 -j ACCEPT', REJECT],
    'rejected',
  ],
  ['comes from the link: the rule decides', 'fe80::1', [OF_LINK, REJECT], 'rejected'],
  ['is let in with everything', 'fd77:0:0:1::1', [], 'ok'],
])('the answer of the next hop %s', (_, gateway, rules, outcome) => {
  expect(outcomeOf(gateway, ...rules)).toBe(outcome)
})
