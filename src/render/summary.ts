import {
  type Diagnosis,
  type Finding,
  isCause,
  isExpectedCause,
  isReason,
  type TargetKey,
} from '../model/diagnosis.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import type { Language } from '../model/language.ts'
import { reasonsIn } from '../model/requests.ts'
import { thingKey } from '../model/scan.ts'
import { mark, semicolons, t, withAside } from '../text/index.ts'
import { alarmParts } from './alarm.ts'
import type { Link, Part } from './blocks.ts'
import { causeParts, labelOf } from './causes.ts'
import type { Impact } from './impact.ts'
import { entryParts, followingPart, openParts, unexplainedParts } from './open.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

// The summary of a diagnosis: impact, cause, action, what else, links, alarm. All receivers show it first, and a chat
// message shows nothing else.

/** The impact already says this. */
export const SAID_AS_IMPACT = 'all-backends-down/fallback-active'
const MOST_ALSO = 3
/** In characters. */
const MOST_OF_LINE = 300
/** What no longer exists has no page. */
const GONE = 'instance-state/not-found'
/** Their findings say what to do also where they are one line among others. */
const STEPPED: readonly string[] = ['cvm', 'security-group', 'network-acl']
const MOST_MEMBERS = 5
/** Notes that say where to look. Beside a cause they stand in the details. */
const LEADS: readonly string[] = ['peer-reach', 'tke-mode']

const WORDS = TEXTS.summary

export function summaryOf(diagnosis: Diagnosis, impact: Impact, language: Language): readonly Part[] {
  const full = fullFindings(diagnosis)
  const told = [
    ...(full.some((finding) => isReason(finding) || reasonsIn(diagnosis).includes(finding))
      ? []
      : unexplainedParts(diagnosis, impact, language)),
    ...full.flatMap((finding, i) => causeParts(finding, i, diagnosis, language)),
  ]
  const parts = [
    impactPart(impact, language),
    ...told,
    ...followingPart(diagnosis, told, language),
    ...alsoPart(diagnosis, full, language),
    ...openParts(diagnosis, language),
    ...linksPart(diagnosis, full, language),
    ...alarmParts(diagnosis, language),
  ]
  return [...parts, ...entryParts(diagnosis, parts, language)]
}

/**
 * The first cause, and a second one if it explains backends that the first does not. Without a cause: what the user
 * expects, else the first risk, which is the next best thing to act on.
 */
export function fullFindings(diagnosis: Pick<Diagnosis, 'findings' | 'attention'>): readonly Finding[] {
  const { findings } = diagnosis
  const [first, ...others] = reasonsIn(diagnosis)
  if (!first) {
    const instead = findings.find(isExpectedCause) ?? findings.find(({ role }) => role === 'risk')
    return instead ? [instead] : []
  }
  const own = new Set(first.explains)
  // One rule can be two findings, sure and less sure. The second is a line.
  const next = others.find(
    (finding) =>
      !isSameRule(finding, first) &&
      (finding.explains.some((key) => !own.has(key)) || finding.explains.length === 0),
  )
  return next ? [first, next] : [first]
}

/** Two findings about one rule of a group or ACL, for backends of which it is sure and less sure. */
const isSameRule = (a: Finding, b: Finding): boolean =>
  thingKey(a) === thingKey(b) && a.resources.some(({ ruleIndex }) => ruleIndex !== undefined)

const impactPart = ({ text, more }: Impact, language: Language): Part => ({
  kind: 'part',
  topic: 'impact',
  label: TEXTS.impact.label[language],
  text,
  quotes: firstOf(more, MOST_MEMBERS, language),
  brief: { rank: 1, items: 1 },
})

/** The first `most` lines, and how many more there are. */
const firstOf = (lines: readonly string[], most: number, language: Language): readonly string[] =>
  lines.length <= most
    ? lines
    : [...lines.slice(0, most), t(WORDS.more, { count: lines.length - most }, language)]

/** Other causes, contributors, risks and notes, a line each. */
function alsoPart(diagnosis: Diagnosis, full: readonly Finding[], language: Language): readonly Part[] {
  const fixed = new Set<TargetKey>(full.flatMap(({ explains }) => explains))
  const told = new Set(full.flatMap((finding) => finding.changes ?? []))
  const isKnown = full.some((finding) => isReason(finding) && finding.certainty !== 'possible')
  const others = diagnosis.findings.filter(
    (finding) =>
      !full.includes(finding) &&
      finding.code !== SAID_AS_IMPACT &&
      !(isKnown && finding.role === 'note' && LEADS.includes(finding.code.split('/', 1)[0] ?? '')) &&
      // The cause already says who changed it.
      !(finding.code.startsWith('recent-change/') && (finding.changes ?? []).some((i) => told.has(i))),
  )
  // Only these are shown, and each line can walk over all pools.
  const lines = others.slice(0, MOST_ALSO).map((finding): Pick<Part, 'text' | 'link'> => {
    if (!isCause(finding) || !full.some((one) => isSameRule(finding, one)))
      return withStep(finding, alsoLine(finding, fixed, language), language)
    const targets = backendsOf(finding.explains, diagnosis, language)
    const sure = TEXTS.certainties[finding.certainty][language]
    return { text: t(WORDS.sameRule, { targets, sure }, language) }
  })
  return lines.map(({ text, ...line }, i) => ({
    kind: 'part',
    topic: 'also',
    ...(i === 0 ? { label: WORDS.also[language] } : {}),
    ...line,
    text:
      i === MOST_ALSO - 1 && others.length > MOST_ALSO
        ? semicolons([text, t(WORDS.more, { count: others.length - MOST_ALSO }, language)], language)
        : text,
    brief: { rank: 20 + i, items: 1, most: MOST_OF_LINE },
  }))
}

/** The line with what to do about a machine, group or ACL, and its page. */
function withStep(
  { accepted, code, fix, resources }: Finding,
  line: string,
  language: Language,
): Pick<Part, 'text' | 'link'> {
  const [first, ...more] = resources
  if (!fix || accepted || !first || !STEPPED.includes(first.type)) return { text: line }
  const text = `${line}${mark('colon', language)}${fix.summary}`
  const isAlone = more.every(({ type }) => type !== first.type)
  return first.consoleUrl !== undefined && isAlone && code !== GONE
    ? { text, link: { text: first.id, url: first.consoleUrl } }
    : { text }
}

/** `TCP:8443 10.0.1.16:8080`: one address can stand behind several listeners. */
function backendsOf(keys: readonly TargetKey[], { pools }: Diagnosis, language: Language): string {
  const wanted = new Set(keys)
  const own = pools.flatMap((pool) => {
    const targets = pool.targets.filter(({ key }) => wanted.has(key)).map(endpointOf)
    return targets.length > 0 ? [`${poolName(pool)} ${some(targets, MOST_MEMBERS, language)}`] : []
  })
  return some(own, MOST_ALSO, language)
}

function alsoLine(finding: Finding, fixed: ReadonlySet<TargetKey>, language: Language): string {
  const { role, title, certainty, explains, accepted } = finding
  if (accepted) return `${withAside(title, t(TEXTS.words.accepted, {}, language), language)}`
  if (isCause(finding) && explains.some((key) => fixed.has(key)))
    return t(certainty === 'possible' ? WORDS.mayStillDown : WORDS.stillDown, { cause: title }, language)
  if (isCause(finding)) return withAside(title, labelOf(finding, [], language), language)
  if (role === 'note') return title
  const label = certainty === 'certain' ? TEXTS.roles[role][language] : labelOf(finding, [], language)
  return `${label}${mark('colon', language)}${title}`
}

type Linked = keyof typeof WORDS.links

const isLinked = (type: string): type is Linked => Object.hasOwn(WORDS.links, type)

/** The pages of the things that the causes name, and the listeners of the CLB. What no longer exists has no page. */
function linksPart(
  { loadBalancer }: Diagnosis,
  full: readonly Finding[],
  language: Language,
): readonly Part[] {
  const links = pagesOf(full, language)
  const url = loadBalancer?.consoleUrl
  if (url === undefined) return linkParts(links)
  const own = { url, text: WORDS.links.clb[language] }
  const isNamed = links.some((one) => one.url === url)
  return linkParts(isNamed ? links.map((one) => (one.url === url ? own : one)) : [...links, own])
}

/** The pages of the things that the causes name. */
export function pagesOf(
  causes: readonly Pick<Finding, 'code' | 'resources'>[],
  language: Language,
): readonly Link[] {
  const links = new Map<string, Link>()
  const shown = causes.filter(({ code }) => code !== GONE)
  for (const { type, id, consoleUrl } of shown.flatMap(({ resources }) => resources))
    if (consoleUrl !== undefined && isLinked(type) && links.size < 3 && !links.has(consoleUrl))
      links.set(consoleUrl, { url: consoleUrl, text: linkText(type, id, language) })
  return [...links.values()]
}

export const linkParts = (links: readonly Link[]): readonly Part[] =>
  links.length === 0 ? [] : [{ kind: 'part', topic: 'links', text: '', links, brief: { rank: 8, items: 0 } }]

const linkText = (type: Linked, id: string, language: Language): string =>
  type === 'cvm' ? id : WORDS.links[type][language]
