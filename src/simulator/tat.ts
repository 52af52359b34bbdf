import { type Answer, ApiError, filter, page, type Request, texts } from './api.ts'
import { printed } from './guest-output.ts'
import { PAGE, type SimulatedActions } from './parameters.ts'
import { machineOf } from './seen.ts'
import type { Agent, Machine, Tat, TatInvocation, World } from './world.ts'

// TAT (2020-10-28): agents, registered commands, and the tasks of what was run.

/** Of one task's output. */
const MOST_OUTPUT = 24 * 1024

const USUAL: Agent = { status: 'Online', environment: 'Linux', states: ['SUCCESS'] }

const agentOf = ({ agent, state }: Machine): Agent | null =>
  agent === null ? null : { ...USUAL, ...agent, ...(state === 'RUNNING' ? {} : { status: 'Offline' }) }

const tatOf = ({ tat }: World): Tat => tat ?? { granted: '', commands: [], invocations: [] }

function describeAgents(world: World, request: Request): Answer {
  const ids = texts(request.InstanceIds)
  const found = (ids.length === 0 ? world.machines.map(({ id }) => id) : ids).flatMap((id) => {
    const machine = machineOf(world, id)
    const agent = machine && agentOf(machine)
    return agent ? [{ id, agent }] : []
  })
  return {
    TotalCount: found.length,
    AutomationAgentSet: page(request, found).map(({ id, agent }) => ({
      InstanceId: id,
      Version: '1.0.50',
      LastHeartbeatTime: '2026-11-20T07:05:44+00:00',
      AgentStatus: agent.status,
      Environment: agent.environment,
      SupportFeatures: ['SESSION_MANAGER'],
    })),
  }
}

/** The policy of the role names one command. */
function mustBeGranted(world: World, ids: readonly string[]): void {
  const other = ids.length === 0 || ids.find((id) => id !== tatOf(world).granted)
  if (other)
    throw new ApiError('UnauthorizedOperation.CamAuthFailed', `command/${String(other)} is not in the policy`)
}

function describeCommands(world: World, request: Request): Answer {
  const ids = texts(request.CommandIds)
  mustBeGranted(world, ids)
  const found = tatOf(world).commands.filter(({ id }) => ids.includes(id))
  return {
    TotalCount: found.length,
    CommandSet: page(request, found).map(({ id, name, content, type, takesParameters }) => ({
      CommandId: id,
      CommandName: name,
      Description: '',
      FormattedDescription: '',
      CreatedBy: 'USER',
      Content: Buffer.from(content).toString('base64'),
      CommandType: type,
      WorkingDirectory: '/root',
      Timeout: 60,
      EnableParameter: takesParameters,
      DefaultParameters: '',
      DefaultParameterConfs: [],
      Scenes: [],
      Username: 'root',
      Tags: [],
      CreatedTime: '2026-11-02T02:48:11+00:00',
      UpdatedTime: '2026-11-02T02:48:11+00:00',
      OutputCOSBucketUrl: '',
      OutputCOSKeyPrefix: '',
    })),
  }
}

/** @throws ApiError for the first machine that cannot run a command */
function mustBeReady(world: World, ids: readonly string[]): void {
  for (const id of ids) {
    const machine = machineOf(world, id)
    if (!machine) throw new ApiError('ResourceNotFound.InstanceNotFound', `no instance ${id}`)
    const agent = agentOf(machine)
    if (machine.state !== 'RUNNING')
      throw new ApiError('ResourceUnavailable.InstanceStateNotRunning', `${id} is not running`)
    if (!agent) throw new ApiError('ResourceUnavailable.AgentNotInstalled', `${id} has no agent`)
    if (agent.status !== 'Online')
      throw new ApiError('ResourceUnavailable.AgentStatusNotOnline', `the agent of ${id} is not online`)
    if (agent.environment !== 'Linux')
      throw new ApiError('InvalidParameterValue.AgentUnsupportedCommandType', `${id} runs no SHELL command`)
  }
}

function begin(
  world: World,
  command: Pick<TatInvocation, 'commandId' | 'commandName' | 'script'>,
  ids: readonly string[],
): TatInvocation {
  mustBeReady(world, ids)
  const { invocations } = tatOf(world)
  const number = String(invocations.length + 1).padStart(4, '0')
  const invocation = {
    id: `inv-sim${number}`,
    region: world.region,
    ...command,
    tasks: ids.map((machineId, i) => ({ id: `invt-sim${number}${i}`, machineId, asked: 0 })),
  }
  invocations.push(invocation)
  return invocation
}

function invokeCommand(world: World, request: Request): Answer {
  const id = String(request.CommandId)
  mustBeGranted(world, [id])
  const command = tatOf(world).commands.find((one) => one.id === id)
  if (!command) throw new ApiError('ResourceNotFound.CommandNotFound', `no command ${id}`)
  const { content, takesParameters, name } = command
  if (request.Parameters !== undefined && !takesParameters)
    throw new ApiError(
      'InvalidParameterValue.SupportParametersOnlyIfEnableParameter',
      'EnableParameter is false',
    )
  // TAT puts the values into the text, whatever they are.
  const script = Object.entries(parametersIn(request.Parameters)).reduce(
    (text, [key, value]) => text.replaceAll(`{{${key}}}`, () => value),
    content,
  )
  const { id: InvocationId } = begin(
    world,
    { commandId: id, commandName: name, script },
    texts(request.InstanceIds),
  )
  return { InvocationId }
}

function parametersIn(given: unknown): Readonly<Record<string, string>> {
  if (given === undefined) return {}
  try {
    const read: unknown = JSON.parse(String(given))
    if (typeof read !== 'object' || read === null) throw new TypeError('not an object')
    for (const value of Object.values(read)) if (typeof value !== 'string') throw new TypeError('not a text')
    return read as Record<string, string>
  } catch (cause) {
    throw new ApiError('InvalidParameterValue.ParameterInvalidJsonFormat', 'Parameters', { cause })
  }
}

function runCommand(world: World, request: Request): Answer {
  const script = Buffer.from(String(request.Content), 'base64').toString('utf8')
  if (String(request.Content).length > 64 * 1024)
    throw new ApiError('InvalidParameterValue.TooLong', 'Content: at most 64 KB')
  const commandId = `cmd-run${String(tatOf(world).invocations.length + 1).padStart(5, '0')}`
  const { id } = begin(
    world,
    { commandId, commandName: String(request.CommandName ?? ''), script },
    texts(request.InstanceIds),
  )
  return { CommandId: commandId, InvocationId: id }
}

function describeTasks(world: World, request: Request): Answer {
  const wanted = filter(request, 'invocation-id') ?? []
  const found = tatOf(world)
    .invocations.filter(({ id, region }) => wanted.includes(id) && region === world.region)
    .flatMap((invocation) => invocation.tasks.map((task) => ({ invocation, task })))
  return {
    TotalCount: found.length,
    InvocationTaskSet: page(request, found).map((one) => taskView(world, one, request.HideOutput !== false)),
  }
}

/** Each question about a task takes it one state further. */
function taskView(
  world: World,
  { invocation, task }: { invocation: TatInvocation; task: TatInvocation['tasks'][number] },
  isHidden: boolean,
): Answer {
  const machine = machineOf(world, task.machineId)
  const { states, output } = (machine && agentOf(machine)) ?? USUAL
  const TaskStatus = states[Math.min(task.asked, states.length - 1)] ?? 'SUCCESS'
  task.asked += 1
  const hasPrinted = RAN.includes(TaskStatus) || output !== undefined
  const ran = machine && hasPrinted ? (output ?? printed(world, machine, invocation.script)) : ''
  const bytes = Buffer.from(ran)
  const ended = !UNDER_WAY.includes(TaskStatus)
  return {
    InvocationId: invocation.id,
    InvocationTaskId: task.id,
    CommandId: invocation.commandId,
    CommandName: invocation.commandName,
    TaskStatus,
    InstanceId: task.machineId,
    TaskResult: {
      ExitCode: TaskStatus === 'SUCCESS' ? 0 : 1,
      Output: isHidden ? '' : bytes.subarray(0, MOST_OUTPUT).toString('base64'),
      Dropped: Math.max(0, bytes.length - MOST_OUTPUT),
      OutputUrl: '',
      OutputUploadCOSErrorInfo: '',
      ExecStartTime: '2026-11-20T07:06:00+00:00',
      ExecEndTime: ended ? '2026-11-20T07:06:07+00:00' : '',
    },
    ErrorInfo: '',
    InvocationSource: 'USER',
    StartTime: '2026-11-20T07:06:00+00:00',
    EndTime: ended ? '2026-11-20T07:06:07+00:00' : '',
    CreatedTime: '2026-11-20T07:05:58+00:00',
    UpdatedTime: '2026-11-20T07:06:08+00:00',
    CommandDocument: {
      Content: Buffer.from(invocation.script).toString('base64'),
      CommandType: 'SHELL',
      Timeout: 60,
      Username: 'root',
      WorkingDirectory: '/root',
      OutputCOSBucketUrl: '',
      OutputCOSKeyPrefix: '',
    },
  }
}

const UNDER_WAY = ['PENDING', 'DELIVERING', 'DELIVER_DELAYED', 'RUNNING', 'CANCELLING']
/** In these the script has printed something. */
const RAN = ['SUCCESS', 'FAILED', 'TIMEOUT', 'TERMINATED']

export const actions: SimulatedActions = {
  'tat:DescribeAutomationAgentStatus': {
    takes: { InstanceIds: 'texts', ...PAGE },
    most: { InstanceIds: 100 },
    answer: describeAgents,
  },
  'tat:DescribeCommands': {
    takes: { CommandIds: 'texts', ...PAGE },
    most: { CommandIds: 100 },
    answer: describeCommands,
  },
  'tat:InvokeCommand': {
    takes: { CommandId: 'text', InstanceIds: 'texts', Parameters: 'text', Timeout: 'number' },
    needs: 'CommandId',
    most: { InstanceIds: 200 },
    answer: invokeCommand,
  },
  'tat:RunCommand': {
    takes: {
      Content: 'text',
      InstanceIds: 'texts',
      CommandName: 'text',
      CommandType: 'text',
      Timeout: 'number',
      SaveCommand: 'flag',
      EnableParameter: 'flag',
    },
    needs: 'Content',
    most: { InstanceIds: 200 },
    answer: runCommand,
  },
  'tat:DescribeInvocationTasks': {
    takes: { Filters: 'filters', HideOutput: 'flag', ...PAGE },
    filters: ['invocation-id'],
    values: 5,
    answer: describeTasks,
  },
}
