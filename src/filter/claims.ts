import { type Share, share } from './divide.ts'
import { both, type Matched } from './matched.ts'
import type { Flow, Rule, Step, Verdict } from './program.ts'

/** A rule ends the way of what it matches of a flow. The claims before it may take some of that first. */
export interface Claim {
  readonly rule: Rule
  readonly verdict: Verdict
  readonly flow: Flow
  readonly matched: Matched
}

const ENDS: readonly Verdict['kind'][] = ['accept', 'drop', 'reset', 'reject', 'return', 'snat']

/** What a rule claims of these flows. Null: it does something else with some of them. */
export function claimsOf(rule: Rule, flows: readonly Flow[]): readonly Claim[] | null {
  const steps = rule.steps()
  const step = steps.find(({ kind }) => kind !== 'match')
  // It only counts.
  if (step === undefined) return []
  const verdict = step.kind === 'verdict' && ENDS.includes(step.verdict.kind) ? step.verdict : null
  const claims: Claim[] = []
  for (const flow of flows) {
    const matched = matchedBy(steps, 0, flow)
    if (matched === false) continue
    if (verdict === null) return null
    claims.push({ rule, verdict, flow, matched })
  }
  return claims
}

/** What the matches from here to the next other step match together. */
export function matchedBy(steps: readonly Step[], from: number, flow: Flow): Matched {
  let matched: Matched = true
  for (let i = from; matched !== false; i++) {
    const step = steps[i]
    if (step?.kind !== 'match') return matched
    matched = both(matched, step.test(flow))
  }
  return matched
}

/** Fewer claims than this wait for more. */
const FEW = 16

/** Are there so many claims that they are settled now? The more borders the flows have, the more it costs. */
export const areMany = (claims: readonly Claim[], flows: readonly Flow[]): boolean =>
  claims.length > FEW && claims.length > flows.reduce((sum, { sources }) => sum + sources.borders.length, 0)

/** What each claim gets, and what is left of the flows. */
export function settle(
  claims: readonly Claim[],
  flows: readonly Flow[],
): { readonly gains: ReadonlyMap<Claim, Share>; readonly left: readonly Flow[] } {
  const gains = new Map<Claim, Share>()
  const left = flows.flatMap((flow) => {
    const own = claims.filter((claim) => claim.flow === flow)
    if (own.length === 0) return flow
    const { shares, rest } = share(
      flow,
      own.map(({ matched }) => matched),
    )
    own.forEach((claim, i) => void gains.set(claim, shares[i] as Share))
    return rest ?? []
  })
  return { gains, left }
}
