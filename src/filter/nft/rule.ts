import type { Step } from '../program.ts'
import { MAYBE } from '../tests.ts'
import { takeMatch } from './matches.ts'
import { skipToEffect, takeStatement } from './statements.ts'
import type { NftTable } from './text.ts'
import { Cursor, type Token } from './tokens.ts'

const MATCH_MAYBE: Step = { kind: 'match', test: MAYBE }

/** Compiles one rule: its matches and statements in order. Words that are not understood may match. */
export function compileRule(tokens: readonly Token[], raw: string, table: NftTable): readonly Step[] {
  const cursor = new Cursor(tokens)
  const steps: Step[] = table.isOfIptables && hasBlank(raw) ? [MATCH_MAYBE] : []
  while (!cursor.isAtEnd()) {
    const statement = takeStatement(cursor, table)
    if (statement) {
      steps.push(...statement)
      continue
    }
    const match = takeMatch(cursor, table)
    steps.push(match ?? MATCH_MAYBE)
    if (match !== null) continue
    skipToEffect(cursor)
    // Which of its verdicts a map gives for a key that is not understood, nobody can tell.
    if (cursor.take('vmap')) return [...steps, { kind: 'verdict', verdict: { kind: 'unclear' } }]
  }
  return steps
}

/** nft prints rules of iptables in its own words. Where it has none, it leaves a blank, and prints the rest. */
const hasBlank = (raw: string): boolean => /^ | {2}| $/.test(raw.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
