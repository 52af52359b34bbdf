import { type CloudSession, CredentialsError, readFailure } from '../../cloud/index.ts'
import {
  encodeParameters,
  encodePeer,
  evaluateGuest,
  factsOf,
  PARAMETER,
  probeSeconds,
  registeredName,
  registeredText,
  requestKeyOf,
  scriptWith,
} from '../../guest/index.ts'
import type { Clock } from '../../model/clock.ts'
import type { Finding } from '../../model/diagnosis.ts'
import { type Fact, known, mapped, unread } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { GuestFailure, GuestReport } from '../../model/guest.ts'
import type { ById, Snapshot } from '../../model/snapshot.ts'
import { evaluatePaths, probeSourcesOf } from '../../path/index.ts'
import { toCidrs } from '../../rules/index.ts'
import {
  type Agent,
  type Carrier,
  failed,
  type GuestRun,
  type RegisteredCommand,
  readAgents,
  readCommand,
  runProbes,
} from '../../snapshot/guests.ts'
import { type Choice, choose, type Machine, peersFor, type Subject } from './choose.ts'

// A look inside machines: which ones (choose.ts), are they ready, is the registered script ours, run it, and what came
// back. Whatever fails is a fact of its machine and ends nothing else.

export interface LookInside {
  readonly cloud: CloudSession
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Ms since the epoch. */
  readonly until: number
  /** The registered command. Null: the script is sent along (RunCommand). */
  readonly commandId: string | null
  /** Told before machines are asked, with their number. */
  readonly onLook?: ((machines: number) => void) | undefined
}

/** For TAT to reach the machine and to bring the output back, beside the run itself. */
const AROUND_MS = 5_000

type Guests = Record<string, Fact<GuestReport>>

/** True if there is a machine to look into. */
export const goesInside = (snapshot: Snapshot, findings: readonly Finding[]): boolean =>
  choose(evaluatePaths(snapshot), findings).subjects.some(isDead)

const isDead = ({ target }: Subject): boolean => target.status === 'Dead'

/** The snapshot with what its machines said. */
export async function lookInside(
  snapshot: Snapshot,
  findings: readonly Finding[],
  look: LookInside,
): Promise<Pick<Snapshot, 'guests' | 'peers'>> {
  const choice = choose(evaluatePaths(snapshot), findings)
  try {
    return await lookAt(choice, look)
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error
    // They ran out after everything else was read, which counts all the same.
    const fact = unread(readFailure(error))
    const dead = choice.subjects.filter(isDead)
    return {
      guests: {
        ...failuresFor(Object.entries(choice.left)),
        ...Object.fromEntries(dead.map(({ key }) => [key, fact])),
      },
    }
  }
}

async function lookAt(choice: Choice, look: LookInside): Promise<Pick<Snapshot, 'guests' | 'peers'>> {
  const guests: Guests = failuresFor(Object.entries(choice.left))
  if (choice.subjects.length === 0) return { guests }
  const { clock, until } = look
  const isLate = (one: Subject): boolean => clock.now() + msOf(one) > until
  const late = choice.subjects.filter(isLate)
  Object.assign(guests, failuresFor(late.filter(isDead).map(({ key }) => [key, 'NoTime'])))
  const timely = choice.subjects.filter((one) => !late.includes(one))
  if (!timely.some(isDead)) return { guests }
  const readiness = await readinessOf(choice, look)
  const [ready, unready] = [new Set<Subject>(), {} as Guests]
  for (const one of timely) {
    const fact = readiness(one)
    if (fact === null) ready.add(one)
    // A control that cannot be asked leaves nothing open.
    else if (isDead(one)) unready[one.key] = fact
  }
  if (ready.size > 0) look.onLook?.(ready.size)
  const asked = timely.filter(isDead).flatMap((one) => {
    const peer = peersFor(one, choice).find((other) => readiness(other) === null)
    return peer ? [{ one, peer }] : []
  })
  const runs = [
    ...[...ready].map((one): GuestRun => runOf(one, parametersOf(one, look), `guest ${one.key}`)),
    ...asked.map(({ one, peer }): GuestRun => runOf(peer, encodePeer(askedOf(one)), `peer ${one.key}`)),
  ]
  const depth = look.cloud.cost.waves
  const results = await runProbes(look.cloud, runs, carrierOf(look), { ...look, depth })
  const asking = new Map(timely.map((one) => [one.key, one]))
  const withQuestion = (reports: Guests): Guests =>
    Object.fromEntries(
      Object.entries(reports).map(([key, fact]) => [
        key,
        mapped(fact, (report) => toldOf(report, asking.get(key))),
      ]),
    )
  const said = Object.entries(named(results, 'guest '))
    .map(([key, fact]) => [key, ofPod(fact, asking.get(key))] as const)
    .filter(([key, { state }]) => {
      const one = asking.get(key)
      return state === 'ok' || (one !== undefined && isDead(one))
    })
  return {
    guests: { ...guests, ...unready, ...withQuestion(Object.fromEntries(said)) },
    ...(asked.length > 0 ? { peers: withQuestion(named(results, 'peer ')) } : {}),
  }
}

/** The output of a node says nothing about a pod that it does not forward to: one with an interface of its own. */
function ofPod(fact: Fact<GuestReport>, about: Subject | undefined): Fact<GuestReport> {
  const report = known(fact)
  if (!report || !about?.isPod) return fact
  const { target } = about
  const { notSeen } = evaluateGuest(factsOf(report), target.guestCheck, probeSourcesOf(target))
  return notSeen.some(({ why }) => why === 'other-machine') ? failed('InPod', '') : fact
}

/** With what was asked for. */
const toldOf = (report: GuestReport, about: Subject | undefined): GuestReport => ({
  ...report,
  asked: about ? requestKeyOf(about.target.guestCheck) : '',
})

const failuresFor = (codes: readonly (readonly [string, GuestFailure])[]): Guests =>
  Object.fromEntries(codes.map(([endpoint, code]) => [endpoint, failed(code, '')]))

const named = (results: ById<GuestReport>, prefix: string): Guests =>
  Object.fromEntries(
    Object.entries(results)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, fact]) => [key.slice(prefix.length), fact]),
  )

/** The protocol tells how a custom check is sent. */
const askedOf = (one: Subject) => {
  const { plan, guestCheck } = one.target
  return { check: guestCheck, ...(plan.kind === 'probe' ? { protocol: plan.protocol } : {}) }
}

const msOf = (one: Subject): number => probeSeconds(one.target.guestCheck) * 1_000 + AROUND_MS

const runOf = ({ instanceId, region }: Machine, parameters: string, key: string): GuestRun => ({
  key,
  instanceId,
  region,
  parameters,
})

function parametersOf(one: Subject, { clock, until }: LookInside): string {
  return encodeParameters({
    ...askedOf(one),
    sources: toCidrs(probeSourcesOf(one.target)),
    within: (until - clock.now() - AROUND_MS) / 1_000,
  })
}

const carrierOf = ({ commandId }: LookInside): Carrier =>
  commandId === null
    ? { kind: 'sent', name: registeredName(), scriptWith }
    : { kind: 'registered', commandId, parameter: PARAMETER }

/** Asks for agents and the registered command. The answer is null for a machine that is ready, else why it is not. */
async function readinessOf(
  { subjects, spare }: Choice,
  { cloud, commandId }: LookInside,
): Promise<(one: Machine) => Fact<never> | null> {
  const wave = cloud.cost.waves + 1
  const regions = [...groupBy([...subjects, ...spare], ({ region }) => region)]
  const read = await Promise.all(
    regions.map(async ([region, own]) => {
      const where = { region, wave }
      const ids = [...new Set(own.map(({ instanceId }) => instanceId))]
      const [agents, command] = await Promise.all([
        readAgents(cloud, ids, where),
        commandId === null ? null : readCommand(cloud, commandId, where),
      ])
      return [region, { agents, command }] as const
    }),
  )
  const byRegion = new Map(read)
  return ({ region, instanceId }) => {
    const found = byRegion.get(region)
    if (!found) return failed('NotAMachine', '')
    return whyNoCommand(found.command) ?? whyNotReady(found.agents[instanceId])
  }
}

function whyNoCommand(command: Fact<RegisteredCommand | null> | null): Fact<never> | null {
  if (command === null) return null
  if (command.state !== 'ok') return command
  return command.value === null
    ? failed('CommandMissing', '')
    : isOurs(command.value)
      ? null
      : failed('CommandDiffers', command.value.name)
}

/** The console may add or take a newline at the end. */
const isOurs = ({ content, isShell, takesParameters }: RegisteredCommand): boolean =>
  isShell && takesParameters && content.trimEnd() === registeredText().trimEnd()

function whyNotReady(fact: Fact<Agent | null> | undefined): Fact<never> | null {
  if (fact && fact.state !== 'ok') return fact
  const agent = known(fact)
  if (!agent) return failed('AgentNotInstalled', '')
  if (agent.isWindows) return failed('Windows', '')
  return agent.isOnline ? null : failed('AgentOffline', '')
}
