import { ACKNOWLEDGED_MS, acknowledged, type Incident, type Person, silenced } from '../../incidents/index.ts'
import { isOver } from '../../model/incident.ts'
import type { AppContext } from '../context.ts'
import { TEXTS } from '../texts.ts'
import { readOne, writtenIncident } from './records.ts'

// What a person says about an incident. It is the only thing that anybody outside can change.

export type PersonAction =
  | { readonly kind: 'acknowledge' }
  /** `isShorter`: also if it ends before the silence that runs. */
  | { readonly kind: 'silence'; readonly hours: number; readonly isShorter?: boolean }

export type PersonOutcome =
  | { readonly kind: 'done'; readonly incident: Incident; readonly person: Person }
  /** The silence that runs lasts longer. Nothing was changed. */
  | { readonly kind: 'shorter'; readonly incident: Incident; readonly person: Person }
  /** The incident has recovered or is closed. */
  | { readonly kind: 'over'; readonly incident: Incident }
  /** It is not kept. */
  | { readonly kind: 'unknown' }

const MOST_TRIES = 50
const HOUR_MS = 3_600_000
/** Who presses a button twice means it once. */
const ONCE_MS = 60_000

/** Does what a person said still hold? */
export const isRunning = (person: Person | null, now: number): person is Person =>
  person !== null && person.until > now

/** `by`: empty if no name was given. Writes it into the incident, or into the one that took it over. The word ends by itself. */
export async function hear(
  id: string,
  action: PersonAction,
  by: string,
  context: AppContext,
): Promise<PersonOutcome> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const done = await tryHear(id, action, by, context)
    if (done) return done
  }
  throw new Error(`incident ${id} changed all the time`)
}

async function tryHear(
  id: string,
  action: PersonAction,
  by: string,
  context: AppContext,
): Promise<PersonOutcome | null> {
  const { store, clock, config, log } = context
  const { value: incident, unchanged } = await readOne(store, 'incidents', id)
  if (incident === null) return { kind: 'unknown' }
  if (incident.mergedInto !== null) return hear(incident.mergedInto, action, by, context)
  if (isOver(incident)) return { kind: 'over', incident }
  const now = clock.now()
  const forMs = action.kind === 'silence' ? action.hours * HOUR_MS : ACKNOWLEDGED_MS
  const known = action.kind === 'silence' ? incident.silenced : incident.acknowledged
  const running = isRunning(known, now) ? known : null
  const name = by || running?.by || TEXTS.somebody[config.language]
  // Who gives no name takes nothing over from who gave one.
  if (action.kind === 'acknowledge' && running && by === '')
    return { kind: 'done', incident, person: running }
  if (running && running.by === name && Math.abs(running.until - now - forMs) <= ONCE_MS)
    return { kind: 'done', incident, person: running }
  if (action.kind === 'silence' && running && running.until - now - forMs > ONCE_MS)
    if (!action.isShorter || by === '') return { kind: 'shorter', incident, person: running }
  const after =
    action.kind === 'silence' ? silenced(incident, name, forMs, now) : acknowledged(incident, name, now)
  const person = action.kind === 'silence' ? after.silenced : after.acknowledged
  if (person === null) throw new Error('the person was not noted')
  const didWrite = await store.write({ ...writtenIncident(after, config.reminders), when: [unchanged] })
  if (!didWrite) return null
  log.info('a person said something about an incident', {
    incident: incident.id,
    action: action.kind,
    until: person.until,
  })
  return { kind: 'done', incident: after, person }
}
