import policy from '../../docs/cam-policy.json'

const ALLOWED: ReadonlySet<string> = new Set(policy.statement.flatMap(({ action }) => action))

/** Does the CAM policy that the README tells people to attach allow `service:Action`? The file itself decides. */
export const isAllowed = (action: string): boolean => ALLOWED.has(action)
