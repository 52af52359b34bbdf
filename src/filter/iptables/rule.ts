import type { Step, Table } from '../program.ts'
import { type MatchContext, testOf } from './matches.ts'
import { targetSteps } from './targets.ts'
import { optionsOf } from './words.ts'

/** Compiles one rule: all matches, then the target. */
export function compileRule(text: string, table: Table, context: MatchContext): readonly Step[] {
  const options = optionsOf(text)
  const target = targetSteps(options, table)
  return target.length === 0 ? [] : [{ kind: 'match', test: testOf(options, context) }, ...target]
}
