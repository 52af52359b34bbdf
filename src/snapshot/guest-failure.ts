import { type Fact, type ReadFailure, unread } from '../model/fact.ts'
import type { GuestFailure } from '../model/guest.ts'

/** @param detail for a log; no text shows it but the state of a task */
export const failed = (
  code: GuestFailure,
  detail: string,
  problem: ReadFailure['problem'] = 'unavailable',
): Fact<never> =>
  unread({
    problem,
    action: ACTION_OF[code.split('.', 1)[0] ?? ''] ?? 'tat:InvokeCommand',
    code,
    message: detail,
  })

/** The call that would have to have another answer. */
const ACTION_OF: Readonly<Record<string, ReadFailure['action']>> = {
  AgentNotInstalled: 'tat:DescribeAutomationAgentStatus',
  AgentOffline: 'tat:DescribeAutomationAgentStatus',
  Windows: 'tat:DescribeAutomationAgentStatus',
  CommandMissing: 'tat:DescribeCommands',
  CommandDiffers: 'tat:DescribeCommands',
  NotInTime: 'tat:DescribeInvocationTasks',
  OtherOutput: 'tat:DescribeInvocationTasks',
  Task: 'tat:DescribeInvocationTasks',
}
