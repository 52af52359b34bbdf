import { quote } from '../../model/shell.ts'

export interface ScriptFor {
  readonly loadBalancerId: string
  readonly region: string
  /** `ip:port` */
  readonly target: string
  /** Left out: the CLB has no other listener. */
  readonly listenerId?: string
  /** Of several rules of a listener. */
  readonly ruleId?: string
  readonly isWindows?: boolean
}

/** The command that prints the probe for one backend, ready to paste. */
export const scriptCommand = ({
  loadBalancerId,
  region,
  target,
  listenerId,
  ruleId,
  isWindows,
}: ScriptFor): string =>
  [
    `clb-doctor guest-script ${loadBalancerId} ${target} --region ${quote(region)}`,
    ...(listenerId === undefined ? [] : [`--listener ${listenerId}`]),
    ...(ruleId === undefined ? [] : [`--rule ${ruleId}`]),
    ...(isWindows === true ? ['--windows'] : []),
  ].join(' ')

interface Front {
  readonly listenerId: string
  readonly locationId: string | null
}

/** What names one of the pools of a CLB, if it has several: its rule, if its listener has several. */
export function whichPool(
  { listenerId, locationId }: Front,
  all: readonly Front[],
): Pick<ScriptFor, 'listenerId' | 'ruleId'> {
  if (all.length < 2) return {}
  const isOneOfSeveral = all.some((one) => one.listenerId === listenerId && one.locationId !== locationId)
  return isOneOfSeveral && locationId !== null ? { ruleId: locationId } : { listenerId }
}
