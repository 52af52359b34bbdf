import { readdirSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { lineOf, sources, walk } from './sources.ts'

const rooms = readdirSync(new URL('../../src/', import.meta.url), { withFileTypes: true })

describe('src/', () => {
  it('has only folders', () => {
    expect(rooms.filter((item) => !item.isDirectory()).map(({ name }) => name)).toEqual([])
  })

  const folders = rooms.filter((item) => item.isDirectory()).map(({ name }) => name)

  it.each(folders)('%s has a comment of at least three lines in its main file', (room) => {
    const front = [`${room}/index.ts`, `${room}/${room}.ts`].flatMap((path) =>
      sources.filter((source) => source.path === path),
    )
    const comments = front.flatMap(({ text }) => text.match(/^\/\/ .*(?:\n\/\/ .*)*/gm) ?? [])
    const longest = Math.max(0, ...comments.map((comment) => comment.split('\n').length))
    expect(longest, `${room}: three lines of comment in index.ts or ${room}.ts`).toBeGreaterThanOrEqual(3)
  })
})

const MOST_WIDE_FUNCTIONS = 6

it('src/ has at most six functions with six parameters or more', () => {
  const wide = sources.flatMap((source) => {
    const found: string[] = []
    walk(source.tree, (node) => {
      if (ts.isFunctionLike(node) && node.parameters.length >= 6) found.push(lineOf(source, node))
    })
    return found
  })
  expect(wide.length, wide.join(', ')).toBeLessThanOrEqual(MOST_WIDE_FUNCTIONS)
})

// One word per thing. Each of these words had two meanings, or was a second word for one thing.
const GONE = [
  ['way', 'ways', 'Way', 'road', 'roads', 'Road', 'ccnRoute or CcnRoundTrip; in the simulator packets'],
  ['beyond', 'Beyond', 'behindCcn'],
  ['across', 'Across', 'otherRegion'],
  ['Seen', 'Unseen', 'TargetLocation, Resolved'],
  ['surroundings', 'Surroundings', 'AppContext, TargetLocation or the snapshot'],
  ['departure', 'departures', 'Departure', 'departuresTo', 'SnatSubnetAcl'],
  ['obstacle', 'Obstacle', 'obstacleText', 'obstaclesOf', 'firstObstacle', 'LookupFailure or blockingRule'],
  ['judge', 'judged', 'Judge', 'a verb for what it does: diagnose, evaluate, assignRoles'],
  ['assess', 'assessment', 'Assessment', 'AssessedTarget', 'AssessedPool', 'path'],
  ['network', 'Network', 'rules'],
  ['fleet', 'Fleet', 'scan'],
  ['acceptance', 'Acceptance', 'acceptances', 'expected'],
  ['takeIn', 'intake', 'Intake', 'parseAlarm'],
  ['sink', 'sinks', 'Sink', 'SinkAddress', 'receiver'],
  ['covers', 'Cover', 'targets of a finding; contains for sets'],
] as const

/** Old words for a text in a language. `t()` replaces them. Only text/ itself may use them, for example `fill`. */
const TEXT_WORDS = ['said', 'say', 'fill', 'word', 'tell', 'spoken', 'sayer', 'sayerOf']

/** The names that other files can see: top-level declarations, exports, members of interfaces and types. */
function namesIn(tree: ts.SourceFile): readonly ts.Identifier[] {
  const found: ts.Identifier[] = []
  const keep = (name: ts.Node | undefined): void => {
    if (name && ts.isIdentifier(name)) found.push(name)
  }
  for (const statement of tree.statements) {
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) keep(name)
    else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    )
      keep(statement.name)
    else if (ts.isExportDeclaration(statement) && statement.exportClause)
      if (ts.isNamedExports(statement.exportClause))
        for (const { name } of statement.exportClause.elements) keep(name)
  }
  walk(tree, (node) => {
    if (ts.isPropertySignature(node) || ts.isMethodSignature(node)) keep(node.name)
  })
  return found
}

it('src/ calls each thing by one word', () => {
  const gone = new Set<string>(GONE.flatMap((row) => row.slice(0, -1)))
  const isGone = (path: string, name: string): boolean =>
    gone.has(name) || (TEXT_WORDS.includes(name) && !path.startsWith('text/'))
  const found = sources.flatMap((source) =>
    namesIn(source.tree)
      .filter(({ text }) => isGone(source.path, text))
      .map((name) => `${lineOf(source, name)} ${name.text}`),
  )
  expect(found.join('\n')).toBe('')
})
