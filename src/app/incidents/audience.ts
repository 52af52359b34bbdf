import { type ClbLook, type Due, type Incident, type Part, partsOf } from '../../incidents/index.ts'
import type { News } from '../../model/incident.ts'
import { type Routed, routed, subjectOf } from '../../routing/index.ts'
import type { Config } from '../config.ts'

export interface Hearer {
  readonly receiver: string
  readonly news: readonly News[]
}

/** Records of older versions. */
const NOTHING_KNOWN = {
  tags: {},
  vpc: null,
  policies: [],
  codes: [],
  unread: ['tag', 'vpc', 'policy', 'code'],
} as const

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
  const heard = new Set([...known, ...(news.includes('recovered') ? heardBefore(incident) : [])])
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

/** Who heard of one of its CLBs while that was a part of another incident. Records of older versions name no CLB. */
const heardBefore = ({ heardBefore: ofAny = [], parts }: Incident): readonly string[] => [
  ...ofAny,
  ...parts.flatMap(({ heardBefore: own = [] }) => own),
]

/** The CLB of a look. `ids`: what its parts were called before. */
interface Moved {
  readonly look: Pick<ClbLook, 'id' | 'isFound' | 'names'>
  readonly ids: readonly string[]
}

/**
 * A CLB that comes into another incident keeps who heard of its trouble, so that they hear of its recovery there. `changed`:
 * first the incident of the CLB of the look, then all that had it before, or that became a part of another one. Pure.
 */
export function withHearers(changed: readonly Incident[], { look, ids }: Moved): readonly Incident[] {
  if (changed.length < 2) return changed
  return changed.map((one, i) => {
    const own = i === 0 ? partsOf(one, look) : []
    const others = changed.filter((other) => other !== one)
    const heardIn = (part: Part, all: readonly Incident[]): readonly string[] =>
      all.flatMap((other) => {
        if (own.includes(part)) return heardOf(other, [part.id, ...ids])
        return takesOver(one, other, changed) ? heardOf(other, [part.id]) : []
      })
    const parts = one.parts.map((part) => {
      const heard = new Set([...(part.heardBefore ?? []), ...heardIn(part, others)])
      return heard.size === 0 ? part : { ...part, heardBefore: [...heard] }
    })
    if (one.told?.state === 'sick') return { ...one, parts }
    // The recovery will not be told again, or the first message says that it is over.
    const sick = others.filter(({ told }) => told?.state === 'sick')
    const owed = [...(one.endOwed ?? []), ...one.parts.flatMap((part) => heardIn(part, sick))]
    return { ...one, parts, endOwed: [...new Set(owed)] }
  })
}

/** The receivers that were told of one of these CLBs as a part of this incident. */
function heardOf({ told, latecomers = [], deliveries }: Incident, ids: readonly string[]): readonly string[] {
  const knows = (clbs: readonly string[]): boolean => ids.some((id) => clbs.includes(id))
  if (told !== null && knows(told.clbs)) return deliveries.map(({ receiver }) => receiver)
  return latecomers.filter((one) => knows(one.told.clbs)).map(({ receiver }) => receiver)
}

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
