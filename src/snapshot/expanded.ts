import type { SecurityMatch, SecurityRule } from '../model/snapshot.ts'

/** A row of a group's rules with the templates written out. */
export type ExpandedRow = SecurityMatch & Pick<SecurityRule, 'index' | 'action'>

/**
 * Assigns the expanded rows to the rules that name templates, so that a finding can still show the rule as the console
 * does. It is not documented whether a row keeps the index of its rule (platform facts A). If an index comes twice,
 * rows keep it; otherwise they are assigned in order. A template is never empty, so a rule without a row means that
 * rows are missing. Null if the assignment is not unique; the templates are then read.
 */
export function withRows(
  rules: readonly SecurityRule[],
  rows: readonly ExpandedRow[],
): readonly SecurityRule[] | null {
  const inOrder = [...rules].sort((a, b) => a.index - b.index)
  const laid = [...rows].sort((a, b) => a.index - b.index)
  const keepsIndex = new Set(laid.map(({ index }) => index)).size < laid.length
  const counts = keepsIndex ? countsByIndex(inOrder, laid) : countsInOrder(inOrder, laid)
  if (counts === null) return null
  let from = 0
  return inOrder.map((rule, i) => {
    const own = laid.slice(from, from + (counts[i] ?? 0))
    from += own.length
    return namesTemplate(rule) ? { ...rule, expanded: own.map(matchOf) } : rule
  })
}

export const namesTemplate = ({ address, service }: SecurityMatch): boolean =>
  address !== null || service !== null

const matchOf = ({ index, action, ...match }: ExpandedRow): SecurityMatch => match

/** The number of rows per rule, by index. Null if a row does not fit its rule. */
function countsByIndex(
  rules: readonly SecurityRule[],
  rows: readonly ExpandedRow[],
): readonly number[] | null {
  const counts = rules.map((rule) => {
    const own = rows.filter(({ index }) => index === rule.index)
    const isWhole = namesTemplate(rule) ? own.length > 0 : own.length === 1
    return isWhole && own.every((row) => fits(row, rule)) ? own.length : null
  })
  const all = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
  return counts.every((count) => count !== null) && all === rows.length ? counts : null
}

/** The number of rows per rule, by order. Null if there is not exactly one assignment. */
function countsInOrder(
  rules: readonly SecurityRule[],
  rows: readonly ExpandedRow[],
): readonly number[] | null {
  // layouts[i][j]: the number of ways to assign the rows from j on to the rules from i on. 2 means two or more.
  const layouts: number[][] = [...rules.map(() => []), [...rows.map(() => 0), 1]]
  const at = (i: number, j: number): number => layouts[i]?.[j] ?? 0
  for (const [i, rule] of [...rules.entries()].reverse()) {
    // The same for the case that rule i already has rows and may take more.
    let begun = namesTemplate(rule) ? at(i + 1, rows.length) : 0
    for (const [j, row] of [...rows.entries()].reverse()) {
      const isOwn = fits(row, rule)
      ;(layouts[i] as number[])[j] = isOwn ? (namesTemplate(rule) ? begun : at(i + 1, j + 1)) : 0
      begun = Math.min(2, at(i + 1, j) + (isOwn ? begun : 0))
    }
  }
  if (at(0, 0) !== 1) return null
  let j = 0
  return rules.map((rule, i) => {
    const from = j++
    if (namesTemplate(rule)) while (at(i + 1, j) === 0) j++
    return j - from
  })
}

/** Can the row come from the rule? Everything that the rule sets itself must be equal. */
function fits(row: ExpandedRow, rule: SecurityRule): boolean {
  const same = (a: string | null, b: string | null): boolean => a?.toLowerCase() === b?.toLowerCase()
  const sameService = same(row.protocol, rule.protocol) && same(row.port, rule.port)
  const sameSource =
    same(row.cidr, rule.cidr) &&
    same(row.ipv6Cidr, rule.ipv6Cidr) &&
    same(row.sourceGroupId, rule.sourceGroupId)
  return (
    same(row.action, rule.action) &&
    !namesTemplate(row) &&
    (rule.service !== null || sameService) &&
    (rule.address !== null || sameSource)
  )
}
