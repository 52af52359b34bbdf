import type { Incident } from '../../src/incidents/index.ts'
import { namedFor, type Played, REFUSES, REST } from './histories.ts'
import { type Heard, type Looked, SECOND, START } from './routed.ts'

// What every receiver can rely on. Each promise returns what a history broke, in words.

type Promise = (played: Played) => readonly string[]

const SOON = 5 * SECOND

const incidentOf = ({ notice }: Heard): string => notice.incident.id
const time = (at: number): string => `${(at - START) / SECOND} s`

/** An incident, and those that it became a part of, one after the other. */
function lineOf(id: string, incidents: readonly Incident[]): readonly string[] {
  const next = incidents.find((one) => one.id === id)?.mergedInto ?? null
  return next === null ? [id] : [id, ...lineOf(next, incidents)]
}

/** A look at a CLB in trouble, whose team and attention are known, and each receiver that its routes name. */
function debtsOf({ looks }: Played) {
  return looks.flatMap((look, i) => {
    const { clb, trouble, way, at, incidents } = look
    const [incident] = incidents
    const part = incident?.parts.find(({ names }) => names.includes(clb.id))
    if (way === 'address, not found' || !incident || part?.wellAt !== null) return []
    const later = looks.slice(i + 1).filter((other) => other.clb.id === clb.id)
    return namedFor(clb, trouble).map((receiver) => ({
      receiver,
      at,
      clb: clb.id,
      incident: incident.id,
      later,
    }))
  })
}

const incidentsOf = (looks: readonly Looked[]): readonly string[] =>
  looks.flatMap(({ incidents: [own] }) => own?.id ?? [])

export const everyoneTold: Promise = (played) =>
  debtsOf(played).flatMap(({ receiver, at, clb, incident, later }) => {
    const { incidents, heard } = played
    const all = new Set([incident, ...incidentsOf(later)].flatMap((id) => lineOf(id, incidents)))
    const isTold =
      receiver === REFUSES
        ? incidents.some(
            ({ id, deliveries }) =>
              all.has(id) &&
              deliveries.some((one) => one.receiver === receiver && one.outcome === 'permanent' && one.why),
          )
        : heard.some((one) => one.receiver === receiver && all.has(incidentOf(one)))
    return isTold ? [] : [`${receiver} heard nothing of ${clb} in ${incident}, in trouble at ${time(at)}`]
  })

export const toldSoon: Promise = (played) =>
  debtsOf(played).flatMap(({ receiver, at, clb, incident, later }) => {
    const own = played.incidents.find(({ id }) => id === incident)
    const isMerged = own?.mergedInto && (own.closedAt ?? 0) <= at + SOON
    const hasMoved = later.some((one) => one.at <= at + SOON && one.incidents[0]?.id !== incident)
    if (receiver === REFUSES || isMerged || hasMoved) return []
    const isTold = played.heard.some(
      (one) => one.receiver === receiver && incidentOf(one) === incident && one.at <= at + SOON,
    )
    return isTold ? [] : [`${receiver} heard late of ${clb} in ${incident}, in trouble at ${time(at)}`]
  })

const idsIn = ({ notice }: Heard): readonly string[] =>
  notice.members.map(({ id }) => (id.startsWith('10.') ? `lb-aaaaaaa${id.slice(-1)}` : id))

const isEnd = (one: Heard | undefined): boolean => one?.notice.incident.state === 'recovered'

export const endTold: Promise = ({ heard, incidents }) => {
  const pairs = new Map(heard.map((one) => [`${one.receiver} ${incidentOf(one)}`, one]))
  return [...pairs.values()].flatMap(({ receiver, notice }) => {
    const own = heard.filter((one) => one.receiver === receiver)
    const line = lineOf(notice.incident.id, incidents)
    const ofLine = own.filter((one) => line.includes(incidentOf(one)))
    // A CLB can leave an incident. Then its end is told with the one that it came into.
    const isOver =
      isEnd(ofLine.at(-1)) ||
      ofLine.flatMap(idsIn).every((clb) => isEnd(own.findLast((one) => idsIn(one).includes(clb))))
    return isOver ? [] : [`${receiver} heard of ${line.join(', then ')} and not of its end`]
  })
}

/** At the end each CLB is healthy and its sender says so. An event without a state does not outlive that. */
export const allOver: Promise = ({ incidents }) =>
  incidents
    .filter(({ state }) => state !== 'recovered' && state !== 'closed')
    .map(({ id, state }) => `${id} is ${state}`)

/** Messages to one receiver before this one. */
const before = (heard: readonly Heard[], one: Heard): readonly Heard[] =>
  heard.slice(0, heard.indexOf(one)).filter(({ receiver }) => receiver === one.receiver)

export const endOnlyAfterTrouble: Promise = ({ heard }) =>
  heard
    // The default hears of an end that a receiver of its own refused.
    .filter(({ notice, receiver }) => notice.news.includes('recovered') && receiver !== REST)
    .filter((one) => {
      const earlier = before(heard, one)
      const known = new Set(earlier.flatMap(idsIn))
      const hasHeard = earlier.some((other) => incidentOf(other) === incidentOf(one))
      return !hasHeard && idsIn(one).every((id) => !known.has(id))
    })
    .map((one) => `${one.receiver} heard of the end of ${incidentOf(one)} alone`)

export const ownClbOnce: Promise = ({ heard }) =>
  heard
    .filter(({ notice, receiver }) => notice.news.join() === 'another CLB' && receiver !== REST)
    .filter((one) => {
      const last = before(heard, one).findLast((other) => incidentOf(other) === incidentOf(one))
      return last && idsIn(one).every((id) => idsIn(last).includes(id))
    })
    .map((one) => `${one.receiver} heard twice of the same CLBs in ${incidentOf(one)} at ${time(one.at)}`)

export const firstOnce: Promise = ({ heard }) =>
  heard
    .filter(({ notice }) => notice.news.includes('first'))
    .filter((one) => before(heard, one).some((other) => incidentOf(other) === incidentOf(one)))
    .map((one) => `${one.receiver} heard of ${incidentOf(one)} as new at ${time(one.at)} again`)

/** What one receiver hears, without the ids of the incidents. */
export const heardBy = ({ heard }: Played, receiver: string) =>
  heard
    .filter((one) => one.receiver === receiver)
    .map((one) => [time(one.at), one.notice.news.join(), one.notice.incident.state, idsIn(one).join()])

export const PROMISES: Readonly<Record<string, Promise>> = {
  'every receiver that a route named is told, or the incident says why not': everyoneTold,
  'it is told within 5 seconds': toldSoon,
  'who was told of trouble is told of its end': endTold,
  'what is healthy is over, whatever events there were': allOver,
  'who was not told of trouble is not told of its end': endOnlyAfterTrouble,
  'nobody hears twice that the same CLB joined': ownClbOnce,
  'an incident is new to a receiver once': firstOnce,
}
