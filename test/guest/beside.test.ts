import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// What decides beside filters, routes and sockets, in the output of the probe of a healthy machine.

const HEALTHY = readFileSync(new URL('../fixtures/guest-probe/healthy/probe.txt', import.meta.url), 'utf8')
const PROBER = '100.64.0.5'
const under = (facts: readonly string[], ...changes: readonly (readonly [string, string])[]) => {
  const text = changes.reduce((all, [from, to]) => all.replace(from, to), HEALTHY)
  const whole = text.replace('\n== ', `\n${facts.map((line) => `${line}\n`).join('')}== `)
  return evaluatedProbe(whole, check(80, { kind: 'tcp' }), PROBER)
}
const IPSEC = 'xfrm-policy=src 100.64.0.0/10 dst 10.0.1.16/32'

describe('what may take a probe beside the packet filters leaves it unknown, and is named', () => {
  it.each([
    ['xfrm', `${IPSEC} \\ dir in action block priority 0 ptype main \\`],
    [
      'xfrm',
      `${IPSEC} proto tcp dport 80 \\ dir in priority 0 \\ tmpl src 1.1.1.1 dst 10.0.1.16 \\ proto esp`,
    ],
    ['xfrm', 'xfrm-policy=src 10.0.1.16/32 dst 0.0.0.0/0 \\ dir out action block priority 0 \\'],
    ['tc', 'queue=eth0 12 tbf 8001: root refcnt 5 rate 96bit'],
    ['tc', 'queue=eth0 0 netem 8001: root refcnt 5 limit 1000 loss 100%'],
    ['routes', 'neighbour=10.0.1.1 dev eth0 FAILED'],
  ])('%s: %s', (layer, fact) => {
    const evaluation = under([fact])
    expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
    expect(evaluation.notSeen).toContainEqual(expect.objectContaining({ layer, why: 'not-understood' }))
  })

  it.each(['xfrm tool ip xfrm', 'arp tool arptables-legacy'])('%s', (line) => {
    const evaluation = under([`not-seen=${line}`])
    expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
    expect(evaluation.notSeen.map(({ layer }) => layer)).toContain(line.split(' ')[0])
  })
})

it.each([
  'xfrm-policy=src 192.0.2.0/24 dst 10.0.1.16/32 \\ dir in action block priority 0 \\',
  'xfrm-policy=src 100.64.0.0/10 dst 10.0.1.99/32 \\ dir in action block priority 0 \\',
  `${IPSEC} proto udp \\ dir in action block priority 0 \\`,
  `${IPSEC} \\ dir in priority 0 ptype main \\`,
  'queue=cni0 12 tbf 8001: root refcnt 5 rate 96bit',
  'queue=eth0 0 tbf 8001: root refcnt 5 rate 1Gbit',
  'neighbour=10.0.1.77 dev eth0 FAILED',
])('%s does nothing to probes', (fact) => {
  expect(outcomeIn(under([fact]), PROBER)).toBe('ok')
})
