import { type CallOptions, type CloudSession, readAll, readFact } from '../cloud/index.ts'
import { chunksOf } from '../model/chunks.ts'
import type { Clock } from '../model/clock.ts'
import { type Fact, ok } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import { type GuestReport, PROBE_MARKER } from '../model/guest.ts'
import { failed } from './guest-failure.ts'
import { after } from './known.ts'

// What became of the runs that TAT took.

/** So many questions in a row without an answer end the waiting. */
const MOST_FAILURES = 3

/** Of one filter. */
const MOST_INVOCATIONS = 5
const PAGE = 100
const POLL_MS = 1_000

/** One run of the probe on one machine. */
export interface GuestRun {
  /** Names its result. */
  readonly key: string
  readonly instanceId: string
  readonly region: string
  /** The parameters of the script, in Base64. */
  readonly parameters: string
}

export interface Patience {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** What has not come back by then is given up, ms since the epoch. */
  readonly until: number
  /** Of the answers that the runs follow from. */
  readonly depth: number
}

export type Results = Map<string, Fact<GuestReport>>

export interface Invocation {
  readonly id: string
  readonly region: string
  /** By machine: they all run the same. */
  readonly runs: ReadonlyMap<string, readonly GuestRun[]>
}

/** Asks for the tasks until each of them has ended, or the time is over. */
export async function collect(
  cloud: CloudSession,
  invocations: readonly Invocation[],
  patience: Patience,
  results: Results,
): Promise<void> {
  const { clock, signal, until } = patience
  let open = invocations
  const states = new Map<string, string>()
  const failures = new Map<string, Failures>()
  // The first question follows from the answer that the run was taken.
  let depth = after(patience.depth, '').wave
  while (open.length > 0 && clock.now() < until && !signal.aborted) {
    await clock.sleep(Math.max(0, Math.min(POLL_MS, until - clock.now())), signal).catch(() => undefined)
    const earlier = depth
    const where = (region: string): CallOptions => ({ ...after(earlier, region), isFresh: true })
    depth = where('').wave
    await Promise.all(
      pollsOf(open).map((own) => poll(cloud, own, where, { clock, states, failures, results })),
    )
    open = open.filter(({ runs }) => keysIn(runs).some((key) => !results.has(key)))
  }
  for (const { runs } of open)
    for (const key of keysIn(runs))
      if (!results.has(key))
        results.set(key, failures.get(key)?.last ?? failed('NotInTime', states.get(key) ?? '', 'deadline'))
}

/** Questions about one run that had no answer, since the last one that had. */
interface Failures {
  readonly count: number
  readonly last: Fact<never>
}

const keysIn = (runs: Invocation['runs']): readonly string[] =>
  [...runs.values()].flatMap((own) => own.map(({ key }) => key))

/** Invocations of one region, as many as one call can ask for. */
function pollsOf(open: readonly Invocation[]): readonly (readonly Invocation[])[] {
  return [...groupBy(open, ({ region }) => region).values()].flatMap((own) => chunksOf(own, MOST_INVOCATIONS))
}

interface Reading {
  readonly clock: Clock
  /** The last state of each task, by the key of its run. */
  readonly states: Map<string, string>
  /** By the key of its run. */
  readonly failures: Map<string, Failures>
  readonly results: Results
}

/** Another question may have an answer. The time being over is told by those who wait. */
const PASSING: readonly string[] = ['throttled', 'unavailable', 'malformed']

async function poll(
  cloud: CloudSession,
  invocations: readonly Invocation[],
  where: (region: string) => CallOptions,
  { clock, states, failures, results }: Reading,
): Promise<void> {
  const region = invocations[0]?.region ?? ''
  const fact = await readFact(
    readAll(
      cloud,
      'tat:DescribeInvocationTasks',
      {
        Filters: [{ Name: 'invocation-id', Values: invocations.map(({ id }) => id) }],
        HideOutput: false,
        Limit: PAGE,
        Offset: 0,
      },
      where(region),
      ({ InvocationTaskSet, TotalCount }) => ({ items: InvocationTaskSet, total: TotalCount }),
      ({ InvocationId, InstanceId }) => `${InvocationId} ${InstanceId}`,
    ),
  )
  if (fact.state !== 'ok') {
    if (fact.failure.problem === 'deadline') return
    const isPassing = PASSING.includes(fact.failure.problem)
    for (const key of invocations.flatMap(({ runs }) => keysIn(runs))) {
      const count = (failures.get(key)?.count ?? 0) + 1
      failures.set(key, { count, last: fact })
      if (!results.has(key) && (!isPassing || count >= MOST_FAILURES)) results.set(key, fact)
    }
    return
  }
  for (const { runs } of invocations) for (const key of keysIn(runs)) failures.delete(key)
  const at = new Date(clock.now()).toISOString()
  for (const task of fact.value)
    for (const { key, instanceId } of invocations
      .find(({ id }) => id === task.InvocationId)
      ?.runs.get(task.InstanceId) ?? []) {
      states.set(key, task.TaskStatus ?? '')
      const result = resultOf(task, instanceId, at)
      if (result !== null && !results.has(key)) results.set(key, result)
    }
}

interface Task {
  readonly TaskStatus?: string | null
  readonly TaskResult?: { readonly Output?: string | null; readonly Dropped?: number | null } | null
  readonly ErrorInfo?: string | null
}

/** These end by themselves. A state that this version does not know may, too. */
const UNDER_WAY = ['PENDING', 'DELIVERING', 'DELIVER_DELAYED', 'RUNNING', 'CANCELLING']
const ENDED = [
  'SUCCESS',
  'FAILED',
  'TIMEOUT',
  'TASK_TIMEOUT',
  'DELIVER_FAILED',
  'START_FAILED',
  'CANCELLED',
  'TERMINATED',
]
/** Something of the machine's own may stand before it. */
const hasBegun = (text: string): boolean =>
  text.startsWith(PROBE_MARKER) || text.includes(`\n${PROBE_MARKER}`)
const hasEnded = (text: string): boolean => text.includes(`\n${PROBE_MARKER}end`)

/** Null: the task goes on. What a run printed before it was ended counts, too. */
function resultOf({ TaskStatus, TaskResult, ErrorInfo }: Task, instanceId: string, at: string) {
  const state = TaskStatus ?? ''
  if (UNDER_WAY.includes(state)) return null
  const text = textIn(TaskResult?.Output)
  if (!ENDED.includes(state) && !hasEnded(text)) return null
  if (hasBegun(text)) {
    const dropped = TaskResult?.Dropped ?? 0
    const report: GuestReport = { kind: 'probe', by: 'tat', instanceId, at, text }
    return ok(dropped > 0 ? { ...report, droppedBytes: dropped } : report)
  }
  return state === 'SUCCESS'
    ? failed('OtherOutput', text.slice(0, 100), 'malformed')
    : failed(`Task.${state}`, ErrorInfo ?? '', 'unavailable')
}

export const textIn = (base64: string | null | undefined): string =>
  Buffer.from(base64 ?? '', 'base64').toString('utf8')
