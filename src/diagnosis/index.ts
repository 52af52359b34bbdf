import { type CheckRun, type Draft, doubtsText } from '../checks/index.ts'
import { type Console, consoleUrlOf } from '../model/console.ts'
import {
  CERTAINTY_ORDER,
  type Certainty,
  type Diagnosis,
  type Finding,
  type Fix,
  type Resource,
} from '../model/diagnosis.ts'
import type { Language, Text } from '../model/language.ts'
import type { Paths } from '../path/index.ts'
import { listed, type Params, sentences, type TimeZone, t, timeFor } from '../text/index.ts'
import { attentionOf } from './attention.ts'
import type { Circumstances } from './circumstances.ts'
import { downWithoutRules, withClientsNote } from './clients.ts'
import { applyExpected, divided, expectedGaps, expectedText, expectedView } from './expected.ts'
import { fixesOf } from './fixes/index.ts'
import { gapsOf } from './gaps/index.ts'
import { headlineOf } from './headline.ts'
import { linkedChanges } from './linked-changes.ts'
import { notAlone } from './not-alone.ts'
import { repairOf } from './repair/index.ts'
import { type Assigned, accountsForDead, assignRoles } from './roles.ts'
import { TEXTS } from './texts.ts'
import { textOf } from './title.ts'
import { titlesOf } from './titles.ts'
import { verdictOf } from './verdict.ts'
import { balancerView, poolViewsIn } from './view.ts'

// diagnosis/ compares the findings of the checks with the observed health: roles, verdict, fixes, gaps and the
// headline. Only app/ calls it. It is pure: the same paths, findings and circumstances give the same Diagnosis. It may
// not read the cloud or know a receiver. Missing facts become gaps, never "healthy".

export { isIdle } from './attention.ts'
export { knownCodes } from './expected.ts'
export { joinedSummary } from './fixes/index.ts'
export { kindOf, type TargetKind } from './gaps/by-hand.ts'
export { failureGap } from './gaps/index.ts'
export { lookupFailureText } from './lookup-failure.ts'
export { diagnoseNothing } from './nothing.ts'
export { thingOf } from './title.ts'
export type { Circumstances }

/** Compares findings with observed health, ranks causes, verifies fixes and lists gaps. Pure. */
export function buildDiagnosis(paths: Paths, run: CheckRun, context: Circumstances): Diagnosis {
  const { language, timeZone, console } = context
  const now = Date.parse(context.createdAt)
  const drafts = divided(run.drafts, context.expected, now)
  const assigned = applyExpected(assignRoles(drafts, paths), context.expected, now)
  const fixes = fixesOf(assigned, paths, { language, createdAt: context.createdAt, timeZone })
  const titles = titlesOf(assigned, paths, language)
  const pools = paths.pools.map(poolViewsIn(paths, downWithoutRules(assigned), language))
  const findings = assigned.map((one, i) => {
    const [title = '', fix = null] = [titles[i], fixes[i]]
    const found = findingOf(one, { all: assigned, title, fix, paths, language, timeZone, console })
    return withClientsNote({ id: `f${i + 1}`, ...found }, pools, language)
  })
  const gaps = [
    ...gapsOf(paths, assigned, language, timeZone),
    ...expectedGaps(assigned, context.expected, now, language, timeZone),
  ]
  const verdict = verdictOf(paths, notServing(assigned))
  const loadBalancer = balancerView(paths, console)
  return {
    schemaVersion: 1,
    id: context.id,
    createdAt: context.createdAt,
    language,
    ...(timeZone === null ? {} : { timeZone }),
    trigger: context.trigger,
    loadBalancer,
    verdict,
    attention: attentionOf({ verdict, pools, findings, trigger: context.trigger }),
    headline: headlineOf(
      { verdict, loadBalancer, pools, findings, gaps, trigger: context.trigger },
      language,
      timeZone,
    ),
    pools,
    findings,
    checks: run.reports,
    gaps,
    changes: paths.changes,
    ...repairOf(paths, { verdict, pools, trigger: context.trigger, createdAt: context.createdAt }),
    stats: context.stats,
  }
}

/** How certain it is that the CLB or one of its listeners does not serve. Null if nothing says so. */
function notServing(assigned: readonly Assigned[]): Certainty | null {
  const found = assigned.filter(
    (one) => one.draft.code.startsWith('load-balancer-state/') && accountsForDead(one),
  )
  return CERTAINTY_ORDER.find((certainty) => found.some((one) => one.certainty === certainty)) ?? null
}

interface Beside {
  /** Every finding of the diagnosis. */
  readonly all: readonly Assigned[]
  readonly title: string
  readonly fix: Fix | null
  readonly paths: Paths
  readonly language: Language
  readonly timeZone: TimeZone
  readonly console: Console
}

function findingOf(assigned: Assigned, beside: Beside): Omit<Finding, 'id'> {
  const { all, title, fix, paths, language, timeZone, console } = beside
  const { draft, role, certainty, explains, contradictedBy, expected } = assigned
  const text = textOf(draft.code)
  const changes = linkedChanges(assigned, paths)
  const params = { ...draft.params, doubt: doubtsText(draft, certainty) }
  return {
    code: draft.code,
    role,
    certainty,
    severity: role === 'note' ? 'info' : draft.severity,
    title,
    ...quoteOf(text.quote, draft, language),
    detail: sentences(
      [
        t(text.detail, { ...params, ...timesIn(params, language, timeZone) }, language),
        ...membersText(draft, language),
        ...expectedText(assigned, language, timeZone),
        ...notAlone(assigned, all, paths, language),
      ],
      language,
    ),
    params,
    resources: draft.resources.map((resource) => withConsoleUrl(resource, paths, console)),
    explains,
    contradictedBy,
    evidence: draft.evidence,
    fix,
    ...(expected ? { expected: expectedView(expected), accepted: expectedView(expected) } : {}),
    ...(changes.length > 0 ? { changes } : {}),
  }
}

/** Checks give times as ISO 8601, in params that end in `At`. A text shows them in the reader's zone. */
const timesIn = (params: Params, language: Language, zone: TimeZone): Params =>
  Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) =>
      name.endsWith('At') && typeof value === 'string' ? [[name, timeFor(value, language, zone)]] : [],
    ),
  )

/** A message names ten of many things and counts the others. A page and a mail name all but of very many. */
const MOST_QUOTED = 10
const MOST_NAMED = 200

function quoteOf(
  quote: Text | undefined,
  { params, members = [] }: Draft,
  language: Language,
): { readonly quote?: string } {
  const own = quote ? t(quote, params, language) : ''
  const line = own === '' && members.length > 0 ? namesOf(members, MOST_QUOTED, language) : own
  return line === '' ? {} : { quote: line }
}

const membersText = ({ members = [] }: Draft, language: Language): readonly string[] =>
  members.length === 0 ? [] : [t(TEXTS.members, { list: namesOf(members, MOST_NAMED, language) }, language)]

const namesOf = (members: readonly Text[], most: number, language: Language): string =>
  listed(
    members.map((name) => name[language]),
    language,
    most,
  )

/** A listener or rule is shown on the page of its CLB. */
function withConsoleUrl(resource: Resource, { snapshot }: Paths, console: Console): Resource {
  const region = resource.region ?? snapshot.region
  const isOfClb = resource.type === 'listener' || resource.type === 'rule'
  const place = isOfClb ? { type: 'clb', id: snapshot.loadBalancerId, region } : { ...resource, region }
  const consoleUrl = consoleUrlOf(place, console)
  return consoleUrl === null ? resource : { ...resource, consoleUrl }
}
