import type { Incident, Part } from '../../incidents/index.ts'
import type { News } from '../../model/incident.ts'
import { type Routed, routed, subjectOf } from '../../routing/index.ts'
import type { Config } from '../config.ts'

export interface Hearer {
  readonly receiver: string
  readonly news: readonly News[]
}

const NOTHING_KNOWN = { tags: {}, vpc: null, policies: [], codes: [] } as const

/**
 * Who hears of it: the receivers that the routes name, and those who heard of the incident before. A recovery goes only
 * to the latter. A new one hears it as the first message.
 */
export function audienceOf(incident: Incident, news: readonly News[], config: Config): readonly Hearer[] {
  const known = new Set(incident.deliveries.map(({ receiver }) => receiver))
  const all = config.receivers.map(({ name }) => name)
  if (news.includes('recovered')) {
    const heard = new Set([...known, ...(incident.heardBefore ?? [])])
    return all.filter((receiver) => heard.has(receiver)).map((receiver) => ({ receiver, news }))
  }
  const named = new Set(routesOf(incident, config).flatMap(({ receivers }) => receivers))
  return all
    .filter((receiver) => named.has(receiver) || known.has(receiver))
    .map((receiver) => ({ receiver, news: known.has(receiver) ? news : (['first'] as const) }))
}

/**
 * A CLB that moves to another incident takes with it who heard of its trouble, so that they hear of its recovery. `changed`:
 * first the incident of the CLB now, then all that had it before, or that became a part of another one. Pure.
 */
export function withHearers(changed: readonly Incident[]): readonly Incident[] {
  return changed.map((one, i) => {
    const before = changed.filter((other) => other !== one && (i === 0 || takesOver(one, other, changed)))
    if (before.length === 0) return one
    const heard = [...(one.heardBefore ?? []), ...before.flatMap(hearersOf)]
    return { ...one, heardBefore: [...new Set(heard)] }
  })
}

/** Everybody who heard of one of its CLBs, there or before. */
const hearersOf = ({ heardBefore = [], deliveries }: Incident): readonly string[] => [
  ...heardBefore,
  ...deliveries.map(({ receiver }) => receiver),
]

/** Did `other` become a part of `one`, directly or by way of another one? */
function takesOver(one: Incident, other: Incident, all: readonly Incident[]): boolean {
  if (other.mergedInto === null) return false
  const next = all.find(({ id }) => id === other.mergedInto)
  return other.mergedInto === one.id || (next !== undefined && takesOver(one, next, all))
}

/**
 * How each CLB that is not well is routed. Each is routed by itself. If all are well, it is the recovery of trouble that
 * nobody here heard of, and each of them counts.
 */
export function routesOf({ parts }: Incident, { receivers, routing }: Config): readonly Routed[] {
  const all = receivers.map(({ name }) => name)
  const sick = parts.filter(({ wellAt }) => wellAt === null)
  return (sick.length > 0 ? sick : parts).map((part) => routed(subjectOfPart(part), routing, all))
}

const subjectOfPart = ({ routeFacts = NOTHING_KNOWN, ...part }: Part) =>
  subjectOf({ ...part, facts: routeFacts })
