import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { SCENARIOS, type World } from '../../src/simulator/index.ts'
import type { SimulatedCloud, SimulatedRun } from '../support/simulated.ts'
import { type Case, caseOf } from './cases.ts'
import { CASE } from './healthy.ts'
import { isOf } from './judge.ts'

// What a diagnosis may say, and must, when actions are denied, fail or are not answered in time.

export interface Setting {
  readonly name: string
  readonly world: World
  readonly clb: string
  /** Faults that the setting has by itself. */
  readonly faults: Readonly<Record<string, Fault>>
  /** Where the truth is known from packets. */
  readonly one: Case | null
}

export interface Baseline {
  readonly setting: Setting
  readonly diagnosis: Diagnosis
  /** Every action that was asked for. */
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

/** Nothing is diagnosed by these: who shares a group, who changed what, when health changed. */
const INFORMATIVE = new Set([
  'vpc:DescribeSecurityGroupAssociationStatistics',
  'cloudaudit:DescribeEvents',
  'cls:SearchLog',
])

/** Without one of these nobody knows whether every backend is healthy. */
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
  // A classic CLB refuses the calls of the other kind: they have nothing to be missed.
  const answered = calls.log().filter(({ code }) => code === null)
  return { setting, diagnosis, asked: [...new Set(answered.map(({ action }) => action))].sort() }
}

export const causes = ({ findings }: Diagnosis): readonly Finding[] =>
  findings.filter(({ role }) => role === 'cause')
export const idsOf = ({ code, resources }: Finding): string =>
  `${code} ${[...new Set(resources.map(({ id }) => id))].sort()}`

export interface Wrong {
  readonly text: string
  /** The action that should be named in a gap, where that is what is wrong. */
  readonly unnamed: string | null
}

/** What is wrong with a diagnosis in which some actions gave no answer; nothing, if all is well. */
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
    if (missing.length > 0) found.push(`healthy, without ${missing.join()}`)
    if (whole.verdict !== 'healthy') found.push(`healthy, and it is ${whole.verdict}`)
  }
  found.push(...unanswered(diagnosis))
  const told = JSON.stringify(diagnosis.gaps)
  const unnamed = failed.filter((action) => !INFORMATIVE.has(action) && !told.includes(action))
  return [
    ...found.map((text) => ({ text, unnamed: null })),
    ...(saysTheSame(whole, diagnosis) ? [] : unnamed).map((action) => ({
      text: `no gap names ${action}`,
      unnamed: action,
    })),
  ]
}

/** What is said with more certainty than is right. */
export const wrongCertainties = ({ setting, diagnosis: whole }: Baseline, diagnosis: Diagnosis): string[] =>
  setting.one ? falseCertainties(setting.one, diagnosis) : newCertainties(whole, diagnosis)

/** Backends that are Dead, and nothing is said of why. */
export function unanswered({ findings, gaps, pools }: Diagnosis): readonly string[] {
  const told = JSON.stringify(gaps)
  const explained = new Set(findings.flatMap(({ explains }) => explains))
  return pools
    .flatMap(({ targets }) => targets)
    .filter(({ key, ip, status }) => status === 'Dead' && !explained.has(key) && !told.includes(ip))
    .filter(() => !/ and \d+ more/.test(told))
    .map(({ key }) => `neither explained nor left open: ${key}`)
}

/** Of a listener that could not be read, the id is not known. */
const address = (key: string): string => key.split('/').at(-1) ?? key

/** Against what is so: certain where the documents allow it, and likely only of what is a cause at all. */
function falseCertainties({ truth }: Case, diagnosis: Diagnosis): string[] {
  return causes(diagnosis).flatMap((cause) => {
    if (cause.certainty === 'possible') return []
    const same = truth.expected.filter((wanted) => isOf(wanted, cause) && wanted.roles.includes('cause'))
    const fitting = same.flatMap((wanted) => {
      if (cause.certainty === 'likely') return wanted.targets
      return wanted.sure ?? (wanted.ceiling === 'certain' ? wanted.targets : [])
    })
    const known = new Set(fitting.map(address))
    return same.length > 0 && cause.explains.every((key) => known.has(address(key)))
      ? []
      : [`wrong, as ${cause.certainty}: ${cause.code} → ${cause.explains.join(' ')}`]
  })
}

/** Against what was said when all was read: nothing is more certain, and nothing likely that was not even possible. */
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
      : [`${certainty}, and it was not when all was read: ${idsOf(cause)} → ${explains.join(' ')}`]
  })
}

/** What one call did not answer, another may have. */
export const saysTheSame = (a: Diagnosis, b: Diagnosis): boolean => said(a) === said(b)
const said = ({ verdict, pools, findings }: Diagnosis): string =>
  JSON.stringify([verdict, pools, findings.map(({ fix: _, evidence: __, ...rest }) => rest)])
