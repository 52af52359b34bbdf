import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// The script was asked about TCP 80 of 10.0.1.16 and the probes from 100.64.0.0/10. Of long lists it prints only what
// these can meet. About other probes such a list must say nothing.

const OUTPUT = readFileSync(new URL('../fixtures/guest-probe/healthy/probe.txt', import.meta.url), 'utf8')
  .replace(/^sources=.*$/m, 'sources=100.64.0.0/10')
  .replace(/^listen\.ss=tcp .*:80 .*$/m, (line) => `${line}\n${line.replace(':80 ', ':443 ')}`)
const PROBER = '100.64.0.5'
const UNTOLD = '203.0.113.7'

/** The output with another body of a section. */
function withSection(name: string, body: readonly string[], text = OUTPUT): string {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`== ${name} `))
  const count = at < 0 ? 0 : Number(lines[at]?.split(' ')[2]) + 1
  const to = at < 0 ? lines.indexOf('clb-doctor-probe end') : at
  return [...lines.slice(0, to), `== ${name} ${body.length}`, ...body, ...lines.slice(to + count)].join('\n')
}

const rules = (...own: readonly string[]) =>
  withSection('iptables', ['*filter', ':INPUT ACCEPT [0:0]', ...own, 'COMMIT'])
/** Three rules are not printed. */
const PRUNED = rules('~INPUT 3', '[1:60] -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT')
const WHOLE = rules('[1:60] -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT')

const told = (text: string, source = PROBER, port = 80) => {
  const evaluation = evaluatedProbe(text, check(port, { kind: 'tcp' }), source)
  return { outcome: outcomeIn(evaluation, source), notSeen: evaluation.notSeen, reasons: evaluation.reasons }
}

describe('a list of rules with some left out', () => {
  it('tells of the probes that the script was asked about', () => {
    expect(told(PRUNED).outcome).toBe('ok')
  })

  it.each([
    ['another port', PROBER, 443],
    ['another source', UNTOLD, 80],
  ])('says nothing of %s, and says so', (_, source, port) => {
    expect(told(PRUNED, source, port).outcome).toBe('unknown')
    expect(told(PRUNED, source, port).notSeen).toContainEqual({
      layer: 'iptables',
      why: 'pruned',
      what: 'iptables',
    })
    expect(told(WHOLE, source, port).outcome).toBe('ok')
  })

  it('says nothing of another protocol', () => {
    const pinged = (text: string) => {
      const evaluation = evaluatedProbe(text, check(80, { kind: 'ping', port: null }), PROBER)
      return outcomeIn(evaluation, PROBER)
    }
    expect([pinged(PRUNED), pinged(WHOLE)]).toEqual(['unknown', 'ok'])
  })

  it('proves nothing of a port on which nobody listens: a rule for it may have been left out', () => {
    const certaintiesOf = (text: string) => told(text, PROBER, 8443).reasons.map(({ certainty }) => certainty)
    expect(certaintiesOf(WHOLE)).toEqual(['certain'])
    expect(certaintiesOf(PRUNED)).not.toContain('certain')
  })

  it('still tells of the told ones among several sources', () => {
    const evaluation = evaluatedProbe(PRUNED, check(80, { kind: 'tcp' }), PROBER, UNTOLD)
    expect([PROBER, UNTOLD].map((source) => outcomeIn(evaluation, source))).toEqual(['ok', 'unknown'])
  })

  it('tells of nobody if the line with the sources is lost', () => {
    expect(told(PRUNED.replace(/^sources=.*\n/m, '')).outcome).toBe('unknown')
  })
})

it('routes without those that every machine has were pruned', () => {
  const text = withSection('routes-ip', [
    'default via 10.0.1.1 dev eth0 ',
    '10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.16 ',
    'local 10.0.1.16 dev eth0 table local proto kernel scope host src 10.0.1.16 ',
  ])
  expect([told(text).outcome, told(text, UNTOLD).outcome]).toEqual(['ok', 'unknown'])
})

it('sets of addresses have only the members that the told sources have', () => {
  const text = withSection('ipset', ['create own hash:ip family inet'], OUTPUT.replace('empty=ipset\n', ''))
  const matched = withSection(
    'iptables',
    ['*filter', ':INPUT ACCEPT [0:0]', '[1:60] -A INPUT -m set --match-set own src -j DROP', 'COMMIT'],
    text,
  )
  expect([told(matched).outcome, told(matched, UNTOLD).outcome]).toEqual(['ok', 'unknown'])
})

it('the table of IPVS has only the services of the port', () => {
  const text = withSection(
    'ipvs',
    [
      'IP Virtual Server version 1.2.1 (size=4096)',
      'Prot LocalAddress:Port Scheduler Flags',
      '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
    ],
    OUTPUT.replace('empty=ipvs\n', 'device=9: kube-ipvs0    inet 10.96.0.1/32 scope global\n'),
  )
  const codes = (port: number) => told(text, PROBER, port).reasons.map(({ code }) => code)
  expect([told(text, PROBER, 30_080).outcome, codes(30_080)]).toEqual(['unknown', []])
  expect(told(text).outcome).toBe('ok')
})
