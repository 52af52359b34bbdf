import type { Paths } from '../../path/index.ts'
import type { FixLine, GivenPlan, PoolTarget } from '../check.ts'
import { tccli } from '../commands.ts'
import { unbinding } from '../unbinding.ts'
import type { Trouble } from './trouble.ts'

/** The one call that fixes the state. Empty if the fix takes a decision or several calls. */
export function commandsFor(
  { reason, resource, state }: Trouble,
  hits: readonly PoolTarget[],
  paths: Paths,
): readonly FixLine[] {
  // SHUTDOWN is a machine that is to be destroyed. It cannot be started (SDK cvm_models, InstanceState).
  if (reason === 'not-running' && state === 'STOPPED')
    return [tccli('cvm StartInstances', resource.region ?? '', { InstanceIds: [resource.id] })]
  return isLost({ reason, state }) ? unbinding(hits, paths) : []
}

export function kindFor({ reason, state }: Pick<Trouble, 'reason' | 'state'>): GivenPlan['kind'] {
  if (reason === 'not-running' && state === 'STOPPED') return 'restore'
  return isLost({ reason, state }) ? 'settings' : 'advice'
}

const isLost = ({ reason, state }: Pick<Trouble, 'reason' | 'state'>): boolean =>
  reason === 'not-found' || state === 'TERMINATING' || state === 'LAUNCH_FAILED'
