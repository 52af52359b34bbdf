import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

const SRC = new URL('../../src/', import.meta.url)

export interface Source {
  /** `app/config.ts` for a file of src/ */
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
}

export function parsed(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
}

/** Every TypeScript file of src/, parsed. */
export const sources: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((path) => parsed(path, readFileSync(new URL(path, SRC), 'utf8')))

/** Calls `visit` for every node of a file. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

export const lineOf = ({ path, tree }: Source, node: ts.Node): string =>
  `${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
