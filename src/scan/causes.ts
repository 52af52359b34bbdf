import {
  CERTAINTY_ORDER,
  type Diagnosis,
  type Finding,
  type FixOpening,
  isReason,
} from '../model/diagnosis.ts'
import { groupBy } from '../model/group-by.ts'
import type { Language } from '../model/language.ts'
import { compareTexts } from '../model/order.ts'
import { reasonsIn } from '../model/requests.ts'
import { type ScanCause, type ScanFix, thingKey } from '../model/scan.ts'

/** The words of findings, which other rooms have. */
export interface Wording {
  /** The title without what only this CLB has, for example its ports. */
  thing(finding: Finding, language: Language): string
  /** The same change of several CLBs as one. Null if they are not one change. */
  joined(
    code: Finding['code'],
    openings: readonly FixOpening[],
    language: Language,
  ): { readonly summary: string; readonly from: readonly string[] } | null
}

/** A cause of one CLB. */
export interface RowCause
  extends Pick<Finding, 'code' | 'certainty' | 'title' | 'quote' | 'resources' | 'fix'> {
  readonly loadBalancer: string
  readonly thing: string
  readonly explains: number
  /** True if the CLB has no Dead backend that it does not explain, or that another finding explains, too. */
  readonly isWhole: boolean
}

/** Why somebody has to act on one CLB, without the commands of the fixes. */
export function causesIn(
  diagnosis: Diagnosis,
  thing: Wording['thing'],
  language: Language,
): readonly RowCause[] {
  const { loadBalancer, findings, pools } = diagnosis
  const dead = pools.flatMap(({ targets }) =>
    targets.filter(({ status }) => status === 'Dead').map(({ key }) => key),
  )
  return reasonsIn(diagnosis).map((finding) => {
    const { id, code, certainty, title, quote, resources, explains, fix } = finding
    const others = new Set(
      findings.filter((one) => one.id !== id && isReason(one)).flatMap((one) => one.explains),
    )
    const own = new Set(explains)
    return {
      loadBalancer: loadBalancer?.id ?? '',
      code,
      certainty,
      title,
      thing: thing(finding, language),
      ...(quote === undefined ? {} : { quote }),
      resources,
      explains: explains.length,
      isWhole: dead.length > 0 && dead.every((key) => own.has(key) && !others.has(key)),
      fix: fix && { ...fix, commands: [], alternatives: [] },
    }
  })
}

/**
 * Joins the causes of all CLBs: one for each thing that decides and each certainty.
 * @param order the place of a CLB in the result
 */
export function joinCauses(
  all: readonly RowCause[],
  order: ReadonlyMap<string, number>,
  { joined }: Pick<Wording, 'joined'>,
  language: Language,
): readonly ScanCause[] {
  const place = ({ loadBalancer }: RowCause): number => order.get(loadBalancer) ?? 0
  const groups = groupBy(
    all.toSorted((a, b) => place(a) - place(b)),
    (one) => `${thingKey(one)} ${one.certainty}`,
  )
  return [...groups.values()]
    .flatMap((alike) => {
      const [first] = alike
      if (!first) return []
      const { code, certainty, thing, quote, resources } = first
      const titles = new Set(alike.map(({ title }) => title))
      return {
        code,
        certainty,
        title: titles.size === 1 ? first.title : thing,
        ...(quote === undefined ? {} : { quote }),
        resources,
        loadBalancers: clbsOf(alike),
        explains: alike.reduce((sum, { explains }) => sum + explains, 0),
        fixes: fixesOf(alike, joined, language),
      }
    })
    .sort(
      (a, b) =>
        b.loadBalancers.length - a.loadBalancers.length ||
        CERTAINTY_ORDER.indexOf(a.certainty) - CERTAINTY_ORDER.indexOf(b.certainty) ||
        b.explains - a.explains ||
        compareTexts(thingKey(a), thingKey(b)),
    )
}

/** A CLB may have one cause twice, for two classes of backends. */
const clbsOf = (causes: readonly RowCause[]): readonly string[] => [
  ...new Set(causes.map(({ loadBalancer }) => loadBalancer)),
]

/** The different changes that mend a cause. New rules at one place are one change. */
function fixesOf(
  causes: readonly RowCause[],
  joined: Wording['joined'],
  language: Language,
): readonly ScanFix[] {
  const fixed = causes.flatMap(({ fix, ...cause }) => (fix ? [{ ...cause, fix }] : []))
  const groups = groupBy(fixed, ({ fix: { opening, summary } }) =>
    opening ? [opening.target, opening.position, ...opening.opens].join() : summary,
  )
  return [...groups.values()]
    .flatMap((alike) => {
      const [first] = alike
      if (!first) return []
      const openings = alike.flatMap(({ fix }) => fix.opening ?? [])
      const isOne = alike.every(({ fix }) => fix.summary === first.fix.summary)
      const { kind, widens } = first.fix
      return {
        ...(kind === undefined ? {} : { kind }),
        ...((isOne ? null : joined(first.code, openings, language)) ?? { summary: first.fix.summary }),
        verified: alike.every(({ fix }) => fix.verified),
        ...(widens === undefined ? {} : { widens }),
        loadBalancers: clbsOf(alike).length,
        recovers: clbsOf(alike.filter(({ isWhole }) => isWhole)).length,
      }
    })
    .sort((a, b) => b.loadBalancers - a.loadBalancers)
}
