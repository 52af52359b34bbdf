import type { Diagnosis } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import {
  ROUTE_KEYS,
  type RouteField,
  type RouteMatch,
  type RouteSubject,
  type Routing,
} from '../model/routing.ts'
import type { Mismatch, Routed, RouteStep } from '../routing/index.ts'
import { enumerated, mark, semicolons, t, withAside } from '../text/index.ts'
import type { DiagnoseAnswer } from './diagnose.ts'
import { lookupFailureText } from './lookup-failure.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.route

// The words of the dry run of the routes.

export const withMentions = (
  { name, mentions }: { readonly name: string; readonly mentions: readonly string[] },
  language: Language,
): string =>
  mentions.length === 0
    ? name
    : withAside(name, t(WORDS.mentions, { mentions: enumerated(mentions, language) }, language), language)

/** What the CLB has of what routes ask for: `shop-front (lb-7dpmqwcu): region ap-guangzhou, attention act-soon`. */
export function factsText(
  { id, name }: { readonly id: string; readonly name: string },
  subject: RouteSubject,
  language: Language,
): string {
  const tags = Object.entries(subject.tag).map(([tag, value]) => `tag.${tag} ${value}`)
  const rest = ROUTE_KEYS.filter((key) => key !== 'name' && key !== 'loadBalancer')
  const facts = [
    ...rest.flatMap((key) => (subject[key].length > 0 ? [`${key} ${subject[key].join(' ')}`] : [])),
    ...tags,
  ]
  const clb = name === '' ? id : withAside(name, id, language)
  return `${clb}${mark('colon', language)}${enumerated(facts, language)}`
}

/** `Not read: name, vpc, tag. Attributes of the CLB: no permission (…)` */
export function unreadText(
  { diagnosis, lookupFailure }: Pick<DiagnoseAnswer, 'diagnosis' | 'lookupFailure'>,
  { unread }: RouteSubject,
  language: Language,
): string {
  const whys = lookupFailure
    ? [lookupFailureText(lookupFailure, 'cli', language)]
    : gapsFor(unread, diagnosis, language)
  return t(WORDS.unread, { fields: enumerated(unread, language), why: semicolons(whys, language) }, language)
}

/** What the CLB itself says. Anything else shows in its verdict and the codes of its findings. */
const OF_CLB: ReadonlySet<RouteField> = new Set(['tag', 'name', 'region', 'vpc', 'loadBalancer'])
const CLB = 'clb:DescribeLoadBalancers'

function gapsFor(
  unread: readonly RouteField[],
  { gaps, loadBalancer, headline }: Diagnosis,
  language: Language,
): readonly string[] {
  const needsAll = unread.some((field) => !OF_CLB.has(field))
  const failed = gaps.filter(
    ({ action, errorCode }) => errorCode !== undefined && (needsAll || action === CLB),
  )
  const isSilent = unread.includes('tag') && loadBalancer?.name !== undefined
  const whys = [
    ...failed.map(({ what, why }) => `${what}${mark('colon', language)}${why}`),
    ...(isSilent ? [WORDS.silentTags[language]] : []),
  ]
  return whys.length === 0 ? [headline] : whys
}

/** The numbers of the routes that may match, because something could not be read. */
export const mayMatch = ({ steps }: Pick<Routed, 'steps'>): readonly number[] =>
  steps.flatMap(({ route, mismatch, unread }) => (mismatch === null && unread.length > 0 ? [route] : []))

export function stepText(
  { route, mismatch, unread }: RouteStep,
  subject: RouteSubject,
  { routes }: Routing,
  language: Language,
): string {
  if (mismatch !== null)
    return t(WORDS.differs, { route, why: mismatchText(mismatch, subject, language) }, language)
  const own = routes[route - 1]
  const to = own && own.to.length > 0 ? enumerated(own.to, language) : WORDS.noOne[language]
  if (unread.length > 0) {
    const why = semicolons(
      unread.map((one) => mismatchText(one, subject, language)),
      language,
    )
    return t(WORDS.may, { route, why, to }, language)
  }
  const conditions = conditionsText(own?.match ?? {}, subject, language)
  return t(own?.continue ? WORDS.continues : WORDS.decides, { route, conditions, to }, language)
}

/** In one sentence. */
export function whyText(found: Routed, subject: RouteSubject, routing: Routing, language: Language): string {
  const unsure = mayMatch(found)
  const decided = decidedText(found, subject, routing, language)
  return unsure.length === 0
    ? decided
    : semicolons(
        [decided, t(WORDS.mayToo, { routes: enumerated(unsure.map(String), language) }, language)],
        language,
      )
}

function decidedText(found: Routed, subject: RouteSubject, routing: Routing, language: Language): string {
  const { route, steps } = found
  if (typeof route !== 'number') return WORDS[restOf(found, routing)][language]
  const taking = steps.flatMap((step) =>
    step.mismatch === null && step.unread.length === 0 ? [step.route] : [],
  )
  const conditions = conditionsText(routing.routes[route - 1]?.match ?? {}, subject, language)
  const others = taking.filter((one) => one !== route).map(String)
  return others.length === 0
    ? t(WORDS.one, { route, conditions }, language)
    : t(WORDS.several, { route, conditions, others: enumerated(others, language) }, language)
}

/** Why what no route takes goes where it goes. */
function restOf({ route, steps }: Routed, routing: Routing) {
  if (route === 'all' && routing.default !== null) return 'lost'
  if (steps.length === 0) return route === 'default' ? 'defaultAlone' : 'allAlone'
  const isUnsure = mayMatch({ steps }).length > 0
  if (route === 'default') return isUnsure ? 'byDefaultToo' : 'byDefault'
  return isUnsure ? 'toAllToo' : 'toAll'
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
  { source, unread }: RouteSubject,
  language: Language,
): string {
  const field = tag === undefined ? key : `tag.${tag}`
  const asked = enumerated(wanted, language)
  if (unread.includes(key) && found.length === 0) return t(WORDS.notRead, { field, wanted: asked }, language)
  if (found.length > 0)
    return t(WORDS.other, { field, found: enumerated(found, language), wanted: asked }, language)
  if (source.includes('scan')) return t(WORDS.noneInScan, { field, wanted: asked }, language)
  return t(key === 'policy' ? WORDS.noPolicy : WORDS.nothing, { field, wanted: asked }, language)
}
