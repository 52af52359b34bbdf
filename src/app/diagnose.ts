import { runChecks } from '../checks/index.ts'
import { buildDiagnosis, type Circumstances, diagnoseNothing } from '../diagnosis/index.ts'
import type { Alarm, ClbReference } from '../model/alarm.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { overAt } from '../model/recovery.ts'
import { isRegion } from '../model/regions.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { evaluatePaths } from '../path/index.ts'
import { LoadBalancerLookupError, narrow, readSnapshot } from '../snapshot/index.ts'
import { clusterReadingIn } from './cluster-reading.ts'
import type { AppContext } from './context.ts'
import type { FurtherLooks, InGuest, LookTime } from './look-further.ts'
import { lookupFailureOf } from './lookup-failure.ts'

// The entries import these from here, because they may not import render/ or diagnosis/.
export type { Circumstances, InGuest }

// How one diagnosis is made: snapshot → paths → checks → diagnosis. A look inside machines (look-further.ts) makes the
// snapshot fuller, and the diagnosis is made again. For an alarm, incidents/ and delivery follow.

export interface DiagnoseQuestion extends FurtherLooks {
  readonly clb: ClbReference
  readonly region: string | null
  readonly listenerId?: string | null
  readonly language?: Language
  readonly trigger: Diagnosis['trigger']
  /** When reading has to end, ms since the epoch. A look inside machines needs to know. Left out: soon. */
  readonly endsAt?: number
}

export interface DiagnoseAnswer {
  readonly diagnosis: Diagnosis
  /** The same in another language. */
  readonly inLanguage: (language: Language) => Diagnosis
  /** Null if nothing could be read. */
  readonly snapshot: Snapshot | null
  /** Why there is no snapshot: e.g. an unknown CLB or rejected credentials. Null if there is one. */
  readonly lookupFailure: LookupFailure | null
}

/** Wait this long for the audit log once everything else has been read. */
const PATIENCE_MS = 1_000

/**
 * Diagnoses one CLB. Does not throw: if the CLB is unknown, the credentials are rejected, the API is down or our code
 * crashes, it returns an inconclusive diagnosis and a `lookupFailure`.
 */
export async function diagnose(
  question: DiagnoseQuestion,
  context: AppContext,
  signal: AbortSignal,
): Promise<DiagnoseAnswer> {
  const { clock, cloud, config } = context
  const started = clock.now()
  // Cancels the calls that are still open once the diagnosis is done.
  const done = new AbortController()
  const reading = AbortSignal.any([signal, done.signal])
  const session = cloud.session(reading)
  const region = question.region ?? config.region
  const own = question.language ?? config.language
  const id = context.newId('dx')
  const circumstances = (language = own) => ({
    id,
    createdAt: new Date(clock.now()).toISOString(),
    language,
    timeZone: config.timeZone,
    console: config.console,
    trigger: question.trigger,
    stats: { ...session.cost, durationMs: clock.now() - started },
    expected: config.expected,
  })
  try {
    if (region !== null && !isRegion(region))
      throw new LoadBalancerLookupError('unknown-region', question.clb.vip ?? '-', region)
    const whole = await readSnapshot(session, question.clb, region, {
      takenAt: new Date(started).toISOString(),
      alarmedAt: question.trigger.alarm?.firstOccurredAt ?? null,
      isFiring: question.trigger.alarm?.state === 'firing',
      recoveredAt: overAt(question.trigger.alarm ?? null, new Date(started).toISOString()),
      patience: () => clock.sleep(PATIENCE_MS, reading),
      ...clusterReadingIn(context, reading),
    })
    const narrowed = (all: Snapshot): Snapshot =>
      question.listenerId ? narrow(all, question.listenerId) : all
    const full = await withFurtherLooks(whole, question, context, {
      cloud: session,
      signal,
      endsAt: question.endsAt ?? started + USUAL_BUDGET_MS,
      findingsOf: () => diagnoseSnapshot(narrowed(whole), circumstances()).findings,
      narrowed,
    })
    const snapshot = narrowed(full)
    return {
      ...inEach((language) => diagnoseSnapshot(snapshot, circumstances(language)), own),
      snapshot: full,
      lookupFailure: null,
    }
  } catch (error) {
    const lookupFailure = lookupFailureOf(error, region, question.region !== null)
    if (lookupFailure.kind === 'defect')
      context.log.error('diagnosis crashed', { stack: error instanceof Error ? error.stack : String(error) })
    return {
      ...inEach((language) => diagnoseNothing(lookupFailure, question.clb, circumstances(language)), own),
      snapshot: null,
      lookupFailure,
    }
  } finally {
    done.abort()
  }
}

/** The time of a question that does not say it. */
const USUAL_BUDGET_MS = 30_000

interface Looking extends LookTime {
  readonly findingsOf: () => Diagnosis['findings']
  readonly narrowed: (all: Snapshot) => Snapshot
}

/** The snapshot with what machines said, and packets met, where somebody wants that. */
async function withFurtherLooks(
  whole: Snapshot,
  question: DiagnoseQuestion,
  context: AppContext,
  { findingsOf, narrowed, ...time }: Looking,
): Promise<Snapshot> {
  // Most diagnoses need none of it, so it is loaded only here.
  const isInside = question.inGuest ? question.inGuest !== 'off' : context.config.inGuest
  if (!isInside && question.probesNetwork !== true) return whole
  const { lookFurther } = await import('./look-further.ts')
  const brought = await lookFurther(narrowed(whole), findingsOf(), question, context, time)
  return { ...whole, ...brought, cost: { ...time.cloud.cost } }
}

/** The diagnosis in its own language, and how to make it in another one. */
const inEach = (
  made: (language: Language) => Diagnosis,
  own: Language,
): Pick<DiagnoseAnswer, 'diagnosis' | 'inLanguage'> => {
  const diagnosis = made(own)
  return { diagnosis, inLanguage: (language) => (language === own ? diagnosis : made(language)) }
}

/** Diagnoses a snapshot that was just taken or comes from a file. */
export function diagnoseSnapshot(snapshot: Snapshot, circumstances: Circumstances): Diagnosis {
  const paths = evaluatePaths(snapshot)
  return buildDiagnosis(paths, runChecks(paths), circumstances)
}

/** How long an alarm may take, in ms. Reading ends early enough that what is known so far can still be sent. */
export interface Budget {
  readonly read: number
  /** The time for one message, which starts when the receiver is free. `spent`: the time since the alarm began. */
  readonly deliver: (spent: number) => number
}

/**
 * The region to search; null means the default region. A VIP is searched only in the region of its alarm, even if we do
 * not know that region, because a CLB in another region may have the same private VIP. An id is unique.
 */
export const regionFor = ({ clb, region, unknownRegion }: Alarm): string | null =>
  region ?? (clb.loadBalancerId === null ? unknownRegion : null)
