import { areMany, type Claim, claimsOf, matchedBy, settle } from './claims.ts'
import { type Share, share } from './divide.ts'
import { merged, ownOf } from './flow.ts'
import type {
  Chain,
  Decision,
  DnatChoice,
  Doubt,
  Flow,
  Rule,
  Step,
  Verdict,
  VerdictChoice,
} from './program.ts'
import { located } from './wording.ts'

/** Chains that jump to one another without end, or more flows than this, are not followed. */
const MOST_STEPS = 5_000_000
const DEEPEST = 64

/** The state of one evaluation: what was decided until now, and the doubts in the order in which they came up. */
export class Walk {
  readonly decisions: Decision[] = []
  readonly doubts = new Map<Doubt, Flow>()
  private readonly ofRule = new Map<Rule, Doubt>()
  private steps = 0

  decide(
    flow: Flow,
    verdict: Decision['verdict'],
    by: Rule | Chain | null,
    rejectWith: string | null = null,
  ): void {
    this.decisions.push({ flow, sources: flow.sources, verdict, rejectWith, by })
  }

  /** The part of a flow for which a rule is taken to match. */
  doubtful(flow: Flow, doubt: Doubt): Flow {
    if (!this.doubts.has(doubt)) this.doubts.set(doubt, flow)
    return flow.doubts.includes(doubt) ? flow : { ...flow, doubts: [...flow.doubts, doubt] }
  }

  doubtOf(rule: Rule): Doubt {
    const known = this.ofRule.get(rule)
    if (known) return known
    const doubt: Doubt = { rule, text: located(rule) }
    this.ofRule.set(rule, doubt)
    return doubt
  }

  isExhausted(): boolean {
    return ++this.steps > MOST_STEPS
  }
}

/** What becomes of flows in a chain: they are accepted, or come to its end. Dropped ones are in the walk. */
interface Passage {
  readonly accepted: Flow[]
  readonly ended: Flow[]
}

/** A rule at work. `next`: the flows that go on to the next rule. */
interface Work extends Passage {
  readonly walk: Walk
  readonly rule: Rule
  readonly depth: number
  readonly next: Flow[]
}

export function walkChain(walk: Walk, chain: Chain, flows: readonly Flow[], depth = 0): Passage {
  const passage: Passage = { accepted: [], ended: [] }
  const workOf = (rule: Rule): Work => ({ walk, rule, depth, next: [], ...passage })
  let open = flows
  let claims: Claim[] = []
  const carryOutClaims = (): void => {
    if (claims.length > 0) open = settled(claims, open, workOf)
    claims = []
  }
  for (const rule of chain.rules) {
    if (open.length === 0) break
    const isExhausted = open.some(() => walk.isExhausted())
    const made = isExhausted ? null : claimsOf(rule, open)
    if (made) {
      claims.push(...made)
      if (made.some(({ matched }) => matched === true) || areMany(claims, open)) carryOutClaims()
      continue
    }
    carryOutClaims()
    const work = workOf(rule)
    for (const flow of open) {
      if (isExhausted) perhaps(work, flow)
      else runSteps(work, rule.steps(), 0, flow)
    }
    open = merged(work.next)
  }
  carryOutClaims()
  passage.ended.push(...open)
  return passage
}

/** Carries out the verdicts of claims, in their order. Gives what is left of the flows. */
function settled(
  claims: readonly Claim[],
  flows: readonly Flow[],
  workOf: (rule: Rule) => Work,
): readonly Flow[] {
  const { gains, left } = settle(claims, flows)
  for (const claim of claims) {
    const work = workOf(claim.rule)
    for (const one of takenBy(work, gains.get(claim))) carryOut(work, claim.verdict, one)
  }
  return left
}

/** The flows of a share. It is a doubt if the rule only may match. */
function takenBy({ walk, rule }: Work, gain: Share | undefined): readonly Flow[] {
  const { sure, perhaps } = gain ?? { sure: null, perhaps: null }
  return [...(sure ? [sure] : []), ...(perhaps ? [walk.doubtful(perhaps, walk.doubtOf(rule))] : [])]
}

function runSteps(work: Work, steps: readonly Step[], from: number, start: Flow): void {
  let flow = start
  for (let i = from; i < steps.length; i++) {
    const step = steps[i] as Step
    if (step.kind === 'change') flow = step.change(flow)
    else if (step.kind === 'verdict') {
      carryOut(work, step.verdict, flow)
      return
    } else if (step.kind === 'choose') {
      choose(work, [...step.choices(flow)], flow)
      return
    } else {
      const { shares, rest } = share(flow, [matchedBy(steps, i, flow)])
      if (rest) work.next.push(rest)
      while (steps[i + 1]?.kind === 'match') i++
      const [first, second] = takenBy(work, shares[0])
      if (second) runSteps(work, steps, i + 1, second)
      if (!first) return
      flow = first
    }
  }
  work.next.push(flow)
}

function choose(work: Work, choices: readonly VerdictChoice[], flow: Flow): void {
  const { shares, rest } = share(
    flow,
    choices.map(({ matched }) => matched),
  )
  choices.forEach(({ verdict }, i) => {
    for (const one of takenBy(work, shares[i])) carryOut(work, verdict, one)
  })
  if (rest) work.next.push(rest)
}

function carryOut(work: Work, verdict: Verdict, flow: Flow): void {
  const { walk, rule } = work
  switch (verdict.kind) {
    case 'accept':
      work.accepted.push(flow)
      return
    case 'drop':
    case 'reset':
      walk.decide(flow, verdict.kind, rule)
      return
    case 'reject':
      walk.decide(flow, 'reject', rule, verdict.with[flow.trip.family])
      return
    case 'return':
      work.ended.push(flow)
      return
    case 'continue':
      work.next.push(flow)
      return
    case 'unclear':
      perhaps(work, flow)
      return
    case 'snat':
      work.accepted.push({ ...flow, isSnat: true, hidesPeer: true, isNatDone: true })
      return
    case 'dnat':
      sendOn(work, verdict.to(flow), flow)
      return
    default:
      enter(work, verdict, flow)
  }
}

/** Nobody can tell: the packet is dropped, accepted or goes on. */
function perhaps({ walk, rule, accepted, next }: Work, flow: Flow): void {
  const doubtful = walk.doubtful(flow, walk.doubtOf(rule))
  walk.decide(doubtful, 'drop', rule)
  accepted.push(doubtful)
  next.push(flow)
}

function enter(work: Work, { kind, chain: name }: Extract<Verdict, { chain: string }>, flow: Flow): void {
  const { walk, rule, depth } = work
  const chain = rule.chain.table.chains.get(name)
  if (chain === undefined || depth >= DEEPEST) {
    perhaps(work, flow)
    return
  }
  const { accepted, ended } = walkChain(walk, chain, [flow], depth + 1)
  work.accepted.push(...accepted)
  const into = kind === 'goto' ? work.ended : work.next
  into.push(...ended)
}

function sendOn(work: Work, choices: readonly DnatChoice[], flow: Flow): void {
  const { shares, rest } = share(
    flow,
    choices.map(({ matched }) => matched),
  )
  choices.forEach(({ address, port }, i) => {
    for (const one of takenBy(work, shares[i]))
      work.accepted.push({ ...sentTo(one, address, port), sentBy: work.rule })
  })
  if (rest) perhaps(work, rest)
}

function sentTo(flow: Flow, address: DnatChoice['address'], port: number | null): Flow {
  const to = address === null || address === 'here' ? flow.address : address
  const ports = port === null || flow.ports.length === 0 ? flow.ports : [port, port + 1]
  const own = to === flow.address ? flow.own : ownOf(to)
  const isDnat = to !== flow.address || ports[0] !== flow.ports[0]
  return { ...flow, address: to, own, ports, isDnat, isNatDone: true }
}
