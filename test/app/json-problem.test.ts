import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JsonMistake, jsonProblem } from '../../src/app/json-problem.ts'

/** The mistake, its line and its column. */
const problemIn = (text: string): string => {
  const found = jsonProblem(text)
  if (found === null) return 'JSON'
  const { mistake, line, column, meant } = found
  return [mistake, `${line}:${column}`, ...(meant === '' ? [] : [meant])].join(' ')
}

describe('a text that is not JSON', () => {
  it.each<[string, string]>([
    ['', 'empty 1:1'],
    [' \n', 'empty 2:1'],
    ['receivers:\n  a: b', 'start 1:1'],
    ['{\n  "a": 1,\n}', 'trailing 2:9'],
    ['[1, 2, ]', 'trailing 1:6'],
    ['{"a": 1,, "b": 2}', 'key 1:9'],
    ['{,}', 'key 1:2'],
    ['[,]', 'value 1:2'],
    ['{\r\n  // shop\r\n  "a": 1}', 'comment 2:3'],
    ['{"a": /* shop */ 1}', 'comment 1:7'],
    ['# shop\n{}', 'comment 1:1'],
    ["{'a': 1}", 'instead 1:2 "'],
    ['{“a”: 1}', 'instead 1:2 "'],
    ['{"a"：1}', 'instead 1:5 :'],
    ['{"中文": 1，"b": 2}', 'instead 1:9 ,'],
    ['{"😀": 1; "b": 2}', 'instead 1:8 ,'],
    ['{"a" = 1}', 'instead 1:6 :'],
    ['{a: 1}', 'bare 1:2'],
    ['{"a": True}', 'bare 1:7'],
    ['{"a": oncall}', 'bare 1:7'],
    ['{"a" 1}', 'colon 1:6'],
    ['{"a"}', 'colon 1:5'],
    ['{\n"a": 1\n"b": 2}', 'comma 3:1'],
    ['["a" "b"]', 'comma 1:6'],
    ['{"a": 01}', 'comma 1:8'],
    ['{"a": [1}', 'closer 1:9 ]'],
    ['{"a": 1]', 'closer 1:8 }'],
    ['{"a": }', 'value 1:7'],
    ['{"a": .5}', 'value 1:7'],
    ['{"a": 1}}', 'rest 1:9'],
    ['{}\n{}', 'rest 2:1'],
    ['{"a": [{"b": 1', 'short 1:15 }]}'],
    ['{"a":', 'short 1:6 }'],
    ['{"a": "b,\n "c": 1}', 'open 1:7'],
    ['{"a": "b', 'open 1:7'],
    ['{"a\tb": 1}', 'control 1:4'],
    ['{"a": "C:\\temp\\x"}', 'escape 1:15'],
    ['{"a": "\\u12"}', 'escape 1:8'],
    ['\ufffd\ufffd{\u0000}\u0000', 'encoding 1:1'],
    ['{\u0000"', 'encoding 1:2'],
  ])('%j has its mistake at %s', (text, problem) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(problemIn(text)).toBe(problem)
  })

  const SIGNS = [...'{}[]:,"\'/\\ \n\t#x10-.e“，\u0000\u007f', 'true', 'null', '\\u00e9', '\\n']
  const jsonText = fc.json({ maxDepth: 4 })
  const mutated = fc
    .tuple(jsonText, fc.nat(), fc.nat(3), fc.array(fc.constantFrom(...SIGNS), { maxLength: 3 }))
    .map(([text, at, cut, signs]) => {
      const from = at % (text.length + 1)
      return text.slice(0, from) + signs.join('') + text.slice(from + cut)
    })
  const soup = fc.array(fc.constantFrom(...SIGNS), { maxLength: 12 }).map((signs) => signs.join(''))

  function offsetOf(
    text: string,
    { line, column }: { readonly line: number; readonly column: number },
  ): number {
    const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/)
    const before = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('')
    return lines.slice(0, line - 1).join('').length + before.length
  }

  /** The message of JSON.parse. Null: it is JSON. */
  function refusal(text: string): string | null {
    try {
      JSON.parse(text)
      return null
    } catch (error) {
      return String(error)
    }
  }

  it('is what JSON.parse refuses, at the same place where that names one', () => {
    // These stand where the mistake was made. JSON.parse names the place where it noticed.
    const earlier: readonly JsonMistake[] = ['trailing', 'open']
    fc.assert(
      fc.property(fc.oneof(jsonText, mutated, soup), (text) => {
        const refused = refusal(text)
        const found = jsonProblem(text)
        expect(found === null).toBe(refused === null)
        const at = /at position (\d+)/.exec(refused ?? '')?.[1]
        if (!found || at === undefined || earlier.includes(found.mistake)) return
        // Of a word, a number or an escape, the beginning is named here, and there the sign that does not belong to it.
        const between = text.slice(offsetOf(text, found), Number(at))
        expect([text, between]).toEqual([text, expect.stringMatching(/^(?:[-+.\w]*|\\\w*)$/)])
        expect(offsetOf(text, found)).toBeLessThanOrEqual(Number(at))
      }),
      { numRuns: 5_000 },
    )
  })
})
