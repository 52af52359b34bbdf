import { runChecks } from '../checks/index.ts'
import type { DeliveryReport } from '../delivery/index.ts'
import { buildDiagnosis, type Circumstances, diagnoseNothing, lookupFailureText } from '../diagnosis/index.ts'
import type { Alarm, ClbReference } from '../model/alarm.ts'
import { type Diagnosis, isCause } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { isRegion } from '../model/regions.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { evaluatePaths } from '../path/index.ts'
import { LoadBalancerLookupError, narrow, readSnapshot } from '../snapshot/index.ts'
import type { AppContext } from './context.ts'
import { lookupFailureOf } from './lookup-failure.ts'

// The entries print answers by this door.
export { renderAs } from '../render/index.ts'

// The story of one diagnosis: snapshot → paths → checks → diagnosis. Of an alarm: that, then render → delivery.

export interface DiagnoseQuestion {
  readonly clb: ClbReference
  readonly region: string | null
  readonly listenerId?: string | null
  readonly language?: Language
  readonly trigger: Diagnosis['trigger']
}

export interface DiagnoseAnswer {
  readonly diagnosis: Diagnosis
  /** What was read; null if nothing was. */
  readonly snapshot: Snapshot | null
  /** Why nothing could be read: an unknown CLB, rejected credentials. Null if something was read. */
  readonly lookupFailure: LookupFailure | null
}

/** Wait this long for the audit log once everything else has been read. */
const PATIENCE_MS = 1_000

/**
 * One diagnosis. Never throws for what the API does: an unknown CLB, rejected credentials or an API that is down come
 * back as a `lookupFailure` beside an inconclusive diagnosis.
 */
export async function diagnose(
  question: DiagnoseQuestion,
  context: AppContext,
  signal: AbortSignal,
): Promise<DiagnoseAnswer> {
  const { clock, cloud, config } = context
  const started = clock.now()
  // Aborted once the answer is there, so that nobody waits for calls that are still open.
  const done = new AbortController()
  const session = cloud.session(AbortSignal.any([signal, done.signal]))
  const region = question.region ?? config.region
  const circumstances = () => ({
    id: context.newId('dx'),
    createdAt: new Date(clock.now()).toISOString(),
    language: question.language ?? config.language,
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
      patience: () => clock.sleep(PATIENCE_MS, AbortSignal.any([signal, done.signal])),
    })
    const snapshot = question.listenerId ? narrow(whole, question.listenerId) : whole
    return { diagnosis: diagnoseSnapshot(snapshot, circumstances()), snapshot: whole, lookupFailure: null }
  } catch (error) {
    const lookupFailure = lookupFailureOf(error, region)
    if (lookupFailure.kind === 'defect')
      context.log.error('diagnosis crashed', { stack: error instanceof Error ? error.stack : String(error) })
    return {
      diagnosis: diagnoseNothing(lookupFailure, question.clb, circumstances()),
      snapshot: null,
      lookupFailure,
    }
  } finally {
    done.abort()
  }
}

/** Diagnoses a snapshot, whether it was just taken or comes from a file. */
export function diagnoseSnapshot(snapshot: Snapshot, circumstances: Circumstances): Diagnosis {
  const paths = evaluatePaths(snapshot)
  return buildDiagnosis(paths, runChecks(paths), circumstances)
}

/** How long an alarm may take, in ms. Reading stops first, so that what is known by then can still be sent. */
export interface Budget {
  readonly read: number
  /** For one message, from its turn at the receiver on. `spent`: the time since the alarm was begun. */
  readonly deliver: (spent: number) => number
}

export interface Handled {
  readonly diagnosis: Diagnosis
  readonly deliveries: readonly DeliveryReport[]
}

/**
 * The region to look in. A VIP is looked up only where its alarm says, even if we do not know that region: another CLB
 * may have the same private VIP elsewhere. An id belongs to one CLB, so the default region may be tried.
 */
const regionFor = ({ clb, region, unknownRegion }: Alarm): string | null =>
  region ?? (clb.loadBalancerId === null ? unknownRegion : null)

/** Diagnoses one alarm and delivers the result to every receiver. Calls `diagnosed` in between. */
export async function handleAlarm(
  alarm: Alarm,
  context: AppContext,
  budget: Budget,
  diagnosed: () => void = () => {},
): Promise<Handled> {
  const { log, dispatcher, clock } = context
  const begun = clock.now()
  const { diagnosis, lookupFailure } = await diagnose(
    { clb: alarm.clb, region: regionFor(alarm), trigger: { source: alarm.source, alarm } },
    context,
    AbortSignal.timeout(budget.read),
  )
  if (lookupFailure)
    log.warn('alarm could not be diagnosed', {
      lookupFailure: lookupFailure.kind,
      detail: lookupFailureText(lookupFailure, 'en'),
    })
  diagnosed()
  const deliveries = await dispatcher.dispatch(diagnosis, budget.deliver(clock.now() - begun))
  log.info('alarm handled', {
    diagnosis: diagnosis.id,
    loadBalancer: diagnosis.loadBalancer?.id ?? null,
    verdict: diagnosis.verdict,
    headline: diagnosis.headline,
    causes: diagnosis.findings.filter(isCause).map(({ code }) => code),
    accepted: diagnosis.findings.filter(({ accepted }) => accepted).map(({ code }) => code),
    deliveries: deliveries.map(({ receiver, outcome }) => ({ receiver, outcome })),
    ...diagnosis.stats,
  })
  return { diagnosis, deliveries }
}
