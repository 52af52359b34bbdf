import { zhCN } from './zh-CN.ts'

export type Action = keyof typeof zhCN

/** False for the name of an action that this version does not have. Saved snapshots can hold such names. */
export const isAction = (name: string): name is Action => Object.hasOwn(zhCN, name)

export const ACTIONS: readonly Action[] = Object.keys(zhCN).filter(isAction)

interface ActionTraits {
  /** Calls per second that the platform allows. Only set if another number than 20 is documented (215/15804). */
  readonly perSecond?: number
  /** True if the action only says who changed what and when. No finding rests on it. */
  readonly informsOnly?: true
  /** Set if the action is more than a read. It stands in the CAM policies of the settings that need it. */
  readonly grants?: readonly Grant[]
}

/**
 * The policies of what is more than a read: docs/cam-policy-<name>.json. Each belongs to one setting that is off by default.
 * - `guest`: one registered command, on machines
 * - `run-command`: any script, on machines. It is enough without `guest`
 */
export const POLICIES = ['async', 'guest', 'run-command', 'network'] as const
export type Policy = (typeof POLICIES)[number]

/** The statement of a CAM policy that allows one action. */
export interface Grant {
  readonly policy: Policy
  /** The action's name in CAM, where it is not that of the API. */
  readonly action: string
  readonly resource: readonly string[]
}

// Empty parts stand for every region and the own account (598/10606). The user writes the id of the registered command in
// place of this one. TAT checks the command and the machine (1340/56294).
const COMMAND = 'qcs::tat:::command/cmd-xxxxxxxx'
const MACHINES = 'qcs::cvm:::instance/*'
// A script that is not registered has an id of its own each time.
const ANY = '*'

const granted = (policy: Policy, action: string, ...resource: readonly string[]): Grant => ({
  policy,
  action,
  resource,
})

const UNUSUAL: Readonly<Partial<Record<Action, ActionTraits>>> = {
  'vpc:DescribeSecurityGroupPolicies': { perSecond: 100 },
  'cloudaudit:DescribeEvents': { informsOnly: true },
  'cls:SearchLog': { informsOnly: true },
  // One function, by the name that serverless.yml gives it, in every region of the own account: empty parts stand for
  // these (598/10606). CAM calls the action InvokeFunction (583/18014).
  'scf:Invoke': {
    grants: [granted('async', 'scf:InvokeFunction', 'qcs::scf:::namespace/default/function/clb-doctor')],
  },
  'tat:DescribeAutomationAgentStatus': {
    perSecond: 60,
    grants: [
      granted('guest', 'tat:DescribeAutomationAgentStatus', MACHINES),
      granted('run-command', 'tat:DescribeAutomationAgentStatus', MACHINES),
    ],
  },
  'tat:DescribeCommands': { grants: [granted('guest', 'tat:DescribeCommands', COMMAND)] },
  'tat:InvokeCommand': { grants: [granted('guest', 'tat:InvokeCommand', COMMAND, MACHINES)] },
  // Only reads, but of every script's output if it stood in the policy of the reads.
  'tat:DescribeInvocationTasks': {
    grants: [
      granted('guest', 'tat:DescribeInvocationTasks', COMMAND, MACHINES),
      granted('run-command', 'tat:DescribeInvocationTasks', ANY),
    ],
  },
  'tat:RunCommand': { grants: [granted('run-command', 'tat:RunCommand', ANY)] },
  // It changes nothing and sends packets to the far side (215/38700).
  'vpc:CheckNetDetectState': {
    perSecond: 50,
    grants: [granted('network', 'vpc:CheckNetDetectState', ANY)],
  },
}

const traitsOf = (action: string): ActionTraits => (isAction(action) ? UNUSUAL[action] : undefined) ?? {}

/** The statements that allow an action which is more than a read, one for each policy. Empty for a read. */
export const grantsOf = (action: Action): readonly Grant[] => traitsOf(action).grants ?? []

export const READS: readonly Action[] = ACTIONS.filter((action) => grantsOf(action).length === 0)

export const informsOnly = (action: string): boolean => traitsOf(action).informsOnly ?? false

/** Three quarters of the platform's limit, because other callers use the account's keys as well. */
const SHARE = 0.75
const MOST_ALLOW = 20

export const usualRate = (action: string): number => SHARE * (traitsOf(action).perSecond ?? MOST_ALLOW)

/** The rate of an action if the user sets one. An action whose known rate is higher keeps it. */
export const rateBeside = (action: string, set: number): number =>
  Math.max(set, SHARE * (traitsOf(action).perSecond ?? 0))
