import policy from '../../docs/cam-policy.json'

const ALLOWED: ReadonlySet<string> = new Set(policy.statement.flatMap(({ action }) => action))

/** Does the CAM policy in docs/ allow `service:Action`? Reads the file that users attach to their role. */
export const isAllowed = (action: string): boolean => ALLOWED.has(action)
