// incidents/ decides what a look at a CLB means beside what is known: which incident it belongs to, what is news, who
// hears of it when, and what time alone brings. It also tells a repeat of an alarm from a second firing. Everything here
// is a pure function of what is known and what is new. It has no clock and keeps nothing; app/ holds the records and says
// what time it is.

export { causeKey, causeOf } from './cause.ts'
export { changedSince } from './changed.ts'
export { type Due, dueOf, type OwnNews, wakesAt } from './due.ts'
export { newestState, withOthers } from './in-order.ts'
export {
  byNeed,
  type ClbLook,
  type Incident,
  lastDeliveries,
  type Part,
  type Person,
  REMINDERS,
  type Reminders,
  TIMES,
  type Told,
  viewOf,
  withDelivery,
  withEntry,
  worstAttention,
} from './incident.ts'
export { type KnownIncidents, type Looked, looked } from './looked.ts'
export { withNewcomers } from './newcomers.ts'
export { newsOf, toldNow } from './news.ts'
export { type Counted, outvote, type Vote } from './outvoted.ts'
export { asOnePart, diagnosesIn, partsOf } from './part.ts'
export { ACKNOWLEDGED_MS, acknowledged, LONGEST_SILENCE_MS, silenced } from './persons.ts'
export { renamedIn } from './renamed.ts'
export { recentOf } from './rounds.ts'
export { see } from './see.ts'
export { isServed } from './served.ts'
export { joined, look, namesOf, type Sighting } from './sightings.ts'
