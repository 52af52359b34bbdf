import { grantsOf, informsOnly, isAction } from './actions/index.ts'
import type { Gap } from './diagnosis.ts'
import { isKubernetesAction } from './kubernetes.ts'

/** A lookup failed on which a finding could rest. */
export const isUnread = ({ action = '', errorCode }: Pick<Gap, 'action' | 'errorCode'>): boolean =>
  errorCode !== undefined && !informsOnly(action)

/**
 * A lookup failed that only adds to what the API of the cloud says: a look inside a machine, a packet to the far side, the
 * cluster. Without it the answer is the one that a user gets who did not ask for it.
 */
export const isAdditional = (gap: Pick<Gap, 'action' | 'errorCode'>): boolean => {
  const { action = '' } = gap
  return isUnread(gap) && (isKubernetesAction(action) || (isAction(action) && grantsOf(action).length > 0))
}
