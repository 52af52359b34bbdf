import { type CallOptions, type CloudSession, type Kind, readFact } from '../cloud/index.ts'
import { chunksOf } from '../model/chunks.ts'
import { type Fact, ok, unread } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import type { GuestFailure, GuestReport } from '../model/guest.ts'
import type { ById } from '../model/snapshot.ts'
import { listed, readMany } from './collect.ts'
import { failed } from './guest-failure.ts'
import {
  collect,
  type GuestRun,
  type Invocation,
  type Patience,
  type Results,
  textIn,
} from './guest-tasks.ts'
import { after } from './known.ts'

export { type Detection, readDetections } from './detections.ts'
export type { GuestRun, Patience } from './guest-tasks.ts'
export { failed }

// Runs the read-only probe on machines through TAT and brings its output back. `in-guest.ts` of app/ decides on which
// machines, and what is asked.

export interface Agent {
  readonly isOnline: boolean
  readonly isWindows: boolean
}

const AGENTS: Kind = { action: 'tat:DescribeAutomationAgentStatus', size: 100, keep: 1_000 }

/** `ok(null)`: no agent is installed on the machine. */
export const readAgents = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<Agent | null>> =>
  readMany(cloud, { kind: AGENTS, ids, where }, async (InstanceIds, at) => {
    const request = { InstanceIds: [...InstanceIds], Limit: AGENTS.size }
    const { AutomationAgentSet } = await cloud.call('tat:DescribeAutomationAgentStatus', request, at)
    return listed(AGENTS.action, AutomationAgentSet).map(({ InstanceId, AgentStatus, Environment }) => [
      InstanceId,
      { isOnline: AgentStatus === 'Online', isWindows: Environment === 'Windows' },
    ])
  })

/** The probe as an administrator registered it. */
export interface RegisteredCommand {
  readonly name: string
  /** The script. */
  readonly content: string
  readonly isShell: boolean
  readonly takesParameters: boolean
}

/** `ok(null)`: the region has no command of that id. */
export async function readCommand(
  cloud: CloudSession,
  id: string,
  where: CallOptions,
): Promise<Fact<RegisteredCommand | null>> {
  const fact = await readFact(cloud.call('tat:DescribeCommands', { CommandIds: [id] }, where))
  if (fact.state !== 'ok') return fact.failure.problem === 'not-found' ? ok(null) : fact
  const [found] = fact.value.CommandSet ?? []
  return ok(
    found
      ? {
          name: found.CommandName ?? '',
          content: textIn(found.Content),
          isShell: (found.CommandType ?? 'SHELL') === 'SHELL',
          takesParameters: found.EnableParameter === true,
        }
      : null,
  )
}

/** How the script gets to the machine: as the registered command, or sent along. */
export type Carrier =
  | { readonly kind: 'registered'; readonly commandId: string; readonly parameter: string }
  | { readonly kind: 'sent'; readonly name: string; readonly scriptWith: (parameters: string) => string }

/** The seconds and machines that TAT allows one run. */
const RUN_SECONDS = 60
const MOST_MACHINES = 200
/**
 * Runs the probe. Machines that are asked the same share an invocation. Never rejects for one machine: it gets a failure
 * of its own.
 * @throws CredentialsError
 */
export async function runProbes(
  cloud: CloudSession,
  runs: readonly GuestRun[],
  carrier: Carrier,
  patience: Patience,
): Promise<ById<GuestReport>> {
  const results: Results = new Map()
  const alike = groupBy(runs, ({ region, parameters }) => `${region} ${parameters}`)
  const batches = [...alike.values()].flatMap((own) => batchesOf(own))
  const begun = await Promise.all(batches.map((own) => invoke(cloud, own, carrier, patience, results)))
  await collect(cloud, begun.flat(), patience, results)
  return Object.fromEntries(results)
}

/** Runs of so many machines as one invocation takes. */
function batchesOf(runs: readonly GuestRun[]): readonly (readonly GuestRun[])[] {
  const machines = [...groupBy(runs, ({ instanceId }) => instanceId).values()]
  return chunksOf(machines, MOST_MACHINES).map((some) => some.flat())
}

/** What may have become of a machine since its agent was asked. */
const OWN_CODES: readonly (readonly [RegExp, GuestFailure])[] = [
  [/AgentNotInstalled/, 'AgentNotInstalled'],
  [/AgentStatusNotOnline/, 'AgentOffline'],
  [/AgentUnsupportedCommandType/, 'Windows'],
  [/CommandNotFound|InvalidCommandId/, 'CommandMissing'],
]

async function invoke(
  cloud: CloudSession,
  runs: readonly GuestRun[],
  carrier: Carrier,
  patience: Patience,
  results: Results,
): Promise<readonly Invocation[]> {
  const [first] = runs
  if (!first) return []
  const { region, parameters } = first
  const byMachine = groupBy(runs, ({ instanceId }) => instanceId)
  const InstanceIds = [...byMachine.keys()]
  // The API answers the same question once: a second look within one diagnosis is another run.
  const where: CallOptions = { ...after(patience.depth, region), isFresh: true }
  const fact = await readFact(
    carrier.kind === 'registered'
      ? cloud.call(
          'tat:InvokeCommand',
          {
            CommandId: carrier.commandId,
            InstanceIds,
            Parameters: JSON.stringify({ [carrier.parameter]: parameters }),
            Timeout: RUN_SECONDS,
          },
          where,
        )
      : cloud.call(
          'tat:RunCommand',
          {
            CommandName: carrier.name,
            Content: Buffer.from(carrier.scriptWith(parameters)).toString('base64'),
            CommandType: 'SHELL',
            InstanceIds,
            Timeout: RUN_SECONDS,
            SaveCommand: false,
            EnableParameter: false,
          },
          where,
        ),
  )
  if (fact.state === 'ok') return [{ id: fact.value.InvocationId, region, runs: byMachine }]
  // One machine that is not ready fails the call for all of them.
  if (fact.failure.problem !== 'denied' && fact.failure.problem !== 'deadline' && byMachine.size > 1) {
    const half = Math.ceil(byMachine.size / 2)
    const machines = [...byMachine.values()]
    const halves = [machines.slice(0, half), machines.slice(half)].map((own) =>
      invoke(cloud, own.flat(), carrier, patience, results),
    )
    return (await Promise.all(halves)).flat()
  }
  const own = OWN_CODES.find(([pattern]) => pattern.test(fact.failure.code))?.[1]
  for (const { key } of runs) results.set(key, own ? failed(own, fact.failure.message) : unread(fact.failure))
  return []
}
