import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluateReport } from '../../src/app/guest-judge/index.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'

// A route that is missing cannot be deleted. One that leads away can.

const textOf = (name: string): string =>
  readFileSync(new URL(`../fixtures/guest-probe/${name}/probe.txt`, import.meta.url), 'utf8')

/** The healthy machine without its default route. */
const withoutDefault = (): string =>
  textOf('healthy')
    .replace(/^default via .*\n/m, '')
    .replace(/== routes-ip (\d+)/, (_, count: string) => `== routes-ip ${Number(count) - 1}`)

function findingOf(text: string, language: Language) {
  const found = evaluateReport({
    report: { kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null },
    target: null,
    sources: null,
    check: { kind: null, path: null, host: null, method: null, codes: null, timeoutSeconds: null },
    language,
  })
  if (found.refusal !== null) throw new Error(found.refusal)
  const finding = found.answer.findings.find(({ code }) => code === 'guest-kernel/no-route-back')
  if (finding === undefined) throw new Error('no finding of that code')
  return finding
}

const ADDS = 'ip route add default via'
const DELETES = { 'zh-CN': /删除|命中/, en: /delete|meet this/ }

describe.each(LANGUAGES)('in %s', (language) => {
  it('a missing route is to be added, through a gateway that has to be looked up', () => {
    const { detail, fix } = findingOf(withoutDefault(), language)
    expect(fix).toContain(ADDS)
    expect(`${detail}${fix}`).not.toMatch(DELETES[language])
  })

  it('a route that leads away is to be deleted', () => {
    const { fix } = findingOf(textOf('blackhole-route'), language)
    expect(fix).toMatch(DELETES[language])
    expect(fix).not.toContain(ADDS)
  })
})
