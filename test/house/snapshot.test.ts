import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const FOLDER = new URL('../../src/snapshot/', import.meta.url)
const LONGEST = 60

const parse = (name: string, text: string): ts.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)

/** Every node of a file for which `pick` is true, with its line. */
function nodesOf(
  file: ts.SourceFile,
  pick: (node: ts.Node) => boolean,
): readonly (readonly [number, ts.Node])[] {
  const found: (readonly [number, ts.Node])[] = []
  const walk = (node: ts.Node): void => {
    if (pick(node)) found.push([lineOf(file, node.getStart(file)), node])
    node.forEachChild(walk)
  }
  walk(file)
  return found
}

const lineOf = (file: ts.SourceFile, position: number): number =>
  file.getLineAndCharacterOfPosition(position).line + 1

const longFunctions = (file: ts.SourceFile): readonly string[] =>
  nodesOf(file, ts.isFunctionLike)
    .filter(([line, node]) => lineOf(file, node.end) - line + 1 > LONGEST)
    .map(([line]) => `${file.fileName}:${line}`)

/** Numbers of waves in the code: `wave: 2`, `wave: wave + 1`, `where.wave + page`. */
const countedWaves = (file: ts.SourceFile): readonly string[] =>
  nodesOf(file, (node) => isWaveNumber(node) || isWaveSum(node)).map(
    ([line, node]) => `${file.fileName}:${line} ${node.getText(file)}`,
  )

const COUNTED = /\b(wave|depth|rootDepth)$/

const isWaveNumber = (node: ts.Node): boolean =>
  (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) &&
  COUNTED.test(node.name.getText()) &&
  node.initializer !== undefined &&
  ts.isNumericLiteral(node.initializer)

const isWaveSum = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node) &&
  (node.operatorToken.kind === ts.SyntaxKind.PlusToken ||
    node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) &&
  [node.left, node.right].some((side) => COUNTED.test(side.getText()))

const files = readdirSync(FOLDER).map((name) => parse(name, readFileSync(new URL(name, FOLDER), 'utf8')))

describe('the collectors', () => {
  it('have no function of more than 60 lines', () => {
    expect(files.flatMap(longFunctions)).toEqual([])
  })

  it('count waves in only one place', () => {
    expect(files.flatMap(countedWaves).map((found) => found.replace(/:\d+/, ''))).toEqual([
      'known.ts depth + 1',
    ])
  })
})

describe('the functions of this test', () => {
  const body = '  call()\n'
  it.each([
    ['a function', `function long() {\n${body.repeat(60)}}`],
    ['an arrow', `const long = () => {\n${body.repeat(60)}}`],
    ['a method', `class A {\nlong() {\n${body.repeat(60)}}\n}`],
  ])('find %s that is too long', (_, text) => {
    expect(longFunctions(parse('a.ts', text))).toHaveLength(1)
    expect(longFunctions(parse('a.ts', text.replace(body.repeat(3), '')))).toEqual([])
  })

  it.each([
    'ask({ region, wave: 2 })',
    'ask({ region, wave: wave + 1 })',
    'const next = where.wave + page',
    'wave += 1',
  ])('find the wave number in %s', (text) => {
    expect(countedWaves(parse('a.ts', text))).toHaveLength(1)
  })
})
