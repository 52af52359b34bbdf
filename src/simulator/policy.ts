import reads from '../../docs/cam-policy.json'
import async from '../../docs/cam-policy-async.json'
import guest from '../../docs/cam-policy-guest.json'
import network from '../../docs/cam-policy-network.json'
import runCommand from '../../docs/cam-policy-run-command.json'
import type { World } from './world.ts'

interface CamPolicy {
  readonly statement: readonly { readonly action: readonly string[] }[]
}

const actionsOf = (policy: CamPolicy): ReadonlySet<string> =>
  new Set(policy.statement.flatMap(({ action }) => action))

const READS = actionsOf(reads)
/** CAM has another name for the API's `Invoke`. */
const IN_CAM: Readonly<Record<string, string>> = { 'scf:Invoke': 'scf:InvokeFunction' }
const ASYNC = actionsOf(async)
const GUEST = actionsOf(guest)
const RUN_COMMAND = actionsOf(runCommand)
const NETWORK = actionsOf(network)

/** Does a CAM policy in docs/ allow `service:Action`? Reads the files that users attach to their role. */
export const isAllowed = (action: string): boolean =>
  [READS, ASYNC, GUEST, RUN_COMMAND, NETWORK].some((policy) => policy.has(IN_CAM[action] ?? action))

/** Does the role of the caller have it? The reads, and the policies that the world says it has. Each is enough alone. */
export const isGranted = (
  action: string,
  { functions, tat, mayDetect }: Pick<World, 'functions' | 'tat' | 'mayDetect'>,
): boolean => {
  const name = IN_CAM[action] ?? action
  return (
    READS.has(name) ||
    (functions !== undefined && ASYNC.has(name)) ||
    (tat !== undefined && tat.mayRun !== 'alone' && GUEST.has(name)) ||
    (tat?.mayRun !== undefined && RUN_COMMAND.has(name)) ||
    (mayDetect === true && NETWORK.has(name))
  )
}
