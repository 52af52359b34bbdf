import type { Finding } from '../../src/model/diagnosis.ts'
import { shop } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { richWorld } from '../simulator/rich.ts'
import { openCloud, type SimulatedCloud, type SimulatedRun } from '../support/simulated.ts'
import {
  type Baseline,
  baselineOf,
  causes,
  idsOf,
  type Setting,
  seededSettings,
  unanswered,
  wrongCertainties,
} from './denials.ts'
import { randomFrom } from './random.ts'

// Answers in which one field has another type than the API documents. The diagnosis does not crash, it is not more certain
// than the complete one, and it still finds everything that does not come from that answer.

type Values = Record<string, unknown>

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const NOTHING = Symbol('the value already has that type')
const JUNK = { null: null, text: 'retyped', number: 7, object: { retyped: 1 }, list: [7] } as const

/** The API documents a port as a string, but some of its samples have a number. Both mean the same. */
const PORTS = /(^|\.)(Source|Destination)?Port$/

/** For each retype, the replacement of `value`. */
const RETYPES: Readonly<Record<string, (value: unknown, path: string) => unknown>> = {
  null: (value) => (value === null ? NOTHING : JUNK.null),
  text: (value) => (typeof value === 'string' || value === null ? NOTHING : JUNK.text),
  number(value, path) {
    if (value === null) return NOTHING
    if (typeof value === 'number') return 1.5
    if (!PORTS.test(path) || typeof value !== 'string') return JUNK.number
    return /^\d+$/.test(value) ? Number(value) : NOTHING
  },
  object: (value) => (isRecord(value) ? NOTHING : JUNK.object),
  list: (value) => (Array.isArray(value) ? NOTHING : JUNK.list),
  missing: () => undefined,
  'null element': (value) => (Array.isArray(value) ? [null, ...value] : NOTHING),
  'wrong element': (value) =>
    Array.isArray(value) ? [isRecord(value[0]) ? JUNK.text : JUNK.number, ...value] : NOTHING,
}

type Path = readonly string[]

/** Calls `change` for every value at the path, in every item of a list. */
function visit(value: unknown, [key, ...rest]: Path, change: (holder: Values, key: string) => void): void {
  if (key === undefined) return
  if (Array.isArray(value)) for (const item of value) visit(item, [key, ...rest], change)
  else if (isRecord(value) && Object.hasOwn(value, key)) {
    if (rest.length === 0) change(value, key)
    else visit(value[key], rest, change)
  }
}

function pathsOf(value: unknown, at: Path = []): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, at))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, own]) => [
    [...at, key].join('.'),
    ...pathsOf(own, [...at, key]),
  ])
}

/** Retypes every value at the path, or only the first one. */
function retyped(path: string, retype: string, everywhere: boolean): Fault {
  return {
    kind: 'changed',
    change(answer) {
      let left = everywhere ? Number.POSITIVE_INFINITY : 1
      visit(answer, path.split('.'), (holder, key) => {
        const next = RETYPES[retype]?.(holder[key], path)
        if (next === NOTHING || left === 0) return
        left -= 1
        if (next === undefined) delete holder[key]
        else holder[key] = next
      })
    },
  }
}

/** Six CLBs. Together their diagnoses call every action. */
function settings(): readonly Setting[] {
  const rich = richWorld()
  for (const machine of rich.machines) machine.guest.listens = []
  const released = findScenario('address-released')
  if (!released) throw new Error('no scenario address-released')
  return [
    {
      name: 'one of everything, and no machine listens',
      world: rich,
      clb: 'lb-7dpmqwcu',
      faults: {},
      one: null,
    },
    { name: released.name, world: released.build(), clb: released.loadBalancerId, faults: {}, one: null },
    ...seededSettings([101, 106, 113, 115]),
  ]
}

interface Trial {
  readonly base: Baseline
  readonly action: string
  readonly path: string
  readonly retype: string
  readonly everywhere: boolean
}

async function fieldsOf(cloud: SimulatedCloud, { setting, asked }: Baseline): Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  const watch = (action: string): Fault => ({
    kind: 'changed',
    change(answer) {
      for (const path of new Set(pathsOf(answer)))
        for (const retype of Object.keys(RETYPES))
          visit(answer, path.split('.'), (holder, key) => {
            if (RETYPES[retype]?.(holder[key], path) !== NOTHING) seen.add(`${action} ${path} ${retype}`)
          })
    },
  })
  const faults = Object.fromEntries(asked.map((action) => [action, watch(action)]))
  await cloud.diagnose(setting.world, { clb: setting.clb, faults })
  return seen
}

/** One trial for each field and each other type, with a random CLB that has the field. */
async function trialsOf(cloud: SimulatedCloud, seed: number): Promise<readonly Trial[]> {
  const random = randomFrom(seed)
  const having = new Map<string, Baseline[]>()
  for (const setting of settings()) {
    const base = await baselineOf(cloud, setting)
    for (const field of await fieldsOf(cloud, base)) having.set(field, [...(having.get(field) ?? []), base])
  }
  return [...having]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, bases]): Trial => {
      const [action = '', path = '', ...words] = field.split(' ')
      return {
        base: random.pick(bases),
        action,
        path,
        retype: words.join(' '),
        everywhere: random.chance(0.5),
      }
    })
}

/** Fields whose null has a meaning of its own. */
const MEANT = new Set([
  'vpc:DescribeSecurityGroupPolicies SecurityGroupPolicySet.Ingress null',
  'vpc:DescribeNetworkInterfaces NetworkInterfaceSet.Attachment null',
  'clb:DescribeLoadBalancers LoadBalancerSet.SnatIps null',
])

/** Without its id, a machine or service is named by its address. The cause and the backends stay the same. */
const NAMELESS =
  /^(clb:DescribeTarget(s|GroupInstances) .*InstanceId|vpc:DescribeUsedIpAddress .*ResourceId) (null|missing)$/

interface Retyped {
  readonly trials: number
  readonly problems: readonly string[]
}

/** @param share the share of the trials to run; 1 runs all */
export async function retypeAll(seed: number, share: number): Promise<Retyped> {
  const cloud = await openCloud(shop().world)
  const random = randomFrom(seed + 1)
  try {
    const trials = (await trialsOf(cloud, seed)).filter(
      ({ action, path, retype }) => random.chance(share) && !MEANT.has(`${action} ${path} ${retype}`),
    )
    const denied = new Map<string, readonly string[]>()
    const problems: string[] = []
    for (const trial of trials) problems.push(...(await problemsOf(cloud, trial, denied)))
    return { trials: trials.length, problems }
  } finally {
    await cloud.close()
  }
}

async function problemsOf(
  cloud: SimulatedCloud,
  { base, action, path, retype, everywhere }: Trial,
  denied: Map<string, readonly string[]>,
): Promise<readonly string[]> {
  const { setting } = base
  const diagnosed = (fault: Fault) =>
    cloud.diagnose(setting.world, { clb: setting.clb, faults: { [action]: fault } })
  const run = await diagnosed(retyped(path, retype, everywhere))
  const key = `${setting.name} ${action}`
  const without =
    denied.get(key) ?? certainOf(await diagnosed({ kind: 'error', code: 'UnauthorizedOperation' }))
  denied.set(key, without)
  const problems = [
    ...wrongAnswers(base, NAMELESS.test(`${action} ${path} ${retype}`) ? withoutKnown(base, run) : run),
    ...(/^(null|missing)$/.test(retype) ? [] : lost(base, run, action, without)),
  ]
  return problems.map(
    (text) => `${setting.name}, ${action} ${path} ${retype}${everywhere ? '' : ' (first)'}: ${text}`,
  )
}

const certainOf = ({ diagnosis }: SimulatedRun): readonly string[] =>
  causes(diagnosis)
    .filter(({ certainty }) => certainty !== 'possible')
    .map(idsOf)

/** Turns causes that the complete diagnosis also has into notes, even if they now name another id. */
function withoutKnown({ diagnosis: whole }: Baseline, run: SimulatedRun): SimulatedRun {
  const isKnown = ({ code, role, explains }: Finding): boolean =>
    role === 'cause' &&
    causes(whole).some((one) => one.code === code && explains.every((key) => one.explains.includes(key)))
  const findings = run.diagnosis.findings.map((one) =>
    isKnown(one) ? { ...one, role: 'note' as const } : one,
  )
  return { ...run, diagnosis: { ...run.diagnosis, findings } }
}

function wrongAnswers(base: Baseline, { diagnosis, lookupFailure }: SimulatedRun): readonly string[] {
  const { diagnosis: whole } = base
  if (lookupFailure) return [`${lookupFailure.kind}: ${JSON.stringify(lookupFailure)}`]
  const found = [...wrongCertainties(base, diagnosis), ...unanswered(diagnosis)]
  if (diagnosis.verdict === 'healthy' && whole.verdict !== 'healthy')
    found.push(`healthy, but it is ${whole.verdict}`)
  return found
}

/**
 * Not used for null and missing fields, because the API uses them for "unset" and "empty".
 * @param without the causes that are found if the action is denied
 */
function lost(
  base: Baseline,
  run: SimulatedRun,
  action: string,
  without: readonly string[],
): readonly string[] {
  const { diagnosis } = run
  const { diagnosis: whole } = base
  const found: string[] = []
  const now = certainOf(run)
  const missing = without.filter((cause) => !now.includes(cause))
  if (missing.length > 0) found.push(`no longer found: ${missing.join('; ')}`)
  const isSame = diagnosis.verdict === whole.verdict && String(certainOf(run)) === String(causesOf(whole))
  if (!isSame && !JSON.stringify(diagnosis.gaps).includes(action)) found.push(`no gap names ${action}`)
  return found
}

const causesOf = (whole: Baseline['diagnosis']): readonly string[] =>
  causes(whole)
    .filter(({ certainty }) => certainty !== 'possible')
    .map(idsOf)
