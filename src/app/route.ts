import { isIdle } from '../diagnosis/index.ts'
import type { Alarm, ClbReference } from '../model/alarm.ts'
import { type Diagnosis, isCause } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import type { RouteField, RouteSource, RouteSubject, Routing } from '../model/routing.ts'
import { type Routed, routed, scanSubject, subjectOf } from '../routing/index.ts'
import { enumerated, t } from '../text/index.ts'
import type { AppContext } from './context.ts'
import { type DiagnoseAnswer, type DiagnoseQuestion, diagnose } from './diagnose.ts'
import { routeFactsOf, tagsIn } from './incidents/route-facts.ts'
import { factsText, mayMatch, stepText, unreadText, whyText, withMentions } from './route-text.ts'
import { unreadInScan } from './scan-audience.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.route

// A dry run of the routes: who would be told of a CLB as it is now, by which route, and why. Nothing is sent.

export interface RouteQuestion extends Pick<DiagnoseQuestion, 'clb' | 'region'> {
  readonly source: RouteSource
  /** The alarm policy that would fire. Null: not said. */
  readonly policy: string | null
  readonly language: Language
}

/** `clb-doctor route --format json` (contract 7). */
export interface RouteDecision {
  /** The id. The address, if the CLB could not be looked up. */
  readonly loadBalancer: string
  /** The number of the route that decides, from 1. */
  readonly route: Routed['route']
  readonly receivers: readonly string[]
  readonly mentions: readonly string[]
  readonly why: string
  /** Left out: everything that decides could be read. */
  readonly unread?: {
    /** What routes ask for and could not be read. */
    readonly facts: readonly RouteField[]
    /** The numbers of the routes that only may match, because of that. */
    readonly routes: readonly number[]
    readonly why: string
  }
}

export type RouteAnswer =
  | { readonly decision: RouteDecision; readonly lines: readonly string[]; readonly lookupFailure: null }
  | { readonly decision: null; readonly lookupFailure: Exclude<LookupFailure, { kind: 'unreadable' }> }

/** Looks at the CLB and asks the routes. Does not throw: why it could not be looked up is a `lookupFailure`. */
export async function explainRoute(
  question: RouteQuestion,
  context: AppContext,
  signal: AbortSignal,
): Promise<RouteAnswer> {
  const { clb, region, source, policy, language } = question
  const alarm = firing(clb, region, policy)
  const trigger = { source: 'cli', alarm: source === 'alarm' ? alarm : null } as const
  const seen = await diagnose({ clb, region, language, trigger }, context, signal)
  // An alarm about a CLB that cannot be read is told, too.
  if (seen.lookupFailure !== null && seen.lookupFailure.kind !== 'unreadable')
    return { decision: null, lookupFailure: seen.lookupFailure }
  const { config } = context
  const subject = subjectIn(seen, alarm, source)
  const found = routed(
    subject,
    config.routing,
    config.receivers.map(({ name }) => name),
  )
  const receivers = config.receivers.filter(({ name }) => found.receivers.includes(name))
  const why = whyText(found, subject, config.routing, language)
  const whyUnread = unreadText(seen, subject, language)
  const name = seen.diagnosis.loadBalancer?.name ?? ''
  const id = idOf(seen.diagnosis, clb)
  return {
    decision: {
      loadBalancer: id,
      route: found.route,
      receivers: receivers.map((own) => own.name),
      mentions: [...new Set(receivers.flatMap(({ mentions }) => mentions))],
      why,
      ...(found.unread.length > 0
        ? { unread: { facts: found.unread, routes: mayMatch(found), why: whyUnread } }
        : {}),
    },
    lines: [
      factsText({ id, name }, subject, language),
      ...(subject.unread.length > 0 ? [whyUnread] : []),
      ...found.steps.map((step) => stepText(step, subject, config.routing, language)),
      ...(typeof found.route === 'number' ? [] : [why]),
      ...(isOpen(seen.diagnosis, source, config.routing) ? [WORDS.named[language]] : []),
      receivers.length === 0
        ? t(WORDS.nobody, {}, language)
        : t(
            WORDS.told,
            {
              receivers: enumerated(
                receivers.map((own) => withMentions(own, language)),
                language,
              ),
            },
            language,
          ),
    ],
    lookupFailure: null,
  }
}

/** The CLB, or a scan that finds it alone, as routes see it. */
function subjectIn(
  { diagnosis, snapshot }: Pick<DiagnoseAnswer, 'diagnosis' | 'snapshot'>,
  alarm: Alarm,
  source: RouteSource,
): RouteSubject {
  const { loadBalancer, verdict, attention = 'none', findings } = diagnosis
  const region = loadBalancer?.region ?? alarm.region ?? ''
  const one = subjectOf({
    id: idOf(diagnosis, alarm.clb),
    name: loadBalancer?.name ?? '',
    region,
    verdict,
    attention,
    facts: routeFactsOf({ diagnosis, tags: tagsIn(snapshot), received: [{ alarm }] }, undefined),
  })
  if (source === 'alarm') return one
  const code = [...new Set(findings.filter(isCause).map((finding) => finding.code))]
  // A scan knows in which regions it looked.
  return scanSubject({ ...one, region: region === '' ? [] : [region], code, unread: unreadInScan(verdict) })
}

/** The address, if the CLB could not be looked up. */
const idOf = (
  { loadBalancer }: Pick<Diagnosis, 'loadBalancer'>,
  { vip, domain, name }: ClbReference,
): string => loadBalancer?.id ?? vip ?? domain ?? name ?? ''

/** An alarm about the whole CLB, which fires now. */
const firing = (clb: ClbReference, region: string | null, policy: string | null): Alarm => ({
  source: 'cli',
  state: 'firing',
  kind: 'request',
  clb,
  region,
  unknownRegion: null,
  listener: null,
  backend: null,
  policy: { id: null, name: policy },
  subject: null,
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt: null,
  recoveredAt: null,
})

/** An alarm can name a listener. If that one is idle beside others that serve, it is more urgent than the whole CLB. */
const isOpen = (
  { attention, findings }: Pick<Diagnosis, 'attention' | 'findings'>,
  source: RouteSource,
  { routes }: Routing,
): boolean =>
  source === 'alarm' &&
  attention !== 'act-now' &&
  findings.some(isIdle) &&
  routes.some(({ match }) => match.attention !== undefined)
