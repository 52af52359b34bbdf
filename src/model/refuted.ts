import type { Finding, Hop } from './diagnosis.ts'

/** The rules that healthy backends refute, and that explain nothing. */
export type Refuted = ReadonlySet<string>

const ruleKey = ({ id, ruleIndex }: NonNullable<Hop['decidedBy']>): string => `${id} ${ruleIndex ?? '-'}`

export const refutedIn = (findings: readonly Finding[]): Refuted =>
  new Set(
    findings
      .filter(({ contradictedBy, explains }) => contradictedBy.length > 0 && explains.length === 0)
      .flatMap(({ resources }) => resources.map(ruleKey)),
  )

/** Would a rule block here that healthy backends refute? */
export const isRefuted = ({ verdict, decidedBy }: Hop, refuted: Refuted): boolean =>
  (verdict === 'block' || verdict === 'partial') && decidedBy != null && refuted.has(ruleKey(decidedBy))
