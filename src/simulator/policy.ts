import reads from '../../docs/cam-policy.json'
import async from '../../docs/cam-policy-async.json'
import type { World } from './world.ts'

const actionsOf = (policy: typeof reads): ReadonlySet<string> =>
  new Set(policy.statement.flatMap(({ action }) => action))

const READS = actionsOf(reads)
/** CAM has another name for the API's `Invoke`. */
const IN_CAM: Readonly<Record<string, string>> = { 'scf:Invoke': 'scf:InvokeFunction' }
const ASYNC = actionsOf(async)

/** Does a CAM policy in docs/ allow `service:Action`? Reads the files that users attach to their role. */
export const isAllowed = (action: string): boolean => READS.has(action) || ASYNC.has(IN_CAM[action] ?? action)

/** Does the role of the caller have it? Only the reads, unless the world has functions that may call themselves. */
export const isGranted = (action: string, { functions }: Pick<World, 'functions'>): boolean =>
  READS.has(action) || (functions !== undefined && isAllowed(action))
