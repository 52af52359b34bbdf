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

// Answers in which one field has another type than the API documents. No diagnosis crashes, none says more than when
// all was read, and everything that does not come from that answer is still found.

type Values = Record<string, unknown>

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const NOTHING = Symbol('the value has that type already')
const JUNK = { null: null, text: 'retyped', number: 7, object: { retyped: 1 }, list: [7] } as const

/** A port is a text in the API's own words and a number in some of its samples: the number means the same. */
const PORTS = /(^|\.)(Source|Destination)?Port$/

/** What stands in place of `value`. */
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

/** Calls `change` for every value at the path, lists passed through. */
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

/** Every value at the path, or the first of them alone. */
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

/** Six CLBs that ask for every action of a diagnosis between them. */
function settings(): readonly Setting[] {
  const rich = richWorld()
  for (const machine of rich.machines) machine.guest.listens = []
  const released = findScenario('address-released')
  if (!released) throw new Error('no scenario address-released')
  return [
    {
      name: 'one of everything, and no service listens',
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

/** Each field with each other type once; the CLBs take turns at those that they have. */
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

/** What null or nothing means by itself, so that it is believed. */
const MEANT = new Set([
  'vpc:DescribeSecurityGroupPolicies SecurityGroupPolicySet.Ingress null',
  'vpc:DescribeNetworkInterfaces NetworkInterfaceSet.Attachment null',
  'clb:DescribeLoadBalancers LoadBalancerSet.SnatIps null',
])

/** A machine or a service without its id is named by its address: the same cause of the same backends. */
const NAMELESS =
  /^(clb:DescribeTarget(s|GroupInstances) .*InstanceId|vpc:DescribeUsedIpAddress .*ResourceId) (null|missing)$/

interface Told {
  readonly trials: number
  readonly problems: readonly string[]
}

/** @param share of all trials: 1 for all of them */
export async function retypeAll(seed: number, share: number): Promise<Told> {
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
    ...wronglyTold(base, NAMELESS.test(`${action} ${path} ${retype}`) ? withoutKnown(base, run) : run),
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

/** Without the causes that were named of the same backends when all was read, whatever id they have now. */
function withoutKnown({ diagnosis: whole }: Baseline, run: SimulatedRun): SimulatedRun {
  const isKnown = ({ code, role, explains }: Finding): boolean =>
    role === 'cause' &&
    causes(whole).some((one) => one.code === code && explains.every((key) => one.explains.includes(key)))
  const findings = run.diagnosis.findings.map((one) =>
    isKnown(one) ? { ...one, role: 'note' as const } : one,
  )
  return { ...run, diagnosis: { ...run.diagnosis, findings } }
}

function wronglyTold(base: Baseline, { diagnosis, lookupFailure }: SimulatedRun): readonly string[] {
  const { diagnosis: whole } = base
  if (lookupFailure) return [`${lookupFailure.kind}: ${JSON.stringify(lookupFailure)}`]
  const found = [...wrongCertainties(base, diagnosis), ...unanswered(diagnosis)]
  if (diagnosis.verdict === 'healthy' && whole.verdict !== 'healthy')
    found.push(`healthy, and it is ${whole.verdict}`)
  return found
}

/**
 * Null and nothing are how the API says "unset" and "empty", so that only other types are held to this.
 * @param without causes that are found where the action is denied altogether
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
  const told = certainOf(run)
  const missing = without.filter((cause) => !told.includes(cause))
  if (missing.length > 0) found.push(`not found any more: ${missing.join('; ')}`)
  const isSame = diagnosis.verdict === whole.verdict && String(certainOf(run)) === String(causesOf(whole))
  if (!isSame && !JSON.stringify(diagnosis.gaps).includes(action)) found.push(`no gap names ${action}`)
  return found
}

const causesOf = (whole: Baseline['diagnosis']): readonly string[] =>
  causes(whole)
    .filter(({ certainty }) => certainty !== 'possible')
    .map(idsOf)
