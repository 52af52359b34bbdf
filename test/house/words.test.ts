import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

// Comments, docs and the names of tests are in plain English. These phrases do not come back; a tired reader has to decode
// them. Texts of the product have their own rules (zh-CN.ts, en.ts), and so has a test that quotes one of them.

const PHRASES = [
  /\bfor want of\b/i,
  /\bis none\b/i,
  /\bsuch as are\b/i,
  /\bis no \w+ of\b/i,
  /\bkeeps? .* down as well\b/i,
  /\bwhat else a\b/i,
  /\bis to be told\b/i,
  /\bsuch (?:a|an) one\b/i,
  /\bwhat is not (?:here|there|such)\b/i,
  /\bhow they fare\b/i,
  /\bhad (?:anybody|nobody)\b/i,
  /\bhangs? on\b/i,
  /\bby this door\b/i,
  /\banswers? (?:nobody|otherwise)\b/i,
  /\bwhatever carries\b/i,
  /\bhas them not\b/i,
]

const root = new URL('../../', import.meta.url)
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|mjs|cjs|md|yml)$|^\.ci\/run$/.test(file))
  .filter((file) => !/\/(zh-CN|en)\.ts$|^test\/fixtures\/|^test\/house\/words\.test\.ts$/.test(file))

/** Comments and prose; of a test also the names of its cases. */
function proseOf(file: string, text: string): readonly string[] {
  const lines = text.split('\n')
  if (!/\.(ts|mjs|cjs)$/.test(file)) return lines
  return lines.map((line) => {
    const comment = /(?:^\s*|\s)(?:\/\/|\/\*\*?|\*)\s(.*)/.exec(line)?.[1] ?? ''
    const name = /\b(?:it|describe)(?:\.each\(.*\))?\(\s*(['"`].*)/.exec(line)?.[1] ?? ''
    return `${comment} ${name}`
  })
}

it('says nothing in phrases that a tired reader has to decode', () => {
  const found = files.flatMap((file) =>
    proseOf(file, readFileSync(new URL(file, root), 'utf8')).flatMap((line, i) =>
      PHRASES.some((phrase) => phrase.test(line)) ? `${file}:${i + 1}: ${line.trim()}` : [],
    ),
  )
  expect(found).toEqual([])
})
