import { kept } from '../model/memo.ts'
import { type AddressSet, appendCell, canvasOf, cellsOf, everything, unionOf } from '../rules/index.ts'
import { keyOf } from './flow.ts'
import type { Chain, Decision, Doubt, Flow, Rule } from './program.ts'
import { type Reach, reachFor } from './reach.ts'
import type { FilterLayer, FilterPart, FilterRule, Leg, SentOn } from './types.ts'
import type { Walk } from './walk.ts'
import { located } from './wording.ts'

/** What the sources meet, from every decision about them. `missing`: layers that were not read. */
export function partsOf(
  { decisions, doubts }: Walk,
  sources: AddressSet,
  missing: readonly FilterLayer[],
): readonly FilterPart[] {
  const canvas = canvasOf([sources, ...decisions.map((one) => one.sources)])
  const met = new Map<number, number[]>()
  decisions.forEach((one, i) => {
    for (const cell of cellsOf(canvas, one.sources)) kept(met, cell, () => []).push(i)
  })
  const groups = new Map<
    string,
    { readonly borders: (number | bigint)[]; readonly of: readonly Decision[] }
  >()
  for (const cell of cellsOf(canvas, sources)) {
    const indices = met.get(cell) ?? []
    const group = kept(groups, indices.join(), () => ({
      borders: [],
      of: indices.flatMap((i) => decisions[i] ?? []),
    }))
    appendCell(group.borders, canvas, cell)
  }
  const causes = new Map([...doubts].map(([doubt, flow], i) => [doubt, { i, flow }]))
  const known: Known = { doubts: causes, missing, rules: new Map(), reach: new Map() }
  const parts = [...groups.values()].map(({ borders, of }) =>
    partOf({ family: sources.family, borders }, of, known),
  )
  return joined(parts)
}

/** The flow that a doubt came up for. `i`: the doubts before it. */
interface Cause {
  readonly i: number
  readonly flow: Flow
}

interface Known {
  readonly doubts: ReadonlyMap<Doubt, Cause>
  readonly rules: Map<Rule | Chain, FilterRule>
  /** By the kind of flow. */
  readonly reach: Map<string, Reach>
  readonly missing: readonly FilterLayer[]
}

const outcomeOf = ({ verdict, rejectWith }: Decision): string => `${verdict} ${rejectWith}`

function partOf(sources: AddressSet, all: readonly Decision[], known: Known): FilterPart {
  const byDoubts = [...all].sort((a, b) => a.flow.doubts.length - b.flow.doubts.length)
  const [first] = byDoubts
  const common = { sources, ...destinationOf(all) }
  const open = new Set(byDoubts.flatMap(({ flow }) => flow.doubts))
  if (first === undefined || new Set(all.map(outcomeOf)).size > 1) {
    const doubts = [...open]
      .map((doubt) => ({ doubt, ...(known.doubts.get(doubt) as Cause) }))
      .sort((a, b) => a.i - b.i)
    const [cause] = doubts
    const decides = all.find(
      ({ verdict, flow }) => verdict !== 'pass' && flow.doubts.includes(cause?.doubt as Doubt),
    )
    return {
      ...common,
      verdict: 'unknown',
      rejectWith: null,
      leg: legOf(cause?.flow),
      by: ruleOf(cause?.doubt.rule ?? decides?.by ?? null, cause?.flow, known),
      unclear: [...doubts.map(({ doubt }) => doubt.text), ...known.missing],
    }
  }
  const { verdict, rejectWith, flow, by } = first
  if (verdict === 'pass' && known.missing.length > 0)
    return { ...common, verdict: 'unknown', rejectWith, leg: 'request', by: null, unclear: known.missing }
  const leg = verdict === 'pass' ? null : legOf(flow)
  return { ...common, verdict, rejectWith, leg, by: ruleOf(by, flow, known), unclear: [] }
}

function destinationOf(
  all: readonly Decision[],
): Pick<FilterPart, 'sentOn' | 'isForwarded' | 'isMasqueraded'> {
  const sentOn = new Map<string, SentOn>()
  for (const { flow } of all)
    if (flow.isDnat) sentOn.set(`${flow.target.address} ${flow.target.ports}`, sentTo(flow))
  return {
    sentOn: [...sentOn.values()],
    isForwarded: all.some(({ flow }) => flow.isForwarded),
    isMasqueraded: all.some(({ flow }) => flow.isSnat),
  }
}

const legOf = (flow: Flow | undefined): Leg => (flow?.leg === 'answer' ? 'data' : (flow?.leg ?? 'request'))

const sentTo = ({ target, sentBy }: Flow): SentOn => ({
  address: target.address,
  port: target.ports[0] ?? null,
  rule: sentBy && located(sentBy),
})

function ruleOf(by: Rule | Chain | null, flow: Flow | undefined, { rules, reach }: Known): FilterRule | null {
  if (by === null || flow === undefined) return null
  return kept(rules, by, () =>
    'steps' in by
      ? ofRule(
          by,
          kept(reach, keyOf(flow), () => reachFor(flow)),
        )
      : ofPolicy(by, flow),
  )
}

const ofRule = (rule: Rule, reach: Reach): FilterRule => ({
  layer: rule.chain.table.layer,
  table: rule.chain.table.name,
  chain: rule.chain.name,
  index: rule.index,
  text: rule.text,
  packets: rule.packets,
  sources: reach.sourcesOf(rule),
  isOfPort: reach.isOfPort(rule),
})

const ofPolicy = ({ table, name, base }: Chain, flow: Flow): FilterRule => ({
  layer: table.layer,
  table: table.name,
  chain: name,
  index: null,
  text: policyText(table.layer, base?.policy ?? null),
  packets: base?.packets ?? null,
  sources: everything(flow.trip.family),
  isOfPort: false,
})

/** As `iptables -L` and `nft list` write it. */
const policyText = (layer: FilterLayer, policy: string | null): string =>
  `policy ${layer === 'nft' ? policy : policy?.toUpperCase()}`

/** Parts that differ in nothing but their sources become one. */
function joined(parts: readonly FilterPart[]): readonly FilterPart[] {
  const found = new Map<string, { readonly part: FilterPart; readonly all: AddressSet[] }>()
  for (const part of parts) {
    const { sources, by, ...rest } = part
    const key = JSON.stringify([rest, by && [by.layer, by.table, by.chain, by.index]])
    kept(found, key, () => ({ part, all: [] })).all.push(sources)
  }
  return [...found.values()].map(({ part, all }) => ({ ...part, sources: unionOf(part.sources.family, all) }))
}
