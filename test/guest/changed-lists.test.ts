import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// The output of guest/probe.sh on a machine whose iptables drops 100.64.0.0/10, with a part of its lists lost.

const OUTPUT = readFileSync(new URL('../fixtures/probe/ipt-drop-100-64.txt', import.meta.url), 'utf8')
const [DROPPED, LET_IN] = ['100.64.0.5', '10.0.0.10']
const outcomesOf = (output: string) => {
  const evaluation = evaluatedProbe(output, check(80), DROPPED, LET_IN)
  return [outcomeIn(evaluation, DROPPED), outcomeIn(evaluation, LET_IN)]
}

/** The output with another body of a section. Null: without the section. */
function withSection(name: string, body: readonly string[] | null): string {
  const lines = OUTPUT.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`== ${name} `))
  const count = Number(lines[at]?.split(' ')[2])
  const own = body === null ? [] : [`== ${name} ${body.length}`, ...body]
  return [...lines.slice(0, at), ...own, ...lines.slice(at + 1 + count)].join('\n')
}

it('a whole output tells who is dropped', () => {
  expect(outcomesOf(OUTPUT)).toEqual(['timeout', 'ok'])
})

describe('a list of iptables that has changed between the samples', () => {
  it('counts as it was first, and no counter of it is known to move', () => {
    const output = withSection('moved-iptables', ['changed'])
    expect(outcomesOf(output)).toEqual(['timeout', 'ok'])
    const { reasons } = evaluatedProbe(output, check(80), DROPPED)
    expect(reasons.map(({ code, certainty }) => [code, certainty])).toEqual([
      ['guest-firewall/probe-dropped', 'likely'],
    ])
  })

  it('counts as it was first if its second counters were lost', () => {
    expect(outcomesOf(withSection('moved-iptables', null))).toEqual(['timeout', 'ok'])
  })
})

it.each(['left-out 300 lines', 'failed iptables-save', 'tool iptables-save', 'permission iptables-save'])(
  'a list of iptables that did not come through is not replaced by that of nft, from which the probe took it out: %s',
  (why) => {
    const output = withSection('iptables', null).replace('\nport=', `\nnot-seen=iptables ${why}\nport=`)
    expect(outcomesOf(output)).toEqual(['unknown', 'unknown'])
  },
)

it('an output that was cut within the list of sockets names nobody that does not listen', () => {
  const lines = OUTPUT.split('\n')
  const first = lines.findIndex((line) => line.startsWith('listen.ss='))
  for (const length of [first, first + 1]) {
    const { reasons } = evaluatedProbe(lines.slice(0, length).join('\n'), check(80), DROPPED)
    expect(reasons).toEqual([])
  }
})

describe('tcp_tw_recycle', () => {
  const recycling = (before: number, after: number): string =>
    withSection('iptables', [])
      .replace('\nport=', '\nsysctl.net.ipv4.tcp_tw_recycle=1\nport=')
      .replace(/^count1\.PAWSPassive=.*\n/gm, '')
      .replace(/^count2\.PAWSPassive=.*\n/gm, '')
      .replace('\nport=', `\ncount1.PAWSPassive=${before}\ncount2.PAWSPassive=${after}\nport=`)

  it('is likely where the kernel drops connections by their time stamp meanwhile', () => {
    const evaluation = evaluatedProbe(recycling(7, 9), check(80), DROPPED)
    expect(evaluation.reasons.map(({ code, certainty }) => [code, certainty])).toEqual([
      ['guest-kernel/tw-recycle', 'likely'],
    ])
    expect(outcomeIn(evaluation, DROPPED)).toBe('unknown')
  })

  it('is nothing where the kernel drops none', () => {
    expect(evaluatedProbe(recycling(7, 7), check(80), DROPPED).reasons).toEqual([])
  })
})
