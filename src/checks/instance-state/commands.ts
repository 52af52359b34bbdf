import type { Paths } from '../../path/index.ts'
import type { FixLine, GivenPlan } from '../check.ts'
import { chunksOf, tccli } from '../commands.ts'
import { unbinding } from '../unbinding.ts'
import type { Found, Trouble } from './trouble.ts'

/** The most machines that one call starts (SDK `StartInstancesRequest`). */
const MOST_STARTED = 100

/** The calls that fix the state of all. Empty if the fix takes a decision. */
export function commandsFor(found: readonly Found[], paths: Paths): readonly FixLine[] {
  const [first] = found
  if (!first) return []
  const { reason, resource, state } = first.trouble
  // SHUTDOWN is a machine that is to be destroyed. It cannot be started (SDK cvm_models, InstanceState).
  if (reason === 'not-running' && state === 'STOPPED') {
    const ids = found.map(({ trouble }) => trouble.resource.id)
    return chunksOf(ids, MOST_STARTED).map((some) =>
      tccli('cvm StartInstances', resource.region ?? '', { InstanceIds: some }),
    )
  }
  return isLost({ reason, state })
    ? unbinding(
        found.flatMap(({ hits }) => hits),
        paths,
      )
    : []
}

export function kindFor({ reason, state }: Pick<Trouble, 'reason' | 'state'>): GivenPlan['kind'] {
  if (reason === 'not-running' && state === 'STOPPED') return 'restore'
  return isLost({ reason, state }) ? 'settings' : 'advice'
}

const isLost = ({ reason, state }: Pick<Trouble, 'reason' | 'state'>): boolean =>
  reason === 'not-found' || state === 'TERMINATING' || state === 'LAUNCH_FAILED'
