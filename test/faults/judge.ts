import type { Certainty, Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import type { Case } from './cases.ts'
import type { Expected, Truth } from './truth.ts'
import { untold } from './untold.ts'

/** The result for one expected finding in one case. */
export interface Result {
  readonly code: string
  /** True for a cause, false for another finding. */
  readonly isCause: boolean
  readonly found: boolean
  /** The certainty in the diagnosis; null if the finding is missing. */
  readonly certainty: Certainty | null
  readonly wrongCertainty: boolean
}

/** A finding that is a wrong cause, or a cause that names a wrong backend. */
export interface WrongCause {
  readonly code: string
  readonly certainty: Certainty
}

export interface Outcome {
  readonly results: readonly Result[]
  readonly wrongCauses: readonly WrongCause[]
  /** Dead backends that the API cannot explain. Right: a gap leaves them open and gives commands to run by hand. */
  readonly open: { readonly right: number; readonly wrong: number }
  readonly verdict: 'right' | 'wrong'
  /** Unknown hops of Dead backends that the report tells as seen. */
  readonly toldAsSeen: number
  /** Steps on the way to Dead backends without a certain or likely cause that the API leaves open and the report names. */
  readonly doubtsNamed: number
  /** The faults of the diagnosis, one line each. */
  readonly faults: readonly string[]
}

const SURENESS: readonly Certainty[] = ['possible', 'likely', 'certain']
const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b)
const idsOf = ({ resources }: Finding): readonly string[] =>
  [...new Set(resources.map(({ id }) => id))].sort()

/** One finding about several listeners, rules or changed resources is the finding about each of them. */
const isList = ({ code, resources }: Finding): boolean =>
  code.startsWith('recent-change/') || resources.every(({ type }) => type === 'listener' || type === 'rule')

export function isOf({ code, resources, ruleIndex }: Expected, finding: Finding): boolean {
  if (finding.code !== code) return false
  const ids = idsOf(finding)
  if (!same(ids, resources) && !(isList(finding) && resources.every((id) => ids.includes(id)))) return false
  return ruleIndex === undefined || finding.resources.some((one) => one.ruleIndex === ruleIndex)
}

/** The certainty is higher than the documents allow, or only `possible` although the facts are clear. */
const isWronglySure = ({ ceiling }: Expected, { certainty }: Finding): boolean =>
  SURENESS.indexOf(certainty) > SURENESS.indexOf(ceiling) ||
  (ceiling === 'certain' && certainty === 'possible')

const lineOf = ({ code, role, certainty, resources, explains }: Finding): string =>
  `${code} ${role} ${certainty} ${resources.map(({ id, ruleIndex }) => (ruleIndex === undefined ? id : `${id}#${ruleIndex}`)).join()} → ${explains.join(' ') || '-'}`

export function judge({ truth, site, injections }: Case, diagnosis: Diagnosis): Outcome {
  const { findings, gaps, verdict } = diagnosis
  const lines: string[] = []
  const all = (code: string): ReadonlySet<string> =>
    new Set(truth.expected.flatMap((one) => (one.code === code ? one.targets : [])))
  const results = truth.expected.flatMap((wanted): readonly Result[] => {
    const matches = findings.filter((finding) => isOf(wanted, finding) && wanted.roles.includes(finding.role))
    const needed = wanted.targets.filter((key) => !wanted.optional?.includes(key))
    // A list explains the backends of all its members.
    const isPart = (own: readonly string[]): boolean =>
      needed.every((key) => own.includes(key)) && own.every((key) => all(wanted.code).has(key))
    const exact = matches.find(({ explains }) => {
      const own = [...explains].sort()
      return same(own, wanted.targets) || same(own, needed) || (needed.length > 0 && isPart(own))
    })
    const match = exact ?? matches[0]
    const found = exact !== undefined || match?.role === 'contributor'
    if (!match && wanted.targets.length > 0 && needed.length === 0) return []
    const wrongCertainty = match !== undefined && match.role === 'cause' && isWronglySure(wanted, match)
    if (!found || wrongCertainty) {
      const { code, resources, ruleIndex, targets, roles, ceiling } = wanted
      lines.push(
        `${found ? 'wrong certainty of' : 'missed'} ${code} ${roles.join('|')} ≤${ceiling} ${resources.join()}${ruleIndex === undefined ? '' : `#${ruleIndex}`} → ${targets.join(' ') || '-'}`,
      )
    }
    return [
      {
        code: wanted.code,
        isCause: wanted.roles.includes('cause'),
        found,
        certainty: found ? (match?.certainty ?? null) : null,
        wrongCertainty,
      },
    ]
  })
  const wrongCauses = findings
    .filter(({ role }) => role === 'cause')
    .filter(
      (finding) =>
        !isTrue(finding, truth.expected) &&
        !(finding.certainty === 'possible' && truth.alsoPossible.has(finding.code)),
    )
    .map(({ code, certainty }): WrongCause => ({ code, certainty }))
  for (const finding of findings.filter((one) => one.role === 'cause' && isList(one))) {
    const own = truth.expected.filter((wanted) => isOf(wanted, finding))
    const wrong = idsOf(finding).filter((id) => !own.some(({ resources }) => resources.includes(id)))
    if (own.length > 0 && wrong.length > 0)
      lines.push(`wrong in the list of ${finding.code}: ${wrong.join()}`)
  }
  for (const { code, certainty } of wrongCauses) lines.push(`wrong cause, ${certainty}: ${code}`)

  const openGaps = gaps.filter(({ byHand = [] }) => byHand.length > 0).map(({ what }) => what)
  // A gap names at most six backends and counts the others.
  const isNamed = (ip: string): boolean =>
    openGaps.some((what) => what.includes(ip) || / and \d+ more/.test(what))
  const sure = new Set(
    findings.flatMap(({ role, certainty, explains }) =>
      role === 'cause' && certainty !== 'possible' ? explains : [],
    ),
  )
  const wrongly = truth.open.filter(({ key, backend }) => sure.has(key) || !isNamed(backend.ip))
  for (const { key } of wrongly) lines.push(`not left open: ${key}`)

  const statuses = site.targets.map((target) => target.status())
  const isWell = statuses.every((status) => status === 'Alive' || status === 'Close')
  const rightVerdict = verdict === 'healthy' ? isWell : !(injections.length === 0)
  if (!rightVerdict) lines.push(`the verdict is ${verdict}`)
  const doubts = truth.doubts.filter(({ key }) => !sure.has(key)).map((doubt) => settled(doubt, diagnosis))
  const seen = [...untold(diagnosis), ...doubts.flatMap((line) => line ?? [])]
  lines.push(...seen.map((line) => `told as seen: ${line}`))
  if (lines.length > 0)
    lines.push(
      ...findings.filter(({ role }) => role !== 'note').map((finding) => `found: ${lineOf(finding)}`),
    )
  return {
    results,
    wrongCauses,
    open: { right: truth.open.length - wrongly.length, wrong: wrongly.length },
    verdict: rightVerdict ? 'right' : 'wrong',
    toldAsSeen: seen.length,
    doubtsNamed: doubts.filter((line) => line === null).length,
    faults: lines,
  }
}

/** Null if the diagnosis leaves the step open and names the rule, else what it does. */
function settled({ key, stage, rules }: Truth['doubts'][number], { pools }: Diagnosis): string | null {
  const target = pools.flatMap(({ targets }) => targets).find((one) => one.key === key)
  const hop = target?.path.find((one) => one.stage === stage)
  if (hop?.verdict !== 'unknown') return `${key} ${stage}: ${hop?.verdict}, and the API leaves it open`
  const said = hop.unknown?.subject ?? ''
  if (rules.length === 0 || rules.some((rule) => said.includes(rule))) return null
  return `${key} ${stage}: names "${said}", not ${rules.join(' or ')}`
}

/** True if the cause is expected and keeps every backend that it names Dead. */
const isTrue = (finding: Finding, expected: readonly Expected[]): boolean => {
  const matches = expected.filter((wanted) => isOf(wanted, finding))
  const targets = new Set(matches.flatMap((wanted) => wanted.targets))
  return (
    matches.some(({ roles }) => roles.includes('cause')) && finding.explains.every((key) => targets.has(key))
  )
}
