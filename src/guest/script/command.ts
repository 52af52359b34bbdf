import { quote } from '../../model/shell.ts'

export interface ScriptFor {
  readonly loadBalancerId: string
  readonly region: string
  /** `ip:port` */
  readonly target: string
  /** Left out: the CLB has no other listener. */
  readonly listenerId?: string
  readonly isWindows?: boolean
}

/** The command that prints the probe for one backend, ready to paste. */
export const scriptCommand = ({ loadBalancerId, region, target, listenerId, isWindows }: ScriptFor): string =>
  [
    `clb-doctor guest-script ${loadBalancerId} ${target} --region ${quote(region)}`,
    ...(listenerId === undefined ? [] : [`--listener ${listenerId}`]),
    ...(isWindows === true ? ['--windows'] : []),
  ].join(' ')
