import { expect, it } from 'vitest'
import { check, evaluated, folder, outcomeIn } from './recordings.ts'

// A rule of DNAT leads to 127.0.0.1, as random machine 1004 had it: everybody met silence.

const PROBER = '100.64.0.5'
const { files: FILES } = folder('healthy')
const machine = (localnet: string, to = '127.0.0.1:80') => ({
  ...FILES,
  'iptables-save': `$ iptables-save
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination ${to}
COMMIT
--exit 0--
`,
  'iptables-save-c': '',
  'iptables-nat-S': '',
  nft: '$ nft list ruleset\n--exit 0--\n',
  'sysctl-rp_filter': FILES['sysctl-rp_filter']?.replace('--exit', `${localnet}--exit`) ?? '',
})
const ofBoth = (all: number, own: number): string =>
  `net.ipv4.conf.all.route_localnet = ${all}\nnet.ipv4.conf.eth0.route_localnet = ${own}\n`

it.each([
  ['nothing is known', '', 'unknown'],
  ['it is off', ofBoth(0, 0), 'unknown'],
  ['that of the device is on', ofBoth(0, 1), 'ok'],
  ['that of all is on', ofBoth(1, 0), 'ok'],
])('what goes to the loopback address depends on route_localnet: %s', (_, localnet, outcome) => {
  const evaluation = evaluated(machine(localnet), check(80, { kind: 'tcp' }), PROBER)
  expect(outcomeIn(evaluation, PROBER)).toBe(outcome)
  if (outcome === 'unknown') expect(evaluation.parts[0]?.decidedBy).toContain('route_localnet')
})

it('what goes to another address of the machine does not', () => {
  expect(
    outcomeIn(evaluated(machine(ofBoth(0, 0), '10.0.1.16:80'), check(80, { kind: 'tcp' }), PROBER), PROBER),
  ).toBe('ok')
})
