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
}

const UNUSUAL: Readonly<Partial<Record<Action, ActionTraits>>> = {
  'vpc:DescribeSecurityGroupPolicies': { perSecond: 100 },
  'cloudaudit:DescribeEvents': { informsOnly: true },
  'cls:SearchLog': { informsOnly: true },
}

const traitsOf = (action: string): ActionTraits => (isAction(action) ? UNUSUAL[action] : undefined) ?? {}

export const informsOnly = (action: string): boolean => traitsOf(action).informsOnly ?? false

/** Three quarters of the platform's limit, because other callers use the account's keys as well. */
const SHARE = 0.75
const MOST_ALLOW = 20

export const usualRate = (action: string): number => SHARE * (traitsOf(action).perSecond ?? MOST_ALLOW)

/** The rate of an action if the user sets one. An action whose known rate is higher keeps it. */
export const rateBeside = (action: string, set: number): number =>
  Math.max(set, SHARE * (traitsOf(action).perSecond ?? 0))
