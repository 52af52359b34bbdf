import { familyOf } from '../model/ip.ts'
import { type AddressSet, emptySet, isEmpty, parseAddresses, subtract, union } from '../rules/index.ts'
import type { Flow } from './program.ts'

/** An address as a set. A text that is not an address gives the empty set. */
export const ownOf = (address: string): AddressSet => parseAddresses(address) ?? emptySet(familyOf(address))

export const isReply = ({ leg }: Pick<Flow, 'leg'>): boolean => leg === 'reply' || leg === 'answer'

export const portOf = ({ ports }: Flow): number | null => ports[0] ?? null

const keyOf = (flow: Flow): string =>
  [
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

const sameDoubts = (a: Flow, b: Flow): boolean =>
  a.doubts.length === b.doubts.length && a.doubts.every((doubt, i) => doubt === b.doubts[i])

/**
 * Joins flows that differ in nothing but their sources. If a source is there twice, with a doubt and without, the doubt
 * made no difference until here: the flow with fewer doubts stays.
 */
export function merged(flows: readonly Flow[]): readonly Flow[] {
  if (flows.length < 2) return flows
  const groups = new Map<string, Flow[]>()
  for (const flow of [...flows].sort((a, b) => a.doubts.length - b.doubts.length)) {
    const key = keyOf(flow)
    const group = groups.get(key)
    if (group) join(group, flow)
    else groups.set(key, [flow])
  }
  return [...groups.values()].flat()
}

function join(group: Flow[], flow: Flow): void {
  const rest = group.reduce((sources, { sources: known }) => subtract(sources, known), flow.sources)
  if (isEmpty(rest)) return
  const twin = group.findIndex((one) => sameDoubts(one, flow))
  const known = group[twin]
  if (known) group[twin] = { ...known, sources: union(known.sources, rest) }
  else group.push({ ...flow, sources: rest })
}
