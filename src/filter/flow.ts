import { familyOf } from '../model/ip.ts'
import { kept } from '../model/memo.ts'
import { type AddressSet, emptySet, isEmpty, parseAddresses, unionOf } from '../rules/index.ts'
import { firstOf } from './divide.ts'
import type { Doubt, Flow } from './program.ts'

/** An address as a set. A text that is not an address gives the empty set. */
export const ownOf = (address: string): AddressSet => parseAddresses(address) ?? emptySet(familyOf(address))

export const isReply = ({ leg }: Pick<Flow, 'leg'>): boolean => leg === 'reply' || leg === 'answer'

export const portOf = ({ ports }: Pick<Flow, 'ports'>): number | null => ports[0] ?? null

/** What two flows have in common that differ in their sources and doubts alone. */
export const keyOf = (flow: Flow): string =>
  [
    flow.leg,
    flow.notice,
    flow.address,
    flow.ports,
    flow.input,
    flow.output,
    flow.mark,
    flow.ctMark,
    flow.ct,
    flow.connection,
    flow.zone,
    flow.connectionZone,
    flow.isDnat,
    flow.isSnat,
    flow.isNatDone,
    flow.hidesPeer,
    flow.isForwarded,
    flow.target.address,
    flow.target.ports,
  ].join('|')

/**
 * Joins flows that differ in nothing but their sources. If a source is there twice, with a doubt and without, the doubt
 * made no difference until here: the flow with fewer doubts stays.
 */
export function merged(flows: readonly Flow[]): readonly Flow[] {
  if (flows.length < 2) return flows
  const groups = new Map<string, Flow[]>()
  for (const flow of [...flows].sort((a, b) => a.doubts.length - b.doubts.length))
    kept(groups, keyOf(flow), () => []).push(flow)
  return [...groups.values()].flatMap((group) => (group.length < 2 ? group : joined(group)))
}

/** Flows of one kind. A source stays with the first that has it, and those with the same doubts become one. */
function joined(flows: readonly Flow[]): readonly Flow[] {
  const { family } = (flows[0] as Flow).sources
  const own = firstOf(
    family,
    flows.map(({ sources }) => sources),
  )
  const twins = new Map<string, { readonly flow: Flow; readonly sets: AddressSet[] }>()
  const numbers = new Map<Doubt, number>()
  flows.forEach((flow, i) => {
    const sources = own[i] as AddressSet
    if (isEmpty(sources)) return
    const key = flow.doubts.map((doubt) => kept(numbers, doubt, () => numbers.size)).join()
    kept(twins, key, () => ({ flow, sets: [] })).sets.push(sources)
  })
  return [...twins.values()].map(({ flow, sets }) => ({ ...flow, sources: unionOf(family, sets) }))
}
