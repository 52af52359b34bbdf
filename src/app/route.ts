import { isIdle } from '../diagnosis/index.ts'
import type { Alarm, ClbReference } from '../model/alarm.ts'
import { type Diagnosis, isCause } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import {
  ROUTE_KEYS,
  type RouteMatch,
  type RouteSource,
  type RouteSubject,
  type Routing,
} from '../model/routing.ts'
import {
  type Mismatch,
  type Routed,
  type RouteStep,
  routed,
  scanSubject,
  subjectOf,
} from '../routing/index.ts'
import { enumerated, mark, t, withAside } from '../text/index.ts'
import type { AppContext } from './context.ts'
import { type DiagnoseQuestion, diagnose } from './diagnose.ts'
import { codesOf } from './incidents/route-facts.ts'
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
  /** The id. */
  readonly loadBalancer: string
  /** The number of the route that decides, from 1. */
  readonly route: Routed['route']
  readonly receivers: readonly string[]
  readonly mentions: readonly string[]
  readonly why: string
}

export type RouteAnswer =
  | { readonly decision: RouteDecision; readonly lines: readonly string[]; readonly lookupFailure: null }
  | { readonly decision: null; readonly lookupFailure: LookupFailure }

/** Looks at the CLB and asks the routes. Does not throw: why it could not be looked up is a `lookupFailure`. */
export async function explainRoute(
  { clb, region, source, policy, language }: RouteQuestion,
  context: AppContext,
  signal: AbortSignal,
): Promise<RouteAnswer> {
  const { config } = context
  const trigger = { source: 'cli', alarm: source === 'alarm' ? firing(clb, region, policy) : null } as const
  const { diagnosis, snapshot, lookupFailure } = await diagnose(
    { clb, region, language, trigger },
    context,
    signal,
  )
  const balancer = diagnosis.loadBalancer
  if (lookupFailure !== null) return { decision: null, lookupFailure }
  if (balancer === null) throw new Error('a diagnosis without a CLB has a reason')
  const { verdict, attention = 'none', findings } = diagnosis
  const one = subjectOf({
    id: balancer.id,
    name: balancer.name ?? '',
    region: balancer.region,
    verdict,
    attention,
    facts: {
      tags: snapshot?.loadBalancer.state === 'ok' ? snapshot.loadBalancer.value.tags : {},
      vpc: balancer.vpcId ?? null,
      policies: policy === null ? [] : [policy],
      codes: codesOf(findings),
    },
  })
  const code = [...new Set(findings.filter(isCause).map((finding) => finding.code))]
  const subject = source === 'alarm' ? one : scanSubject({ ...one, code })
  const names = config.receivers.map(({ name }) => name)
  const found = routed(subject, config.routing, names)
  const receivers = config.receivers.filter(({ name }) => found.receivers.includes(name))
  const why = whyText(found, subject, context, language)
  return {
    decision: {
      loadBalancer: balancer.id,
      route: found.route,
      receivers: receivers.map(({ name }) => name),
      mentions: [...new Set(receivers.flatMap(({ mentions }) => mentions))],
      why,
    },
    lines: [
      `${withAside(balancer.name || balancer.id, balancer.id, language)}${mark('colon', language)}${factsText(subject, language)}`,
      ...found.steps.map((step) => stepText(step, subject, context, language)),
      ...(typeof found.route === 'number' ? [] : [why]),
      ...(isOpen(diagnosis, source, config.routing) ? [WORDS.named[language]] : []),
      receivers.length === 0
        ? t(WORDS.nobody, {}, language)
        : t(
            WORDS.told,
            {
              receivers: enumerated(
                receivers.map((own) => shown(own, language)),
                language,
              ),
            },
            language,
          ),
    ],
    lookupFailure: null,
  }
}

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

const shown = (
  { name, mentions }: { readonly name: string; readonly mentions: readonly string[] },
  language: Language,
): string =>
  mentions.length === 0
    ? name
    : withAside(name, t(WORDS.mentions, { mentions: enumerated(mentions, language) }, language), language)

/** What the CLB has of what routes ask for: `region ap-guangzhou, attention act-soon`. */
function factsText(subject: RouteSubject, language: Language): string {
  const tags = Object.entries(subject.tag).map(([tag, value]) => `tag.${tag} ${value}`)
  const rest = ROUTE_KEYS.filter((key) => key !== 'name' && key !== 'loadBalancer')
  return enumerated(
    [
      ...rest.flatMap((key) => (subject[key].length > 0 ? [`${key} ${subject[key].join(' ')}`] : [])),
      ...tags,
    ],
    language,
  )
}

function stepText(
  { route, mismatch }: RouteStep,
  subject: RouteSubject,
  { config }: AppContext,
  language: Language,
): string {
  if (mismatch !== null)
    return t(WORDS.differs, { route, why: mismatchText(mismatch, subject, language) }, language)
  const own = config.routing.routes[route - 1]
  const to = own && own.to.length > 0 ? enumerated(own.to, language) : WORDS.noOne[language]
  const conditions = conditionsText(own?.match ?? {}, subject, language)
  return t(own?.continue ? WORDS.continues : WORDS.decides, { route, conditions, to }, language)
}

/** In one sentence. */
function whyText(found: Routed, subject: RouteSubject, { config }: AppContext, language: Language): string {
  const { route } = found
  if (typeof route !== 'number') {
    const isAsked = config.routing.routes.length > 0
    return WORDS[
      route === 'default' ? (isAsked ? 'byDefault' : 'defaultAlone') : isAsked ? 'toAll' : 'allAlone'
    ][language]
  }
  const taking = found.steps.flatMap((step) => (step.mismatch === null ? [step.route] : []))
  const conditions = conditionsText(config.routing.routes[route - 1]?.match ?? {}, subject, language)
  const others = taking.filter((one) => one !== route).map(String)
  return others.length === 0
    ? t(WORDS.one, { route, conditions }, language)
    : t(WORDS.several, { route, conditions, others: enumerated(others, language) }, language)
}

/** What a route asks for and the CLB has. */
function conditionsText(match: RouteMatch, subject: RouteSubject, language: Language): string {
  const tags = Object.keys(match.tag ?? {}).map((tag) => `tag.${tag} ${subject.tag[tag] ?? ''}`)
  const others = ROUTE_KEYS.filter((key) => match[key] !== undefined).map(
    (key) => `${key} ${subject[key].join(' ')}`,
  )
  return tags.length + others.length === 0
    ? WORDS.everything[language]
    : enumerated([...tags, ...others], language)
}

function mismatchText(
  { key, tag, wanted, found }: Mismatch,
  { source }: RouteSubject,
  language: Language,
): string {
  const field = tag === undefined ? key : `tag.${tag}`
  const asked = enumerated(wanted, language)
  if (found.length > 0)
    return t(WORDS.other, { field, found: enumerated(found, language), wanted: asked }, language)
  if (source.includes('scan')) return t(WORDS.noneInScan, { field, wanted: asked }, language)
  return t(key === 'policy' ? WORDS.noPolicy : WORDS.nothing, { field, wanted: asked }, language)
}
