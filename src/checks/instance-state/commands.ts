import { chunksOf } from '../../model/chunks.ts'
import type { Paths } from '../../path/index.ts'
import type { FixLine, GivenPlan } from '../check.ts'
import { tccli } from '../commands.ts'
import { unbinding } from '../unbinding.ts'
import type { Found, Trouble } from './trouble.ts'

/** The most machines that one call starts (SDK `StartInstancesRequest`). */
const MOST_STARTED = 100

/** The most machines whose bandwidth one call sets (platform facts F). */
const MOST_RESET = 100

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
  if (reason === 'no-public-bandwidth')
    return chunksOf(
      found.flatMap(({ trouble, hits }) =>
        hits.some(({ target }) => target.status === 'Dead') ? trouble.resource.id : [],
      ),
      MOST_RESET,
    ).map((some) =>
      tccli('cvm ResetInstancesInternetMaxBandwidth', resource.region ?? '', {
        InstanceIds: some,
        InternetAccessible: { InternetMaxBandwidthOut: 1 },
      }),
    )
  return isLost({ reason, state })
    ? unbinding(
        found.flatMap(({ hits }) => hits),
        paths,
      )
    : []
}

export function kindFor({ reason, state }: Pick<Trouble, 'reason' | 'state'>): GivenPlan['kind'] {
  if (reason === 'not-running' && state === 'STOPPED') return 'restore'
  return reason === 'no-public-bandwidth' || isLost({ reason, state }) ? 'settings' : 'advice'
}

const isLost = ({ reason, state }: Pick<Trouble, 'reason' | 'state'>): boolean =>
  reason === 'not-found' || state === 'TERMINATING' || state === 'LAUNCH_FAILED'
