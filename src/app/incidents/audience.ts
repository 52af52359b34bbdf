import type { Due, Incident, Part } from '../../incidents/index.ts'
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
 * to the latter. A new one hears it as the first message. `own`: receivers with news of their own.
 */
export function audienceOf(
  incident: Incident,
  { news, own = [] }: Pick<Due, 'news'> & Partial<Pick<Due, 'own'>>,
  config: Config,
): readonly Hearer[] {
  const known = new Set(incident.deliveries.map(({ receiver }) => receiver))
  const heard = new Set(news.includes('recovered') ? [...known, ...(incident.heardBefore ?? [])] : known)
  const named = new Set(
    news.length === 0 || news.includes('recovered')
      ? []
      : routesOf(incident, config).flatMap(({ receivers }) => receivers),
  )
  const ownNews = new Map(own.map((one) => [one.receiver, one.news]))
  const newsFor = (receiver: string): readonly News[] => {
    if (known.has(receiver)) return ownNews.get(receiver) ?? news
    if (heard.has(receiver)) return news
    return named.has(receiver) ? ['first'] : (ownNews.get(receiver) ?? [])
  }
  return config.receivers
    .map(({ name }) => ({ receiver: name, news: newsFor(name) }))
    .filter((one) => one.news.length > 0)
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

/** Whom the routes name for a CLB. */
export const routedFor =
  ({ receivers, routing }: Config) =>
  (part: Part): Routed =>
    routed(
      subjectOfPart(part),
      routing,
      receivers.map(({ name }) => name),
    )

/**
 * How each CLB that is not well is routed. Each is routed by itself. If all are well and none was seen in trouble, it is the
 * recovery of trouble that nobody here heard of, and each of them counts.
 */
export function routesOf({ parts }: Incident, config: Config): readonly Routed[] {
  const sick = parts.filter(({ wellAt }) => wellAt === null)
  const counted = sick.length > 0 ? sick : parts.filter(({ untold }) => untold === undefined)
  return counted.map(routedFor(config))
}

const subjectOfPart = ({ routeFacts = NOTHING_KNOWN, ...part }: Part) =>
  subjectOf({ ...part, facts: routeFacts })
