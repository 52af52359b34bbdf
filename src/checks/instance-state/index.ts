import type { CheckOutcome } from '../../model/diagnosis.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Paths } from '../../path/index.ts'
import { type Check, type CheckResult, everyTarget, type PoolTarget, result } from '../check.ts'
import { aboutSeveral, withHitsIn } from '../several.ts'
import { draftOf } from './finding.ts'
import { oneZone } from './one-zone.ts'
import { publicBandwidth } from './public-bandwidth.ts'
import { TEXTS } from './texts.ts'
import { type Found, type Trouble, troubleOf } from './trouble.ts'

/** Guide 2: does the machine or interface behind the address exist, run, and have no unpaid bill? */
export const instanceState: Check = { id: 'instance-state', reasons: TEXTS.reasons, run }

function run(paths: Paths): CheckResult {
  const { found, outcomes } = troublesOf(paths)
  // If the answer lacks machines that answer probes, it is incomplete and proves nothing about other missing machines.
  const isAnswerIncomplete = found.some(
    (one) => isMissing(one.trouble) && ['alive', 'mixed'].includes(healthOf(one)),
  )
  const alike = groupBy(found, keyOf)
  const troubles = [...alike.values()].map((some) =>
    aboutSeveral(
      some,
      ({ trouble }) => trouble.resource.id,
      (own) => {
        const drafted = draftOf(own, paths)
        return isAnswerIncomplete && own.some(({ trouble }) => isMissing(trouble))
          ? { ...drafted, certainty: 'possible' }
          : drafted
      },
      withHitsIn,
    ),
  )
  const bandwidth = publicBandwidth(paths)
  return result(
    [...troubles, ...bandwidth.drafts, ...oneZone(paths)],
    [...outcomes, ...bandwidth.outcomes],
    outcomes.includes('unknown') ? 'machines-unread' : 'bandwidth-unread',
  )
}

function troublesOf(paths: Paths) {
  const found = new Map<string, { readonly trouble: Trouble; readonly hits: PoolTarget[] }>()
  const outcomes: CheckOutcome[] = []
  for (const poolTarget of everyTarget(paths)) {
    const trouble = troubleOf(poolTarget, paths)
    if (trouble === null || trouble === 'unknown' || trouble === 'not-applicable') {
      outcomes.push(trouble ?? 'pass')
      continue
    }
    const key = `${trouble.reason}/${trouble.resource.id}`
    const entry = found.get(key) ?? { trouble, hits: [] }
    entry.hits.push(poolTarget)
    found.set(key, entry)
  }
  return { found: [...found.values()], outcomes }
}

const isMissing = ({ reason, resource }: Trouble): boolean =>
  reason === 'not-found' && resource.type === 'cvm'

/**
 * Things with one reason and state are one finding. A healthy backend refutes it for its own machine only, so the
 * machines of healthy backends stand apart, and a machine of healthy and Dead ones stands alone.
 */
function keyOf(one: Found): string {
  const { reason, resource, state } = one.trouble
  const health = healthOf(one)
  const own = health === 'mixed' ? resource.id : ''
  return [reason, resource.type, resource.region, reason === 'ip-moved' ? '' : state, health, own].join('/')
}

function healthOf({ hits }: Found): 'dead' | 'alive' | 'mixed' | 'neither' {
  const isAny = (status: string): boolean => hits.some(({ target }) => target.status === status)
  if (isAny('Alive')) return isAny('Dead') ? 'mixed' : 'alive'
  return isAny('Dead') ? 'dead' : 'neither'
}
