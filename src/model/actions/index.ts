import { zhCN } from './zh-CN.ts'

export type Action = keyof typeof zhCN

/** False for a name that only an older or newer version knows: saved snapshots hold such names. */
export const isAction = (name: string): name is Action => Object.hasOwn(zhCN, name)

export const ACTIONS: readonly Action[] = Object.keys(zhCN).filter(isAction)

interface ActionTraits {
  /** Calls a second that the platform allows, where another number than the usual 20 is documented (215/15804). */
  readonly perSecond?: number
  /** Says who and when alone: no finding rests on it, and where it fails no cause is left open. */
  readonly informsOnly?: true
}

const UNUSUAL: Readonly<Partial<Record<Action, ActionTraits>>> = {
  'vpc:DescribeSecurityGroupPolicies': { perSecond: 100 },
  'cloudaudit:DescribeEvents': { informsOnly: true },
  'cls:SearchLog': { informsOnly: true },
}

const traitsOf = (action: string): ActionTraits => (isAction(action) ? UNUSUAL[action] : undefined) ?? {}

export const informsOnly = (action: string): boolean => traitsOf(action).informsOnly ?? false

/** Three quarters of what the platform allows: others call with the account's keys as well. */
export const usualRate = (action: string): number => 0.75 * (traitsOf(action).perSecond ?? 20)
