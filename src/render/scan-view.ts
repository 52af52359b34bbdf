import { isCause } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { NotReached, Scan, ScanFinding, ScanGap, ScanRow } from '../model/scan.ts'
import { clipColumns, widthOf } from '../text/width.ts'
import { CERTAINTIES, colon, ROLES, TITLES, VERDICTS } from './messages.ts'
import { oneLine } from './safe.ts'
import { word } from './scan-messages.ts'
import { isFound, NOT_SERVING, some } from './view.ts'

/** One CLB that has something to say. */
export interface ScanItem {
  readonly row: ScanRow
  readonly verdict: string
  /** `shop-front (lb-7dpmqwcu)` */
  readonly name: string
  /** `2/5 dead` */
  readonly backends: string
  /** `Cause (certain): …`; what is worst first, at most three, the rest counted. */
  readonly lines: readonly string[]
}

/** What a Scan says, in the order in which it is said; layouts differ, content does not. */
export interface ScanView {
  readonly language: Language
  readonly title: string
  readonly verdict: string
  readonly headline: string
  /** Several regions were asked: rows name theirs. */
  readonly isWide: boolean
  readonly items: readonly ScanItem[]
  /** How many are healthy with nothing found, in a sentence. */
  readonly clean: string | null
  readonly regions: readonly string[]
  readonly unsupported: string | null
  readonly gaps: readonly string[]
  readonly grant: string | null
  readonly notReached: string | null
  /** Under the line above: those that are known to have Dead backends. */
  readonly notReachedDead: readonly string[]
  /** The same in a line, where there is no more room. */
  readonly notReachedBrief: string | null
  readonly cost: string
}

const MOST_LINES = 3
/** Of all of them the headline has said already that they are healthy. */
const CLEAN = { some: ['clean', 'cleanSoFar'], all: ['nothing', 'nothingSoFar'] } as const
const MOST_NOT_REACHED = 20

export function scanViewOf(scan: Scan): ScanView {
  const { language, regions, gaps, notReached, stats } = scan
  const listing = language === 'en' ? ', ' : '、'
  const told = scan.loadBalancers.filter(hasSomething)
  const silent = scan.loadBalancers.length - told.length
  const isWhole = !gaps.some(isOfFacts) && scan.ended === 'complete'
  const unread = regions.filter(({ state }) => state === 'unread')
  const reasons = [...new Set(unread.map(({ why = '' }) => why))]
  const unsupported = regions.filter(({ state }) => state === 'unsupported')
  const grants = [...new Set(gaps.flatMap(({ grant }) => grant ?? []))].sort()
  const dead = notReached.filter((one) => (one.dead ?? 0) > 0)
  return {
    language,
    title: word('title', language),
    verdict: VERDICTS[scan.verdict][language],
    headline: scan.headline,
    isWide: regions.length - unsupported.length > 1,
    items: told.map((row) => itemOf(row, language)),
    clean:
      silent > 0
        ? word(CLEAN[told.length > 0 ? 'some' : 'all'][isWhole ? 0 : 1], language, { count: silent })
        : null,
    regions: reasons.map((reason) => {
      const names = unread.filter(({ why = '' }) => why === reason).map(({ region }) => region)
      return `${names.join(listing)}${colon(language)}${reason}`
    }),
    unsupported:
      unsupported.length > 0
        ? word('unsupported', language, { regions: unsupported.map(({ region }) => region).join(listing) })
        : null,
    gaps: gaps.filter(isOfFacts).map(({ what, why, loadBalancers }) => {
      const concerns = loadBalancers > 0 ? word('concerns', language, { count: loadBalancers }) : ''
      const tail = concerns === '' ? '' : language === 'en' ? ` (${concerns})` : `（${concerns}）`
      return `${what}${colon(language)}${why}${tail}`
    }),
    grant: grants.length > 0 ? word('grant', language, { actions: grants.join(listing) }) : null,
    notReached: notReached.length > 0 ? word('notReached', language, { count: notReached.length }) : null,
    notReachedDead:
      dead.length === 0
        ? []
        : [
            word('notReachedDead', language, { count: dead.length }),
            ...dead.slice(0, MOST_NOT_REACHED).map((one) => leftLine(one)),
            ...(dead.length > MOST_NOT_REACHED
              ? [word('notReachedMore', language, { count: dead.length - MOST_NOT_REACHED })]
              : []),
          ],
    notReachedBrief: notReached.length > 0 ? briefly(notReached.length, dead, language) : null,
    cost: word('cost', language, { calls: stats.apiCalls, seconds: (stats.durationMs / 1000).toFixed(1) }),
  }
}

/** Not of the list of a region, whose reason stands with the region. */
const isOfFacts = ({ action, loadBalancers }: ScanGap): boolean =>
  action !== 'clb:DescribeLoadBalancers' || loadBalancers > 0

const hasSomething = ({ verdict, findings }: ScanRow): boolean => verdict !== 'healthy' || findings.length > 0

const nameOf = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? id : `${name} (${id})`

/** In so many columns: the name gives way, the id stays whole, for it is what the next command asks for. */
export function nameWithin({ id, name }: ScanRow, columns: number): string {
  const whole = oneLine(nameOf({ id, name }))
  if (widthOf(whole) <= columns) return whole
  const room = columns - widthOf(` (${id})`)
  return room < SHORTEST_NAME ? id : `${clipColumns(oneLine(name), room)} (${id})`
}

const SHORTEST_NAME = 4

function briefly(count: number, dead: readonly NotReached[], language: Language): string {
  const names = some(
    dead.map(({ id }) => id),
    MOST_NAMED,
    language,
  )
  return [
    `${word('notReached', language, { count })}${language === 'en' ? '.' : '。'}`,
    ...(dead.length > 0 ? [word('notReachedSome', language, { count: dead.length, names })] : []),
  ].join(language === 'en' ? ' ' : '')
}

const MOST_NAMED = 3

const leftLine = (one: NotReached): string => `${nameOf(one)} · ${one.region}`

function itemOf(row: ScanRow, language: Language): ScanItem {
  const { findings } = row
  const causes = findings.filter(isCause)
  // Without a cause the headline says why there is none; on a healthy CLB the findings are all there is to say.
  const lead = row.verdict === 'healthy' || causes.length > 0 ? [] : [reasonOf(row)]
  const said = causes.length > 0 ? causes : findings
  const lines = [...lead, ...said.map((finding) => findingLine(finding, language))].slice(0, MOST_LINES)
  const rest = findings.length - (lines.length - lead.length)
  return {
    row,
    verdict: (isFound(findings, NOT_SERVING) ? TITLES.notServing : VERDICTS[row.verdict])[language],
    name: nameOf(row),
    backends: backendsOf(row, language),
    lines: rest > 0 ? [...lines, word('more', language, { count: rest })] : lines,
  }
}

/** What was measured: `2/5 dead`, `3 unknown`, `1/3 alive, 2 unchecked`. */
function backendsOf({ counts, findings }: ScanRow, language: Language): string {
  const { total, dead, alive, unknown, off } = counts
  if (total === 0) return word('none', language)
  const said = [
    ...(dead > 0 ? (['dead'] as const) : alive > 0 ? (['alive'] as const) : []),
    ...(unknown > 0 ? (['unknown'] as const) : []),
    ...(off > 0 ? (['off'] as const) : []),
    ...(isFound(findings, ['load-balancer-state/vip-blocked']) ? (['vipBlocked'] as const) : []),
  ]
  return said.map((one) => word(one, language, { ...counts })).join(language === 'en' ? ', ' : '，')
}

/** The headline without the name, which stands beside it. */
const reasonOf = ({ id, name, headline }: ScanRow): string =>
  [`${name} (${id})`, id].reduce(
    (text, clb) => text.replace(new RegExp(`^${escaped(clb)}[:：]\\s*`), ''),
    headline,
  )

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function findingLine({ role, certainty, title }: ScanFinding, language: Language): string {
  const sure = CERTAINTIES[certainty][language]
  const lead =
    role === 'note'
      ? ROLES.note[language]
      : language === 'en'
        ? `${ROLES[role].en} (${sure})`
        : `${ROLES[role][language]}（${sure}）`
  return `${lead}${colon(language)}${title}`
}
