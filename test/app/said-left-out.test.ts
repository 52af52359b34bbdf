import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerText, evaluateReport } from '../../src/app/guest-judge/index.ts'
import { notSeenText, observedText, unknownHop } from '../../src/diagnosis/unknown/index.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { guest, shop } from '../../src/simulator/base.ts'
import { findingOf } from '../support/findings.ts'
import { lookedInto } from '../support/guests.ts'
import { askSimulated } from '../support/simulated.ts'
import { healthCheck } from '../support/snapshots.ts'
import { fastClock, registered } from '../support/tat.ts'

// What is left out of a list, an output or a look is said, with its number where it has one.

const OUTPUT = readFileSync(
  new URL('../fixtures/guest-probe/ipt-tailscale-style/probe.txt', import.meta.url),
  'utf8',
)
const NOTHING = { kind: null, path: null, host: null, method: null, codes: null, timeoutSeconds: null }

describe.each(LANGUAGES)('in %s', (language) => {
  const isEnglish = language === 'en'

  function judged(text: string, sources: readonly string[] | null = null) {
    const report = { kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null } as const
    const evaluated = evaluateReport({ report, target: null, sources, check: NOTHING, language })
    if (evaluated.refusal !== null) throw new Error(evaluated.refusal)
    return { ...evaluated.answer, text: answerText(evaluated.answer, evaluated.check, language) }
  }

  it('sources of one outcome are three and a number', () => {
    const sources = ['100.64.0.1', '100.64.0.2', '100.64.0.3', '100.64.0.4', '100.64.0.5']
    const { outcomes, text } = judged(OUTPUT, sources)
    expect(outcomes).toHaveLength(5)
    expect(text).toContain('100.64.0.1/32 100.64.0.2/32 100.64.0.3/32 +2 ')
  })

  it('a list of rules that did not fit is named', () => {
    const left = OUTPUT.replace(/^second=yes$/m, 'second=yes\nnot-seen=nft left-out 400 lines')
    expect(left).not.toBe(OUTPUT)
    const words = isEnglish ? '400 lines was too long and left out' : '400 lines 太长，没有取回'
    expect(judged(left).notSeen.filter((line) => line.includes(words))).toHaveLength(1)
    expect(judged(OUTPUT).notSeen.join()).not.toContain(isEnglish ? 'left out' : '没有取回')
  })

  it('an output without its end says so, in the answer and in the finding', () => {
    const cut = OUTPUT.replace('clb-doctor-probe end\n', '')
    const { notSeen, findings } = judged(cut)
    expect(notSeen[0]).toContain(isEnglish ? 'cut before its end marker' : '在结束标记之前被截断')
    expect(findings.map(({ detail }) => detail).join()).toContain(
      isEnglish ? 'is not complete' : '取回的内容不完整',
    )
    expect(judged(OUTPUT).notSeen.join()).not.toContain(isEnglish ? 'end marker' : '结束标记')
  })

  it('machines that were not looked into are named, with the limits', async () => {
    const { world, machines } = shop()
    for (const own of machines) own.guest = guest(8080, { listens: [] })
    const { diagnosis } = await askSimulated(registered(world), {
      clock: fastClock(),
      language,
      looks: { inGuest: 'registered' },
    })
    const told = diagnosis.gaps.filter(({ why }) => /at most 3|最多看 3 台/.test(why)).map(({ what }) => what)
    expect(told).toEqual([expect.stringMatching(/10\.0\.1\.19:8080[,、] ?10\.0\.1\.20:8080/)])
    expect(told.join()).not.toContain('10.0.1.16')
  })

  it('machines of one finding are ten and a number', () => {
    const hosts = Array.from({ length: 12 }, (_, i) => 16 + i)
    const reason = {
      code: 'guest-port/not-listening',
      outcome: 'refused',
      params: { listening: ['0.0.0.0:22'] },
    } as const
    const diagnosis = lookedInto(
      {
        machines: hosts.map((host) => ({ host, status: 'Dead' })),
        listener: { healthCheck: healthCheck() },
        inside: Object.fromEntries(hosts.map((host) => [host, { reasons: [reason] }])),
      },
      language,
    )
    const { detail } = findingOf(diagnosis, reason.code)
    expect(detail).toContain('10.0.1.25')
    expect(detail).not.toContain('10.0.1.26')
    expect(detail).toContain(isEnglish ? 'and 2 more' : '等 12 项')
  })

  it('peers that an observation names are three and a number', () => {
    const peers = ['100.64.0.1', '100.64.0.2', '100.64.0.3', '100.64.0.4', '100.64.0.5']
    const said = observedText(
      { code: 'guest-observed', observed: { kind: 'half-open', peers }, port: 80 },
      language,
    )
    expect(said).toContain('100.64.0.3')
    expect(said).not.toContain('100.64.0.4')
    expect(said).toContain(isEnglish ? '2 more' : '另有 2 项')
  })

  it('things that leave a hop open are two and a number', () => {
    const notes = ['owner-unknown', 'no-groups', 'check-unknown', 'protocol-unknown'].map(
      (code) => ({ code }) as never,
    )
    const hop = { stage: 'security-group', verdict: 'unknown', notes, findings: [] } as const
    const open = unknownHop(hop, '10.0.1.16', { clb: 'lb-1', region: 'ap-guangzhou', language })
    expect(open?.reason).toContain(isEnglish ? '2 more' : '另有 2 项')
  })

  it('a layer that was too long is named in the gap of a backend', () => {
    const said = notSeenText({ layer: 'nft', why: 'left-out', what: 'nft' }, language)
    expect(said).toContain(isEnglish ? 'too long, left out' : '太长')
  })
})
