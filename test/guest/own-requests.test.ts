import { describe, expect, it } from 'vitest'
import { check, evaluated, evaluatedProbe, folder, outcomeIn } from './recordings.ts'

// The machine's own requests pass OUTPUT, the probes PREROUTING. They tell of the probes only if both lead to one place.

const PROBER = '100.64.0.5'
const printed = (command: string, text: string): string => `$ ${command}\n${text}--exit 0--\n`
const nat = (...rules: readonly string[]): string =>
  printed(
    'iptables-save -c',
    ['*nat', ':PREROUTING ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules, 'COMMIT\n'].join('\n'),
  )
const REDIRECT = '[3:180] -A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080'
const AT_OUTPUT = '[3:180] -A OUTPUT -d 10.0.1.16/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080'

/** nginx listens on this port alone. What the own request to port 80 met is that of `recording`. */
const machine = (recording: string, port: number, ...rules: readonly string[]) => ({
  ...folder(recording).files,
  ...Object.fromEntries(
    ['ss', 'ss-header', 'ss-nop', 'netstat', 'netstat-p', 'busybox-netstat', 'proc-net-tcp'].map((name) => [
      name,
      '',
    ]),
  ),
  ss: printed('ss -H -lntu -p', `tcp LISTEN 0 511 0.0.0.0:${port} 0.0.0.0:* users:(("nginx",pid=7,fd=4))\n`),
  'iptables-save-c': nat(...rules),
})

describe('a REDIRECT of PREROUTING alone', () => {
  it('leaves the refusal of an own request without meaning', () => {
    const evaluation = evaluated(machine('service-down', 8080, REDIRECT), check(80, { kind: 'tcp' }), PROBER)
    expect(outcomeIn(evaluation, PROBER)).toBe('ok')
    expect(evaluation.reasons).toEqual([])
  })

  it('leaves the answer to an HTTP check unknown', () => {
    const evaluation = evaluated(machine('service-down', 8080, REDIRECT), check(80), PROBER)
    expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
    expect(evaluation.reasons).toEqual([])
  })

  it('leads to nobody, although port 80 answers the machine itself', () => {
    const evaluation = evaluated(machine('healthy', 80, REDIRECT), check(80), PROBER)
    expect(outcomeIn(evaluation, PROBER)).toBe('refused')
    expect(evaluation.reasons.map(({ code }) => code)).toEqual(['guest-port/not-listening'])
  })
})

it('a REDIRECT of OUTPUT, too, lets the own request tell of the probes', () => {
  const evaluation = evaluated(
    machine('http-404', 8080, REDIRECT, AT_OUTPUT),
    check(80, { httpCodes: 2 }),
    PROBER,
  )
  expect(outcomeIn(evaluation, PROBER)).toBe('wrong-answer')
  expect(evaluation.reasons.map(({ code }) => code)).toEqual(['guest-http/status-mismatch'])
})

it('HEAD that is refused where GET is answered says so, though the probe does not repeat its path', () => {
  const text = [
    'clb-doctor-probe 1',
    'target=10.0.1.16',
    'port=80',
    'protocol=tcp',
    'listen-list=ss',
    'listen.ss=tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=5))',
    'request=curl http HEAD 10.0.1.16 80 own 2000 0 160  code=405 connect=0.001 total=0.002',
    'request=curl http GET 10.0.1.16 80 near 2000 0 110  code=200 connect=0.001 total=0.002',
    'clb-doctor-probe end',
    '',
  ].join('\n')
  const evaluation = evaluatedProbe(text, check(80, { method: 'HEAD', httpCodes: 6 }), PROBER)
  expect(evaluation.reasons.map(({ code }) => code)).toEqual(['guest-http/head-not-supported'])
})
