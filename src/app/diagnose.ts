import { runChecks } from '../checks/index.ts'
import type { Cloud } from '../cloud/session.ts'
import type { DeliveryReport, Dispatcher } from '../delivery/index.ts'
import { buildDiagnosis, type Circumstances, diagnoseNothing, lookupFailureText } from '../diagnosis/index.ts'
import type { Alarm, ClbReference } from '../model/alarm.ts'
import type { Clock } from '../model/clock.ts'
import { type Diagnosis, isCause } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { Log } from '../model/log.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { isRegion } from '../model/regions.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { evaluatePaths } from '../path/index.ts'
import { LoadBalancerLookupError, readSnapshot } from '../snapshot/index.ts'
import { narrow } from '../snapshot/narrow.ts'
import type { Config } from './config.ts'
import { lookupFailureOf } from './lookup-failure.ts'

// The entries print answers by this door.
export { renderAs } from '../render/index.ts'

// The whole story: intake → snapshot → assessment → checks → diagnosis → (render → sinks).

/** What a run needs from outside. */
export interface AppContext {
  readonly config: Config
  readonly cloud: Cloud
  readonly dispatcher: Dispatcher
  readonly clock: Clock
  readonly log: Log
  /** A fresh `dx-…`. */
  readonly newId: () => string
}

export interface DiagnoseQuestion {
  readonly clb: ClbReference
  readonly region: string | null
  readonly listenerId?: string | null
  readonly language?: Language
  readonly trigger: Diagnosis['trigger']
}

export interface DiagnoseAnswer {
  readonly diagnosis: Diagnosis
  /** What was read; null where nothing was. */
  readonly snapshot: Snapshot | null
  /** Why nothing could be read, where that is so: an unknown CLB, rejected credentials. */
  readonly lookupFailure: LookupFailure | null
}

/** The audit log is asked early and mostly there by the end; who is on call does not wait longer to learn who it was. */
const PATIENCE_MS = 1_000

/**
 * One diagnosis. Never throws for what the API does: an unknown CLB, rejected credentials or an API that is down come
 * back as an `obstacle` beside an inconclusive diagnosis.
 */
export async function diagnose(
  question: DiagnoseQuestion,
  context: AppContext,
  signal: AbortSignal,
): Promise<DiagnoseAnswer> {
  const { clock, cloud, config } = context
  const started = clock.now()
  // What is still asked when the answer is there is not waited for.
  const done = new AbortController()
  const session = cloud.session(AbortSignal.any([signal, done.signal]))
  const region = question.region ?? config.region
  const circumstances = () => ({
    id: context.newId(),
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

/** A snapshot alone, judged: the same for one just taken and for one from a file. */
export function diagnoseSnapshot(snapshot: Snapshot, circumstances: Circumstances): Diagnosis {
  const paths = evaluatePaths(snapshot)
  return buildDiagnosis(paths, runChecks(paths), circumstances)
}

/** How long an alarm may take, in ms: reading stops first, so that what is known by then can still be sent. */
export interface Budget {
  readonly read: number
  /** Of one message, from its turn at the receiver on; `spent` is what has gone since the alarm was begun. */
  readonly deliver: (spent: number) => number
}

export interface Handled {
  readonly diagnosis: Diagnosis
  readonly deliveries: readonly DeliveryReport[]
}

/**
 * A VIP is not looked up elsewhere than where its alarm says, even where that is no region that we know: a private one
 * may belong to another CLB there. An id is one CLB's alone, so the default region may be tried.
 */
const regionFor = ({ clb, region, unknownRegion }: Alarm): string | null =>
  region ?? (clb.loadBalancerId === null ? unknownRegion : null)

/** One alarm, diagnosed and delivered to every receiver. `diagnosed` is called in between. */
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
