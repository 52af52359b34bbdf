import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { lineOf, parsed, type Source, walk } from './sources.ts'

// Comments, docs and the names of tests are in plain English. A tired reader has to decode these phrases, so they do not
// come back. Texts of the product (zh-CN.ts, en.ts) have rules of their own, and so do tests that quote them.

const PHRASES = [
  /\bfor want of\b/i,
  /\bis none\b/i,
  /\bsuch as are\b/i,
  /\bis no \w+ of\b/i,
  /\bkeeps? .* down as well\b/i,
  /\bwhat else a\b/i,
  /\bis to be told\b/i,
  /\bsuch (?:a|an) one\b/i,
  /\bwhat (?:is|was) not\b/i,
  /\bhow they fare\b/i,
  /\bhad (?:anybody|nobody)\b/i,
  /\bhangs? on\b/i,
  /\bby this door\b/i,
  /\banswers? (?:nobody|otherwise)\b/i,
  /\bwhatever carries\b/i,
  /\bhas (?:it|them) not\b/i,
  /\bunless told\b/i,
  /\bnone of (?:which|them|whom)\b/i,
  /\bitself for\b/i,
  /\bnothing speaks\b/i,
  /\bof (?:its|their) own making\b/i,
  /\bwhoever\b/i,
  /\bthe like\b/i,
  /\bfor ever\b/i,
  /\bis (?:not said|spoken)\b/i,
  /\bsaid (?:of|to)\b/i,
  /\bwhose every\b/i,
  /\bat odds\b/i,
  /\bsave for\b/i,
]

const root = new URL('../../', import.meta.url)
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|mjs|cjs|md|yml)$|^\.ci\/run$/.test(file))
  .filter((file) => !/\/(zh-CN|en)\.ts$|^test\/fixtures\/|^test\/house\/words\.test\.ts$/.test(file))

interface Prose {
  /** `test/cloud/rate.test.ts:12` */
  readonly at: string
  readonly text: string
}

function proseOf(path: string, text: string): readonly Prose[] {
  const lines = text.split('\n').map((line, i) => ({ at: `${path}:${i + 1}`, text: line }))
  if (!/\.(ts|mjs|cjs)$/.test(path)) return lines
  const comments = lines.map(({ at, text }) => ({
    at,
    text: /(?:^\s*|\s)(?:\/\/|\/\*\*?|\*)\s(.*)/.exec(text)?.[1] ?? '',
  }))
  return path.startsWith('test/') ? [...comments, ...namesOf(parsed(path, text))] : comments
}

/** The names of the suites and cases of a test: the first argument of `it(…)`, `describe(…)` or `it.each(…)(…)`. */
function namesOf(test: Source): readonly Prose[] {
  const names: Prose[] = []
  walk(test.tree, (node) => {
    if (!ts.isCallExpression(node) || !/^(?:it|test|describe)\b/.test(node.expression.getText())) return
    const [name] = node.arguments
    if (name && (ts.isStringLiteral(name) || ts.isTemplateLiteral(name)))
      names.push({ at: lineOf(test, name), text: name.getText() })
  })
  return names
}

it('src, tests and docs have no phrase that a tired reader has to decode', () => {
  const found = files.flatMap((file) =>
    proseOf(file, readFileSync(new URL(file, root), 'utf8'))
      .filter(({ text }) => PHRASES.some((phrase) => phrase.test(text)))
      .map(({ at, text }) => `${at}: ${text.trim()}`),
  )
  expect(found).toEqual([])
})
