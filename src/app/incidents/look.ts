import { coalesce } from '../../alarms/index.ts'
import { lookupFailureText } from '../../diagnosis/index.ts'
import {
  type Incident,
  isServed,
  joined,
  newestState,
  type Part,
  type Sighting,
  withOthers,
} from '../../incidents/index.ts'
import type { Alarm, Received } from '../../model/alarm.ts'
import { clbKey } from '../../model/alarm.ts'
import { deadlineIn } from '../../model/clock.ts'
import { type Diagnosis, isCause } from '../../model/diagnosis.ts'
import { type Key, type Stored, StoreError } from '../../store/index.ts'
import type { AppContext } from '../context.ts'
import { diagnose, regionFor } from '../diagnose.ts'
import { otherLanguages } from '../receivers.ts'
import { absenceOf } from './absence.ts'
import { commitLook } from './commit.ts'
import { announced, type InsideSlots, insideTurn, lookInsideNext, lookLater } from './inside.ts'
import { openPart } from './known.ts'
import { readAll, readOne, recordKey, waitingOf, written } from './records.ts'
import { tagsIn } from './route-facts.ts'
import { tellDue } from './tell.ts'

// One look at a CLB serves all of its alarms that wait.

export interface Handled {
  /** Null: the alarms were repeats that the last look has served. */
  readonly diagnosis: Diagnosis | null
  readonly incidents: readonly Incident[]
}

const CLAIM_MS = 15_000
/** The most alarms of one CLB that one look serves: more than a large pool has backends. */
const MOST_WAITING = 2_000
/** Looks in a row for alarms that keep coming. After that others have their turn. */
const MOST_LOOKS = 3
/** A look serves the repeats of so long. */
const SERVED_MS = 30_000
/** After so many failed looks the alarms are given up, by name. */
const MOST_FAILURES = 8

export interface Limits {
  /** For reading, in ms. */
  readonly readMs: number
  /** Of a process that looks at many CLBs: how many looks may be inside machines. Left out: each. */
  readonly slots?: InsideSlots
  /** The process ends. The look that it cuts off leaves everything as it was, and the next process looks again. */
  readonly stop?: AbortSignal
}

/**
 * Looks at a CLB until no alarm of it waits. One look at a time over all instances: while the claim
 * is taken, new alarms are served by the look that runs or by the next one. Returns what was seen.
 * @throws StoreError if the store takes nothing; everything is as it was
 */
export async function lookAt(clb: string, context: AppContext, limits: Limits): Promise<readonly Handled[]> {
  const { store, holder, log } = context
  const claim = `look:${clb}`
  if (!(await store.claim(claim, holder, CLAIM_MS))) return []
  const renewal = setInterval(() => {
    store.claim(claim, holder, CLAIM_MS).catch(() => {})
  }, CLAIM_MS / 3)
  const all: Handled[] = []
  try {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const handled = await lookOnce(clb, context, limits)
      if (handled === null) break
      all.push(handled)
    }
  } catch (error) {
    // The store takes nothing. The CLB is not the reason, so its alarms wait as long as that lasts.
    if (error instanceof StoreError) throw error
    if (!limits.stop?.aborted) await failed(clb, error, context)
  } finally {
    clearInterval(renewal)
    await store
      .release(claim, holder)
      .catch(() => log.warn('a claim was not released; it ends by itself', { claim }))
  }
  return all
}

/** Null: nothing waits. */
async function lookOnce(clb: string, context: AppContext, limits: Limits): Promise<Handled | null> {
  const { store, clock, log } = context
  const { readMs, stop, slots } = limits
  const asked = await readOne(store, 'looks', clb)
  if (asked.value === null) return null
  const stored = await store.list(waitingOf(clb), { limit: MOST_WAITING })
  const received = stored.map(receivedIn)
  const asPart = await partToLookAt(clb, asked.value.incident, context)
  const again = asPart?.alarm ?? null
  if (received.length === 0 && again === null) {
    await store.write({ remove: [recordKey('looks', clb)], when: [asked.unchanged] })
    return null
  }
  const now = clock.now()
  const removed: readonly Key[] = stored.map(({ id }) => ({ collection: waitingOf(clb), id }))
  const known = await knownOf(received, context)
  if (again === null && isServedBefore(received, known, now)) {
    await store.write({ remove: removed })
    await doneWith(clb, context)
    for (const id of known.incidents) await tellDue(id, { now, takenAt: now, isHeardAgain: true }, context)
    const served = await readAll(store, 'incidents', known.incidents)
    return { diagnosis: null, incidents: served.flatMap(({ value }) => value ?? []) }
  }
  const alarm = received.length > 0 ? asOne(received, known.sightings, now) : null
  const subject = alarm ?? again
  if (subject === null) return null
  const turn = await insideTurn(received, asPart !== null, context, slots)
  if (turn === 'wait') {
    await lookLater(asked, clb, context)
    return null
  }
  const looked = await diagnose(
    {
      clb: subject.clb,
      region: regionFor(subject),
      // Nobody knows whether an alarm that has been silent for long still fires.
      trigger: { source: subject.source, alarm: alarm ?? (again?.state === 'resolved' ? again : null) },
      ...(turn === 'after' ? { inGuest: 'off' as const } : {}),
      endsAt: now + readMs,
    },
    context,
    AbortSignal.any([deadlineIn(readMs), ...(stop ? [stop] : [])]),
  ).finally(() => (turn === 'now' ? slots?.release() : undefined))
  stop?.throwIfAborted()
  const { snapshot, lookupFailure } = looked
  const { diagnosis, inLanguage } = turn === 'after' ? await announced(looked) : looked
  const part = asPart?.part ?? (lookupFailure ? await openPart(received.map(nameOf), context) : null)
  const absent = absenceOf(lookupFailure, subject, part)
  if (absent === 'no CLB') {
    // Most instances of Prometheus are machines.
    log.warn('alarm refused', {
      reason: 'guessed-vip',
      lookupFailure: lookupFailure?.kind,
      detail: `The alarm names no CLB, and ${subject.clb.vip} in its label instance does not lead to exactly one.`,
    })
    // People were told of it only if it could not be looked up before.
    if (part === null || part.wellAt !== null) {
      await store.write({ remove: removed })
      await doneWith(clb, context)
      return { diagnosis, incidents: [] }
    }
  } else if (lookupFailure)
    log.warn('alarm could not be diagnosed', {
      lookupFailure: lookupFailure.kind,
      detail: lookupFailureText(lookupFailure, subject.source, 'en'),
    })
  const { diagnosis: seen, incidents } = await commitLook(
    {
      diagnoses: [diagnosis, ...otherLanguages(context.config).map(inLanguage)],
      // A look without an alarm has no other name for a CLB that it does not find.
      names: asPart?.part.names ?? [],
      received,
      absent,
      tags: tagsIn(snapshot),
      at: now,
      also: { remove: removed },
    },
    context,
  )
  await doneWith(clb, context)
  const takenAt = Math.min(now, ...received.map(({ at }) => at))
  for (const { id } of incidents)
    await tellDue(id, { now: clock.now(), takenAt, isHeardAgain: received.length > 0 }, context)
  if (turn === 'after') await lookInsideNext(seen, incidents, context)
  logged(seen, incidents, context)
  return { diagnosis: seen, incidents }
}

/** The CLB no longer waits, unless an alarm came meanwhile. */
async function doneWith(clb: string, { store, clock }: AppContext): Promise<void> {
  for (;;) {
    const asked = await readOne(store, 'looks', clb)
    if (asked.value === null) return
    const [next] = await store.list(waitingOf(clb), { limit: 1 })
    const change = next
      ? { put: [written('looks', clb, { failures: 0 }, clock.now())] }
      : { remove: [recordKey('looks', clb)] }
    if (await store.write({ ...change, when: [asked.unchanged] })) return
  }
}

const nameOf = ({ alarm }: Received): string => clbKey(alarm)

function receivedIn(stored: Stored): Received {
  const { alarm, until } = JSON.parse(stored.value) as Pick<Received, 'alarm' | 'until'>
  return { alarm, at: stored.at, until }
}

interface Known {
  readonly sightings: readonly Sighting[]
  readonly incidents: readonly string[]
  /** When the CLB was looked at last, ms since the epoch. Null: never. */
  readonly lookedAt: number | null
}

async function knownOf(received: readonly Received[], { store }: AppContext): Promise<Known> {
  const names = [...new Set(received.map((one) => clbKey(one.alarm)))]
  const records = await readAll(store, 'clbs', names)
  const looks = records.flatMap(({ at }) => at ?? [])
  return {
    sightings: joined(records.map(({ value }) => value?.sightings ?? [])),
    incidents: [...new Set(records.flatMap(({ value }) => value?.incident ?? []))],
    lookedAt: looks.length === 0 ? null : Math.max(...looks),
  }
}

/** Senders repeat an alarm within seconds only if they did not get the answer. */
const isServedBefore = (
  received: readonly Received[],
  { lookedAt, sightings }: Known,
  now: number,
): boolean =>
  received.length > 0 &&
  lookedAt !== null &&
  now - lookedAt <= SERVED_MS &&
  received.every(({ alarm }) => isServed(alarm, sightings, now))

/** The alarms of one CLB that one look serves, as one alarm. */
function asOne(received: readonly Received[], known: readonly Sighting[], now: number): Alarm {
  const heard = received.map((one) => one.alarm)
  const [alarm] = coalesce(heard.map((one) => newestState(one, known)))
  if (!alarm) throw new Error('no alarm')
  return withOthers(alarm, heard, known, now)
}

/** What is looked at again without an alarm: the last alarm of the CLB says what it is about. */
async function partToLookAt(
  clb: string,
  incident: string | undefined,
  context: AppContext,
): Promise<{ readonly part: Part; readonly alarm: Alarm | null } | null> {
  if (incident === undefined) return null
  const { value } = await readOne(context.store, 'incidents', incident)
  const part = value?.parts.find(({ id }) => id === clb)
  if (!part) return null
  const { value: last } = await readOne(context.store, 'diagnoses', part.alarmed ?? part.diagnosis)
  return { part, alarm: Object.values(last?.byLanguage ?? {})[0]?.trigger.alarm ?? null }
}

/** A look that failed is tried again later, each time after a longer wait. */
async function failed(clb: string, error: unknown, context: AppContext): Promise<void> {
  const { store, clock, log } = context
  const why = error instanceof Error ? error.message : String(error)
  const asked = await readOne(store, 'looks', clb)
  const failures = (asked.value?.failures ?? 0) + 1
  if (failures >= MOST_FAILURES) {
    const stored = await store.list(waitingOf(clb), { limit: MOST_WAITING })
    log.error('alarms given up: the look at their CLB failed each time', {
      clb,
      alarms: stored.length,
      error: why,
    })
    await store.write({
      remove: [recordKey('looks', clb), ...stored.map(({ id }) => ({ collection: waitingOf(clb), id }))],
    })
    return
  }
  log.error('look failed; tried again', { clb, failures, error: why })
  const at = clock.now() + 1_000 * 2 ** Math.min(failures, 8)
  await store.write({ put: [written('looks', clb, { ...asked.value, failures }, at)] })
}

const logged = (diagnosis: Diagnosis, incidents: readonly Incident[], { log }: AppContext): void =>
  log.info('alarm handled', {
    diagnosis: diagnosis.id,
    loadBalancer: diagnosis.loadBalancer?.id ?? null,
    verdict: diagnosis.verdict,
    headline: diagnosis.headline,
    causes: diagnosis.findings.filter(isCause).map(({ code }) => code),
    accepted: diagnosis.findings.filter(({ accepted }) => accepted).map(({ code }) => code),
    incidents: incidents.map(({ id, state }) => ({ id, state })),
    ...diagnosis.stats,
  })
