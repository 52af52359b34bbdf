import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { shop } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { richWorld } from '../simulator/rich.ts'
import { type Chat, openChat } from '../support/chat.ts'
import { alarmSince, openCloud, type SimulatedCloud } from '../support/simulated.ts'
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
import { ALARMED_AT } from './healthy.ts'
import { randomFrom } from './random.ts'
import { NOTHING, pathsOf, RETYPES, retyped, visit } from './retypes.ts'

// Answers in which one field has another type than the API documents, from the alarm to the delivered message. The diagnosis
// does not crash, it is not more certain than the complete one, and it still finds everything that does not come from that
// answer. The message arrives, with its impact.

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
async function trialsOf(cloud: SimulatedCloud, seed: number, most: number): Promise<readonly Trial[]> {
  const random = randomFrom(seed)
  const having = new Map<string, Baseline[]>()
  for (const setting of settings().slice(-most)) {
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
  /^(clb:DescribeTarget(s|GroupInstances) .*InstanceId|vpc:DescribeUsedIpAddress .*ResourceId) (null|missing|empty)$/

const named = (loadBalancerId: string) => ({ loadBalancerId, vip: null, vpcId: null, numericVpcId: null })

interface Retyped {
  readonly trials: number
  readonly problems: readonly string[]
}

/**
 * @param share the share of the trials to run; 1 runs all
 * @param most how many of the CLBs to use
 */
export async function retypeAll(seed: number, share: number, most = 6): Promise<Retyped> {
  const chat = await openChat('en')
  const cloud = await openCloud(shop().world, { log: chat.log })
  const random = randomFrom(seed + 1)
  try {
    const trials = (await trialsOf(cloud, seed, most)).filter(
      ({ action, path, retype }) => random.chance(share) && !MEANT.has(`${action} ${path} ${retype}`),
    )
    const denied = new Map<string, readonly string[]>()
    const problems: string[] = []
    for (const trial of trials) problems.push(...(await problemsOf({ cloud, chat }, trial, denied)))
    return { trials: trials.length, problems }
  } finally {
    await cloud.close()
    await chat.close()
  }
}

/** A diagnosis, and why its CLB could not be looked up; null if it could. */
interface Answered {
  readonly diagnosis: Diagnosis
  readonly lookupFailure: unknown
}

interface Stage {
  readonly cloud: SimulatedCloud
  readonly chat: Chat
}

async function problemsOf(
  { cloud, chat }: Stage,
  { base, action, path, retype, everywhere }: Trial,
  denied: Map<string, readonly string[]>,
): Promise<readonly string[]> {
  const { setting } = base
  const diagnosed = (fault: Fault) =>
    cloud.diagnose(setting.world, { clb: setting.clb, faults: { [action]: fault } })
  cloud.show(setting.world, { [action]: retyped(path, retype, everywhere) })
  const alarm = alarmSince(ALARMED_AT, { clb: named(setting.clb), subject: 'UnhealthRsCount' })
  const { faults: told, ...run } = await chat.tell(cloud, alarm)
  const key = `${setting.name} ${action}`
  const without =
    denied.get(key) ?? certainOf(await diagnosed({ kind: 'error', code: 'UnauthorizedOperation' }))
  denied.set(key, without)
  // A list without items states another fact, for example an ACL without entries. Its message is still checked.
  const isOther = retype === 'no items'
  const problems = [
    ...(isOther
      ? []
      : wrongAnswers(base, NAMELESS.test(`${action} ${path} ${retype}`) ? withoutKnown(base, run) : run)),
    ...told,
    ...(isOther || /^(null|missing|empty|long)$/.test(retype) ? [] : lost(base, run, action, without)),
  ]
  return problems.map(
    (text) => `${setting.name}, ${action} ${path} ${retype}${everywhere ? '' : ' (first)'}: ${text}`,
  )
}

const certainOf = ({ diagnosis }: Pick<Answered, 'diagnosis'>): readonly string[] =>
  causes(diagnosis)
    .filter(({ certainty }) => certainty !== 'possible')
    .map(idsOf)

/** Turns causes that the complete diagnosis also has into notes, even if they now name another id. */
function withoutKnown({ diagnosis: whole }: Baseline, run: Answered): Answered {
  const isKnown = ({ code, role, explains }: Finding): boolean =>
    role === 'cause' &&
    causes(whole).some((one) => one.code === code && explains.every((key) => one.explains.includes(key)))
  const findings = run.diagnosis.findings.map((one) =>
    isKnown(one) ? { ...one, role: 'note' as const } : one,
  )
  return { ...run, diagnosis: { ...run.diagnosis, findings } }
}

function wrongAnswers(base: Baseline, { diagnosis, lookupFailure }: Answered): readonly string[] {
  const { diagnosis: whole } = base
  if (lookupFailure !== null) return [`not diagnosed: ${JSON.stringify(lookupFailure)}`]
  const found = [...wrongCertainties(base, diagnosis), ...unanswered(diagnosis)]
  if (diagnosis.verdict === 'healthy' && whole.verdict !== 'healthy')
    found.push(`healthy, but it is ${whole.verdict}`)
  return found
}

/**
 * Not used for null, missing and empty fields, because the API uses them for "unset", nor for long texts, because they
 * have the right type.
 * @param without the causes that are found if the action is denied
 */
function lost(base: Baseline, run: Answered, action: string, without: readonly string[]): readonly string[] {
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
