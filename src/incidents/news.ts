import { ATTENTION_ORDER, isFromInside } from '../model/diagnosis.ts'
import { NEWS_ORDER, type News } from '../model/incident.ts'
import { causeKey } from './cause.ts'
import { type Incident, type Part, TIMES, type Told, worstAttention } from './incident.ts'

// What is news, compared with what people were told last, and when they are told.

/** What people would be told now. */
export function toldNow(incident: Incident, now: number): Told {
  const { parts, state, cause } = incident
  const sick = parts.filter(({ wellAt }) => wellAt === null)
  return {
    at: now,
    state: state === 'recovered' ? 'well' : 'sick',
    attention: worstAttention(sick),
    unread: sick.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id),
    dead: sick.reduce((sum, { backends }) => sum + backends.dead, 0),
    deadTargets: sick.reduce((sum, one) => sum + one.deadTargets, 0),
    clbs: parts.map(({ id }) => id),
    emptyPools: sick.flatMap(emptyPoolsOf),
    cause: cause === null ? null : causeKey(cause),
    well: parts.filter(({ wellAt }) => wellAt !== null).map(({ id }) => id),
    disputed: sick.filter(({ isFiring }) => !isFiring).map(({ id }) => id),
  }
}

const emptyPoolsOf = ({ id, emptyPools }: Part): readonly string[] =>
  emptyPools.map((pool) => `${id} ${pool}`)

const added = (now: readonly string[], before: readonly string[]): readonly string[] => {
  const known = new Set(before)
  return now.filter((one) => !known.has(one))
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  added(a, b).length === 0 && added(b, a).length === 0

export interface NewsNow {
  readonly news: readonly News[]
  /** Told at once, not with the next update. */
  readonly isUrgent: boolean
  /** Told in spite of a silence. */
  readonly isLoud: boolean
}

/** Pure. */
export function newsOf(incident: Incident, now: number): NewsNow {
  const { told, parts, flapTold } = incident
  const current = toldNow(incident, now)
  if (told === null) return { news: ['first'], isUrgent: true, isLoud: current.emptyPools.length > 0 }
  if (current.state === 'well')
    return told.state === 'well' ? NOTHING : { news: ['recovered'], isUrgent: true, isLoud: true }
  const isFlapping = parts.some((part) => part.wellAt === null && part.isFlapping)
  const flapping = isFlapping && !flapTold
  // It flaps, and people know that. What is seen is healthy, so there is nothing to add.
  const isKnownFlap = flapTold && parts.every((part) => part.wellAt !== null || isOnlyWatched(part))
  const back = told.state === 'well' && !isKnownFlap
  const empty = added(current.emptyPools, told.emptyPools)
  const lost = empty.filter((pool) => told.clbs.some((clb) => pool.startsWith(`${clb} `)))
  const joined = added(current.clbs, told.clbs)
  const isMore = current.dead > told.dead || current.deadTargets > told.deadTargets
  const isGraver = ATTENTION_ORDER.indexOf(current.attention) < ATTENTION_ORDER.indexOf(told.attention)
  const found = new Set<News>([
    ...(back ? ['reopened' as const] : []),
    ...(lost.length > 0 || ((isMore || isGraver) && joined.length === 0) ? ['worse' as const] : []),
    ...(joined.length > 0 ? ['another CLB' as const] : []),
    ...(told.cause !== current.cause ||
    !isSame(current.disputed, told.disputed) ||
    !isSame(current.unread, told.unread)
      ? ['changed' as const]
      : []),
    ...(flapping ? ['flapping' as const] : []),
  ])
  if (told.state === 'well' && isKnownFlap) return NOTHING
  // People were told that nothing can be told, and wait.
  const isSeenAgain = !isOnlyWatched(current) && told.unread.length > 0 && current.unread.length === 0
  // The first message did not wait for the look inside the machines, and named no cause.
  const isFoundInside = told.cause === null && incident.cause !== null && isFromInside(incident.cause.code)
  const isDoubled = joined.length > 0 && current.clbs.length >= 2 * told.clbs.length
  return {
    news: NEWS_ORDER.filter((one) => found.has(one)),
    isUrgent:
      back ||
      flapping ||
      lost.length > 0 ||
      isSeenAgain ||
      isFoundInside ||
      (isGraver && current.attention === 'act-now' && joined.length === 0) ||
      (isDoubled && !isGathering(incident, now)),
    isLoud: back || empty.length > 0,
  }
}

const NOTHING: NewsNow = { news: [], isUrgent: false, isLoud: false }

const isOnlyWatched = ({ attention }: Pick<Part, 'attention'>): boolean =>
  attention === 'watch' || attention === 'none'

/** What joins soon after the first message is told in one update. */
const isGathering = ({ gathersAt }: Incident, now: number): boolean => gathersAt !== null && now < gathersAt

/** A CLB that people have not heard of joined before the time of that update. */
const hasGathered = ({ gathersAt, told, parts }: Incident): boolean =>
  gathersAt !== null && parts.some(({ id, joinedAt }) => joinedAt <= gathersAt && !told?.clbs.includes(id))

/** The incident with its news, and with the time to tell them. Pure. */
export function withNews(incident: Incident, now: number): Incident {
  const { told, gathersAt, silenced } = incident
  const { news, isUrgent, isLoud } = newsOf(incident, now)
  if (news.length === 0) return incident.due === null ? incident : { ...incident, due: null }
  if (told === null) {
    const at = incident.due?.at ?? now + TIMES.gather
    return { ...incident, due: { at, news, gathers: true } }
  }
  const soonest = isUrgent
    ? now
    : gathersAt !== null && hasGathered(incident)
      ? gathersAt
      : told.at + TIMES.update
  const isHeld = silenced !== null && silenced.until > now && !isLoud
  const at = isHeld ? Math.max(silenced.until, soonest) : soonest
  return { ...incident, due: { at, news, gathers: false } }
}
