import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { SCENARIOS, type World } from '../../src/simulator/index.ts'
import type { SimulatedCloud, SimulatedRun } from '../support/simulated.ts'
import { type Case, caseOf } from './cases.ts'
import { CASE } from './healthy.ts'
import { isOf } from './judge.ts'
import { untold } from './untold.ts'

// What a diagnosis must and must not say if actions are denied, fail or are too slow.

export interface Setting {
  readonly name: string
  readonly world: World
  readonly clb: string
  /** API faults that belong to the setting. */
  readonly faults: Readonly<Record<string, Fault>>
  /** The case, whose truth is known from packets; null for a scenario. */
  readonly one: Case | null
}

export interface Baseline {
  readonly setting: Setting
  readonly diagnosis: Diagnosis
  /** Every action that was called and answered. */
  readonly asked: readonly string[]
}

export const scenarioSettings = (): readonly Setting[] =>
  SCENARIOS.map((scenario) => ({
    name: scenario.name,
    world: scenario.build(),
    clb: scenario.loadBalancerId,
    faults: scenario.faults ?? {},
    one: null,
  }))

export const seededSettings = (seeds: readonly number[]): readonly Setting[] =>
  seeds.map((seed) => {
    const one = caseOf(seed)
    return { name: `seed ${seed}`, world: one.site.world, clb: CASE, faults: {}, one }
  })

/** These actions add information but decide no cause: users of a group, changes, times of health changes. */
const INFORMATIVE = new Set([
  'vpc:DescribeSecurityGroupAssociationStatistics',
  'cloudaudit:DescribeEvents',
  'cls:SearchLog',
])

/** Without the answer of one of these, the health of some backend is unknown. */
const HEALTH = new Set([
  'clb:DescribeLoadBalancers',
  'clb:DescribeListeners',
  'clb:DescribeTargets',
  'clb:DescribeTargetHealth',
  'clb:DescribeTargetGroupInstances',
  'clb:DescribeClassicalLBListeners',
  'clb:DescribeClassicalLBTargets',
  'clb:DescribeClassicalLBHealthStatus',
])

export async function baselineOf(cloud: SimulatedCloud, setting: Setting): Promise<Baseline> {
  const { world, clb, faults } = setting
  const { diagnosis, calls } = await cloud.diagnose(world, { clb, faults })
  // A classic CLB refuses the calls for other CLBs. A missing answer to them changes nothing.
  const answered = calls.log().filter(({ code }) => code === null)
  return { setting, diagnosis, asked: [...new Set(answered.map(({ action }) => action))].sort() }
}

export const causes = ({ findings }: Diagnosis): readonly Finding[] =>
  findings.filter(({ role }) => role === 'cause')
export const idsOf = ({ code, resources }: Finding): string =>
  `${code} ${[...new Set(resources.map(({ id }) => id))].sort()}`

export interface Wrong {
  readonly text: string
  /** The action that a gap should name but does not; null for other faults. */
  readonly unnamed: string | null
}

/** The faults of a diagnosis in which some actions gave no answer. The list is empty if it is right. */
export function wrongs(
  base: Baseline,
  { diagnosis, calls }: SimulatedRun,
  broken: readonly string[],
): readonly Wrong[] {
  const { diagnosis: whole } = base
  const found = wrongCertainties(base, diagnosis)
  const failed = broken.filter((action) => calls.count(action) > 0)
  if (diagnosis.verdict === 'healthy') {
    const missing = failed.filter((action) => HEALTH.has(action))
    if (missing.length > 0) found.push(`healthy without ${missing.join()}`)
    if (whole.verdict !== 'healthy') found.push(`healthy, but it is ${whole.verdict}`)
  }
  found.push(...unanswered(diagnosis), ...untold(diagnosis))
  const gapText = JSON.stringify(diagnosis.gaps)
  const unnamed = failed.filter((action) => !INFORMATIVE.has(action) && !gapText.includes(action))
  return [
    ...found.map((text) => ({ text, unnamed: null })),
    ...(saysTheSame(whole, diagnosis) ? [] : unnamed).map((action) => ({
      text: `no gap names ${action}`,
      unnamed: action,
    })),
  ]
}

/** Causes that are named with too much certainty. */
export const wrongCertainties = ({ setting, diagnosis: whole }: Baseline, diagnosis: Diagnosis): string[] =>
  setting.one ? falseCertainties(setting.one, diagnosis) : newCertainties(whole, diagnosis)

/** Dead backends that no finding explains and no gap names. */
export function unanswered({ findings, gaps, pools }: Diagnosis): readonly string[] {
  const gapText = JSON.stringify(gaps)
  const explained = new Set(findings.flatMap(({ explains }) => explains))
  return pools
    .flatMap(({ targets }) => targets)
    .filter(({ key, ip, status }) => status === 'Dead' && !explained.has(key) && !gapText.includes(ip))
    .filter(() => !/ and \d+ more/.test(gapText))
    .map(({ key }) => `neither explained nor left open: ${key}`)
}

/** The key without the listener: its id is unknown if it could not be read. */
const address = (key: string): string => key.split('/').at(-1) ?? key

/** Compares with the truth: certain only if the documents allow it, and likely only for a real cause. */
function falseCertainties({ truth }: Case, diagnosis: Diagnosis): string[] {
  return causes(diagnosis).flatMap((cause) => {
    if (cause.certainty === 'possible') return []
    const same = truth.expected.filter((wanted) => isOf(wanted, cause) && wanted.roles.includes('cause'))
    const fitting = same.flatMap((wanted) => {
      if (cause.certainty === 'likely') return wanted.targets
      return wanted.ceiling === 'certain' ? wanted.targets : []
    })
    const known = new Set(fitting.map(address))
    return same.length > 0 && cause.explains.every((key) => known.has(address(key)))
      ? []
      : [`wrong as ${cause.certainty}: ${cause.code} → ${cause.explains.join(' ')}`]
  })
}

/** Compares with the complete diagnosis: no cause is more certain, and no likely cause is new. */
export function newCertainties(whole: Diagnosis, diagnosis: Diagnosis): string[] {
  return causes(diagnosis).flatMap((cause) => {
    const { certainty, explains } = cause
    if (certainty === 'possible') return []
    const same = causes(whole).filter(
      (other) => idsOf(other) === idsOf(cause) && (certainty === 'likely' || other.certainty === 'certain'),
    )
    const known = new Set(same.flatMap((other) => other.explains.map(address)))
    return same.length > 0 && explains.every((key) => known.has(address(key)))
      ? []
      : [`${certainty}, but not in the complete diagnosis: ${idsOf(cause)} → ${explains.join(' ')}`]
  })
}

/** True if the findings are equal. Another call may have given what one call did not. */
export const saysTheSame = (a: Diagnosis, b: Diagnosis): boolean => answerOf(a) === answerOf(b)
const answerOf = ({ verdict, pools, findings }: Diagnosis): string =>
  JSON.stringify([verdict, pools, findings.map(({ fix: _, evidence: __, ...rest }) => rest)])
