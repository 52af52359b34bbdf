import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerText, evaluateReport } from '../../src/app/guest-judge/index.ts'
import { factsOf } from '../../src/guest/index.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'

// Lines that somebody lost on the way are not tools that failed, and what the script was asked stands at its beginning.

const FOLDER = new URL('../fixtures/guest-probe/', import.meta.url)
const textOf = (recording: string): string =>
  readFileSync(new URL(`${recording}/probe.txt`, FOLDER), 'utf8').replace(/^path=.*/m, 'path=/healthz')

const reportOf = (text: string): GuestReport => ({
  kind: 'probe',
  text,
  by: 'hand',
  at: '2026-11-29T12:00:00.000Z',
  instanceId: null,
})

function evaluated(text: string, language: Language) {
  const found = evaluateReport({
    report: reportOf(text),
    target: null,
    sources: null,
    check: { kind: null, path: null, host: null, method: null, codes: null, timeoutSeconds: null },
    language,
  })
  if (found.refusal !== null) throw new Error(found.refusal)
  return { check: found.check, said: answerText(found.answer, found.check, language) }
}

const WITHOUT_REQUESTS = textOf('listen-127')
  .replace(/^request=.*\n/gm, '')
  .replace(/^host=.*/m, 'host=shop.example.com')
  .replace('kind=http\n', 'kind=http\ntimeout=3\n')

describe.each(LANGUAGES)('in %s', (language) => {
  it('an output without its requests is read with the check that it names', () => {
    const { check, said } = evaluated(WITHOUT_REQUESTS, language)
    expect(check).toMatchObject({
      kind: 'http',
      path: '/healthz',
      host: 'shop.example.com',
      timeoutSeconds: 3,
    })
    expect(said).toContain('/healthz')
  })

  it('no tool failed', () => {
    expect(evaluated(WITHOUT_REQUESTS, language).said).not.toMatch(/failed|执行失败/)
  })
})

it('kinds that no status code tells are read, too', () => {
  const text = WITHOUT_REQUESTS.replace('kind=http\n', 'kind=tcp\n')
  expect(evaluated(text, 'en').check.kind).toBe('tcp')
})

it('nothing is lost in a recording that has its end', () => {
  const lost = readdirSync(FOLDER, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .flatMap(({ name }) =>
      factsOf(reportOf(textOf(name)))
        .notSeen.filter(({ why }) => why === 'lost')
        .map(({ layer }) => `${name} ${layer}`),
    )
  expect(lost).toEqual([])
})
