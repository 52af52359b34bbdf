import { causeKey, type Incident, newsOf, type Part, REMINDERS, TIMES } from '../../src/incidents/index.ts'
import { NEWS_ORDER, type News } from '../../src/model/incident.ts'
import { clbOf, type Seen, type Telling, type World } from './histories.ts'

// The promises of incidents. Each returns what a history broke, in words.

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Promise = (world: World) => readonly string[]

const isOpen = ({ closedAt }: Incident): boolean => closedAt === null
const hasSaid = ({ news }: Telling, one: News): boolean => news.includes(one)
const idsOf = (parts: readonly Part[]): readonly string[] => parts.map(({ id }) => clbOf(id))
const added = (now: readonly string[], before: readonly string[]): readonly string[] =>
  now.filter((one) => !before.includes(one))
const isDuring = (at: number, person: Incident['silenced']): boolean => person !== null && at < person.until
const isWell = ({ wellAt }: Part): boolean => wellAt !== null

/** Pools without a healthy backend that the message before did not tell. */
const poolsTold = ({ after: { told, toldBefore } }: Telling): readonly string[] =>
  toldBefore === null || told === null ? [] : added(told.emptyPools, toldBefore.emptyPools)

/** Those of CLBs that people knew of. */
const poolsLost = (telling: Telling): readonly string[] =>
  poolsTold(telling).filter((pool) =>
    telling.after.toldBefore?.clbs.some((clb) => pool.startsWith(`${clb} `)),
  )

const saidOf = (telling: Telling): string =>
  `${telling.after.id} at ${telling.at}: ${telling.news.join(', ')}`

/** Every message of one incident, in order. */
function byIncident(tellings: readonly Telling[]): readonly (readonly Telling[])[] {
  const all = new Map<string, Telling[]>()
  for (const one of tellings) all.set(one.after.id, [...(all.get(one.after.id) ?? []), one])
  return [...all.values()]
}

/** A message and the one before it, of one incident. */
const pairs = (world: World): readonly (readonly [Telling, Telling])[] =>
  byIncident(world.tellings).flatMap((all) => all.slice(1).map((one, i) => [all[i] as Telling, one] as const))

export const onePart: Promise = ({ pauses }) =>
  pauses.flatMap(({ incidents }) => {
    const parts = incidents.filter(isOpen).flatMap(({ id, parts: own }) => own.map((part) => ({ id, part })))
    return parts.flatMap(({ id, part }, i) =>
      parts
        .slice(i + 1)
        .filter((other) => other.part.names.some((name) => part.names.includes(name)))
        .map((other) => `${part.id} is in ${id} and as ${other.part.id} in ${other.id}`),
    )
  })

export const nothingTwice: Promise = ({ tellings }) =>
  tellings.flatMap((telling) => {
    const { told, toldBefore } = telling.after
    if (told === null || toldBefore === null) return []
    const isMore =
      told.dead > toldBefore.dead ||
      told.deadTargets > toldBefore.deadTargets ||
      told.attention !== toldBefore.attention ||
      poolsLost(telling).length > 0
    const isOther =
      told.cause !== toldBefore.cause ||
      told.disputed.join() !== toldBefore.disputed.join() ||
      told.unread.join() !== toldBefore.unread.join()
    const isFresh: Partial<Record<News, boolean>> = {
      first: false,
      worse: isMore,
      changed: isOther,
      'another CLB': added(told.clbs, toldBefore.clbs).length > 0,
      recovered: toldBefore.state === 'sick' && told.state === 'well',
      reopened: toldBefore.state === 'well' && told.state === 'sick',
      flapping: !telling.before.flapTold,
    }
    return telling.news.filter((one) => isFresh[one] === false).map((one) => `${one} in ${saidOf(telling)}`)
  })

/** A CLB is named as another one once, as long as it stays. */
export const joinsOnce: Promise = (world) =>
  pairs(world).flatMap(([first, second]) => {
    const before = idsOf(first.after.parts)
    return hasSaid(second, 'another CLB') && added(idsOf(second.after.parts), before).length === 0
      ? [saidOf(second)]
      : []
  })

export const seldom: Promise = (world) => {
  const firstAt = new Map(byIncident(world.tellings).map(([one]) => [one?.after.id, one?.at]))
  return pairs(world).flatMap(([before, telling]) => {
    const { told, toldBefore } = telling.after
    const isUrgent =
      (['recovered', 'reopened', 'flapping'] as const).some((one) => hasSaid(telling, one)) ||
      poolsLost(telling).length > 0 ||
      (hasSaid(telling, 'worse') && told?.attention === 'act-now') ||
      ((toldBefore?.unread.length ?? 0) > 0 && told?.unread.length === 0) ||
      (told?.clbs.length ?? 0) >= 2 * (toldBefore?.clbs.length ?? 0)
    const gathersAt = (firstAt.get(telling.after.id) ?? 0) + TIMES.gathered
    // A silence holds that update back, until something is loud.
    const isTime = telling.at === gathersAt || isDuring(gathersAt, telling.before.silenced)
    const isGathered = hasSaid(telling, 'another CLB') && telling.at >= gathersAt && isTime
    return isUrgent || isGathered || telling.at - before.at >= TIMES.update ? [] : [saidOf(telling)]
  })
}

/** A reminder says what a look has seen, or tried to see, lately. */
export const remindsOfNow: Promise = ({ tellings }) =>
  tellings
    .filter(
      (one) =>
        hasSaid(one, 'reminder') &&
        one.before.parts.some((part) => !isWell(part) && one.at - part.lookedAt > TIMES.fresh),
    )
    .map(saidOf)

export const firstSoon: Promise = ({ tellings, incidents }) => [
  ...tellings
    .filter((one) => hasSaid(one, 'first') && one.at - one.after.openedAt > TIMES.gather)
    .map(saidOf),
  ...[...incidents.values()]
    .filter((one) => isOpen(one) && one.told === null)
    .map(({ id }) => `${id} untold`),
]

export const gathered: Promise = ({ tellings, pauses }) =>
  byIncident(tellings).flatMap((all) => {
    const [first] = all
    if (!first) return []
    const time = first.at + TIMES.gathered
    // The first state that anybody could see after that time.
    const then = pauses.find(({ at }) => at > time)?.incidents.find(({ id }) => id === first.after.id)
    if (!then?.told || !isOpen(then) || isDuring(time, then.silenced) || then.told.state === 'well') return []
    const late = then.parts.filter(
      ({ joinedAt, id }) => joinedAt > first.at && joinedAt < time && !then.told?.clbs.includes(id),
    )
    return late.map(({ id }) => `${id} joined ${then.id} and is not told`)
  })

export const recovered: Promise = (world) => [
  ...world.tellings
    .filter(
      (one) =>
        hasSaid(one, 'recovered') && (!one.after.parts.every(isWell) || one.before.told?.state !== 'sick'),
    )
    .map(saidOf),
  ...[...world.incidents.values()]
    .filter((one) => isOpen(one) && one.parts.every(isWell) && one.told?.state === 'sick')
    .map(({ id }) => `${id} recovered, and nobody heard of it`),
]

/** Its sender said long ago that it is over, and no look could read it since; for a day, if one saw trouble after that. */
function isTakenAtWord(looks: readonly Seen[], given: Seen): boolean {
  const until = looks
    .slice(0, looks.indexOf(given) + 1)
    .filter(({ look }) => look.names.some((name) => given.look.names.includes(name)))
  const since = until.slice(until.findLastIndex(({ look }) => look.isFiring === true) + 1)
  const said = since.find(({ look }) => look.isFiring === false)
  const seen = until.findLast((one) => !couldNotRead(one) && !['none', 'watch'].includes(one.look.attention))
  if (said === undefined || !couldNotRead(given)) return false
  return seen !== undefined && seen.at >= said.at
    ? given.at - seen.at >= TIMES.silence
    : given.at - said.at >= TIMES.unseen
}

/**
 * A look makes a CLB well only if its sender said that it is over, or was silent for a day, and it saw it well or absent. What
 * no sender ends is over if it is outvoted, and what nobody can read if its sender said so long ago.
 */
export const wellIfSeen: Promise = ({ looks }) =>
  looks.flatMap((seen) => {
    const { at, look, own, changed } = seen
    const part = changed[0]?.parts.find(({ names }) => names.some((name) => look.names.includes(name)))
    if (part?.wellAt !== at || part.lookedAt !== at) return []
    const before = own
      .flatMap(({ parts }) => parts)
      .filter(({ names }) => names.some((name) => look.names.includes(name)))
    if (before.some(isWell)) return []
    const isSilent = before.some(({ heardAt }) => at - heardAt >= TIMES.silence)
    const isOver =
      look.isFiring === false ||
      look.isOutvoted === true ||
      (look.isFiring === null && (isSilent || !part.isFiring))
    const isSeen =
      look.absent !== undefined ||
      (look.verdict !== 'inconclusive' && (look.attention === 'none' || look.attention === 'watch'))
    return isOver && (isSeen || isTakenAtWord(looks, seen)) ? [] : [`${look.id} at ${at}: ${look.verdict}`]
  })

/** A look that found nothing loses nothing, ends nothing and brings nothing back. */
export const unreadIsNoWord: Promise = ({ looks }) =>
  looks.flatMap((seen) => {
    const { look, own, changed } = seen
    const [before] = own
      .flatMap(({ parts }) => parts)
      .filter(({ names }) => names.some((name) => look.names.includes(name)))
    if (look.isFound || look.absent !== undefined || own.length !== 1 || !before) return []
    const part = changed[0]?.parts.find(({ names }) => names.some((name) => look.names.includes(name)))
    const isKept =
      part !== undefined &&
      part.id === before.id &&
      JSON.stringify([part.cause, part.backends, part.deadTargets, part.emptyPools]) ===
        JSON.stringify([before.cause, before.backends, before.deadTargets, before.emptyPools]) &&
      (look.isFiring === true || isWell(part) === isWell(before) || isTakenAtWord(looks, seen)) &&
      changed[0]?.id === own[0]?.id
    return isKept ? [] : [`${look.id} lost what was known`]
  })

/** The look could read nothing of the CLB, and nobody knows that it does not exist. */
const couldNotRead = ({ look }: Seen): boolean =>
  look.absent === undefined && look.cause === null && (!look.isFound || look.verdict === 'inconclusive')

/** What a look cannot read is known from the last one that could, with its time, and since when no look can. */
export const lastReadableKept: Promise = ({ looks }) =>
  looks.flatMap((seen) => {
    const { at, look, own, changed } = seen
    const isOwn = ({ names }: Part): boolean => names.some((name) => look.names.includes(name))
    const part = changed[0]?.parts.find(isOwn)
    if (part === undefined) return []
    const before = own.flatMap(({ parts }) => parts).filter(isOwn)
    const newest = Math.max(0, ...before.map(({ readable }) => readable?.at ?? 0))
    const isRight = couldNotRead(seen)
      ? part.unreadSince !== undefined && part.unreadSince <= at && (part.readable?.at ?? 0) === newest
      : part.unreadSince === undefined && part.readable?.at === at
    return isRight ? [] : [`${look.id} at ${at}: ${JSON.stringify([part.readable, part.unreadSince])}`]
  })

/** What nobody can read ends, at the latest a day after its sender said that it is over and a look saw trouble. */
export const unreadEnds: Promise = ({ pauses, looks }) =>
  pauses.flatMap(({ at, incidents }) =>
    incidents
      .filter(isOpen)
      .flatMap(({ parts }) => parts)
      .filter((part) => !isWell(part) && !part.isFiring && part.unreadSince !== undefined)
      .filter(({ saidOverAt = at, readable }) => at - Math.max(saidOverAt, readable?.at ?? 0) > DAY + HOUR)
      .map(({ id }) => `${id} at ${at} after ${looks.length} looks`),
  )

/** What no sender ends is over in the first healthy look that may count, and is looked at again each hour until then. */
export const leftToLooks: Promise = ({ looks, pauses }) => [
  ...looks.flatMap(({ at, look, changed }) => {
    const part = changed[0]?.parts.find(({ names }) => names.some((name) => look.names.includes(name)))
    return look.isOutvoted && part && (part.isFiring || !isWell(part)) ? [`${look.id} fires at ${at}`] : []
  }),
  ...pauses.flatMap(({ at, incidents }) =>
    incidents
      .filter(isOpen)
      .flatMap(({ parts }) => parts)
      .filter((part) => !isWell(part) && part.isLeftToLooks && at - part.lookedAt > HOUR)
      .map(({ id }) => `${id} is not looked at before ${at}`),
  ),
]

/** A look that sees Dead backends ends nothing, also if senders and earlier looks say that it is over. */
export const burning: Promise = ({ looks }) =>
  looks.flatMap(({ at, look, changed }) => {
    const part = changed[0]?.parts.find(({ names }) => names.some((name) => look.names.includes(name)))
    return look.backends.dead > 0 && part && isWell(part) ? [`${look.id} at ${at}`] : []
  })

/** Told again at once, in the same incident, unless it came back with a cause that others share now. */
export const reopened: Promise = ({ looks, tellings }) =>
  looks.flatMap(({ at, look, own: [own], alike, changed }) => {
    const [now] = changed
    if (own?.state !== 'recovered' || look.isFiring !== true || now === undefined) return []
    if (now.id !== own.id && now.id === alike?.id) return []
    const isSame =
      now.id === own.id || changed.some(({ id, mergedInto }) => id === own.id && mergedInto === now.id)
    const isTold = tellings.some(
      (one) => one.after.id === now.id && one.at === at && hasSaid(one, 'reopened'),
    )
    const isDue = now.id === own.id && now.told?.state === 'well' && !now.flapTold
    return isSame && (isTold || !isDue) ? [] : [`${look.id} came back to ${now.id}, not told`]
  })

export const closes: Promise = ({ pauses, incidents }) => [
  ...[...incidents.values()]
    .filter((one) => !isOpen(one) && one.mergedInto === null)
    .filter(({ closedAt, recoveredAt }) => (closedAt ?? 0) - (recoveredAt ?? 0) !== TIMES.close)
    .map(({ id }) => `${id} closed at another time`),
  ...pauses.flatMap(({ at, incidents: all }) =>
    all
      .filter((one) => isOpen(one) && one.state === 'recovered' && at > (one.recoveredAt ?? at) + TIMES.close)
      .map(({ id }) => `${id} is still open`),
  ),
]

export const merges: Promise = ({ incidents }) =>
  [...incidents.values()].flatMap(({ id, state, mergedInto, openedAt }) => {
    if (mergedInto === null) return []
    const older = incidents.get(mergedInto)
    return older && older.openedAt <= openedAt && state === 'closed' ? [] : [`${id} into ${mergedInto}`]
  })

/** A CLB without an incident joins the one with its cause, for 15 minutes after the last join. */
export const joins: Promise = ({ looks }) =>
  looks.flatMap((seen) => {
    const { at, look, own, alike, changed } = seen
    if (own.length > 0 || alike === null || look.isFiring !== true) return []
    const isInTime = at - alike.joinedAt <= TIMES.join
    const shares = sharesCause(seen)
    return (changed[0]?.id === alike.id) === (isInTime && shares) ? [] : [`${look.id} and ${alike.id}`]
  })

const sharesCause = ({ look, alike }: Seen): boolean => {
  const own = look.cause ? causeKey(look.cause) : null
  const all = [alike?.cause, ...(alike?.parts ?? []).map(({ cause }) => cause)]
  return all.some((cause) => cause && causeKey(cause) === own)
}

/** A CLB leaves its incident only if its first-ranked cause has become another one, which others share. */
export const stays: Promise = ({ looks }) =>
  looks.flatMap((seen) => {
    const {
      look,
      own: [own, ...others],
      changed: [now],
      alike,
    } = seen
    if (!own || !now || others.length > 0 || now.id === own.id) return []
    const before =
      own.parts.find(({ names }) => names.some((name) => look.names.includes(name)))?.cause ?? null
    const isOther = look.cause !== null && (before === null || causeKey(before) !== causeKey(look.cause))
    return isOther && now.id === alike?.id && sharesCause(seen)
      ? []
      : isOther && own.openedAt > now.openedAt && now.id === alike?.id
        ? []
        : [`${look.id} left ${own.id} for ${now.id}`]
  })

export const silence: Promise = ({ tellings }) =>
  tellings
    .filter((one) => isDuring(one.at, one.before.silenced))
    .filter((one) => !hasSaid(one, 'recovered') && !hasSaid(one, 'reopened') && poolsTold(one).length === 0)
    .map(saidOf)

/** A silence does not hold it back longer than an update waits anyhow. */
export const deadPoolsTold: Promise = ({ pauses }) =>
  pauses.flatMap(({ at, incidents }) =>
    incidents.filter(isOpen).flatMap(({ id, parts, told, due }) => {
      if (told === null) return []
      const pools = parts
        .filter((part) => !isWell(part))
        .flatMap((part) => part.emptyPools.map((pool) => `${part.id} ${pool}`))
      const untold = added(pools, told.emptyPools)
      const isInTime = due !== null && due.at <= Math.max(at, told.at + TIMES.update)
      return untold.length === 0 || isInTime ? [] : [`${untold.join(', ')} of ${id} at ${at}`]
    }),
  )

export const personsEnd: Promise = ({ pauses }) =>
  pauses.flatMap(({ at, incidents }) =>
    incidents
      .filter(isOpen)
      .filter(({ acknowledged, silenced }) =>
        [acknowledged, silenced].some((one) => one !== null && one.until < at),
      )
      .map(({ id }) => `${id} at ${at}`),
  )

export const reminders: Promise = ({ tellings, pauses }) => [
  ...tellings
    .filter((one) => hasSaid(one, 'reminder'))
    .filter(({ at, before: { told, acknowledged, silenced, parts } }) => {
      const isNow = parts.some((part) => !isWell(part) && part.attention === 'act-now')
      const wait = isNow ? REMINDERS['act-now'] : REMINDERS['act-soon']
      return isDuring(at, acknowledged) || isDuring(at, silenced) || at - (told?.at ?? at) < wait
    })
    .map(saidOf),
  ...pauses.flatMap(({ at, incidents }) =>
    incidents
      .filter(isOpen)
      .filter(({ told, acknowledged, silenced, parts }) => {
        const needsNow = parts.some((part) => !isWell(part) && part.attention === 'act-now')
        const needs = needsNow || parts.some((part) => !isWell(part) && part.attention === 'act-soon')
        const wait = needsNow ? REMINDERS['act-now'] : DAY
        return told && needs && !acknowledged && !silenced && at - told.at > wait
      })
      .map(({ id }) => `nobody is reminded of ${id} at ${at}`),
  ),
]

export const reasons: Promise = ({ tellings }) =>
  tellings
    .filter(
      ({ news }) =>
        news.length === 0 || news.join() !== NEWS_ORDER.filter((one) => news.includes(one)).join(),
    )
    .map(saidOf)

/** After everything that was due, what is news has a time at which it is told. */
export const nothingForgotten: Promise = ({ pauses }) =>
  pauses.flatMap(({ at, incidents }) =>
    incidents
      .filter((one) => isOpen(one) && one.due === null && newsOf(one, at).news.length > 0)
      .map((one) => `${one.id}: ${newsOf(one, at).news.join(', ')}`),
  )

export const worldFaults: Promise = ({ faults }) => faults

export const PROMISES: Readonly<Record<string, Promise>> = {
  'a CLB is a part of at most one open incident': onePart,
  'nothing is told twice for one fact': nothingTwice,
  'a CLB that stays is named once as another one': joinsOnce,
  'there is one update in 5 minutes, unless something is urgent': seldom,
  'a reminder says what was seen within 5 minutes': remindsOfNow,
  'the first message goes out within 5 seconds': firstSoon,
  'one update tells, 30 s after the first message, what has joined': gathered,
  'recovered is told whenever trouble was told and is over, and never else': recovered,
  'a CLB is well once its sender says so and a look agrees': wellIfSeen,
  'a look that finds nothing is no word of anything': unreadIsNoWord,
  'what cannot be read is known from the last look that could': lastReadableKept,
  'what nobody can read ends some time after its sender says that it is over': unreadEnds,
  'what no sender ends is left to looks': leftToLooks,
  'nothing ends while a look sees Dead backends': burning,
  'what comes back before it is closed is told at once, as the same': reopened,
  'an incident is closed 30 minutes after it recovered': closes,
  'of two incidents that become one the older stays': merges,
  'CLBs with one cause join within 15 minutes of the last join': joins,
  'a CLB stays in its incident unless its cause becomes one that others share': stays,
  'a silence holds back all but the recovery, its return, and a pool without a healthy backend': silence,
  'a pool without a healthy backend is told in the next update, whoever silenced the incident': deadPoolsTold,
  'an acknowledgement and a silence end by themselves': personsEnd,
  'people are reminded in time, and not of what a person has or has silenced': reminders,
  'each message has its reasons, the most important first': reasons,
  'what is news has a time at which it is told': nothingForgotten,
  'the same moment tells once, and nothing is due before its time': worldFaults,
}
