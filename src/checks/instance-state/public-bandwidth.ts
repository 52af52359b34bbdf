import type { CheckOutcome, TargetKey } from '../../model/diagnosis.ts'
import { groupBy } from '../../model/group-by.ts'
import { type Paths, publicReachOf } from '../../path/index.ts'
import { type Draft, everyTarget, type FindingTarget, type PoolTarget } from '../check.ts'
import { aboutSeveral, withHitsIn } from '../several.ts'
import { draftOf } from './finding.ts'
import { TEXTS } from './texts.ts'
import type { Found } from './trouble.ts'

/** One class for all: an answer of one machine without public bandwidth shows that probes do not need it. */
const CLASS = 'public-bandwidth'

interface Result {
  readonly drafts: readonly Draft[]
  readonly outcomes: readonly CheckOutcome[]
}

/** Machines without public bandwidth behind a public CLB, in an account that pays for bandwidth at the machines. */
export function publicBandwidth(paths: Paths): Result {
  const probed = everyTarget(paths).filter(
    ({ target: { status } }) => status === 'Dead' || status === 'Alive',
  )
  const lacking = probed.filter(({ target }) => publicReachOf(target, paths) === 'lacking')
  const isOpen = probed.some(
    ({ target }) => isDead(target) && publicReachOf(target, paths).endsWith('-unread'),
  )
  return { drafts: draftsFor(lacking, paths), outcomes: isOpen ? ['unknown'] : [] }
}

const isDead = ({ status }: PoolTarget['target']): boolean => status === 'Dead'

/** What all findings of one diagnosis share. */
interface Given {
  readonly paths: Paths
  readonly certainty: 'likely' | 'possible'
  /** The healthy targets without public bandwidth. Each of them refutes the finding, also if it is about some machines. */
  readonly healthy: readonly FindingTarget[]
}

/** Without a healthy machine among them, those with a hop that is not known stand apart: the hop may be the reason. */
function draftsFor(hits: readonly PoolTarget[], paths: Paths): readonly Draft[] {
  if (!hits.some(({ target }) => isDead(target))) return []
  const healthy = hits.flatMap(({ target }) => (isDead(target) ? [] : asTarget(target.key)))
  const machines = foundIn(hits, paths)
  if (healthy.length > 0) return [drafted(machines, { paths, certainty: 'likely', healthy })]
  return [...groupBy(machines, ({ hits: own }) => (own.some(hasUnknownHop) ? 'possible' : 'likely'))].map(
    ([certainty, some]) => drafted(some, { paths, certainty, healthy }),
  )
}

const asTarget = (target: TargetKey): FindingTarget => ({ target, class: CLASS })

const SHOWN: readonly string[] = ['acl-in', 'security-group', 'acl-out']

const hasUnknownHop = ({ target: { path } }: PoolTarget): boolean =>
  path.some(({ stage, verdict }) => verdict === 'unknown' && SHOWN.includes(stage))

function foundIn(hits: readonly PoolTarget[], { snapshot: { region } }: Paths): readonly Found[] {
  return [...groupBy(hits, ({ target }) => target.instanceId ?? '')].map(([id, own]) => {
    const name = own.at(-1)?.target.name ?? null
    return {
      trouble: {
        reason: 'no-public-bandwidth',
        resource: { type: 'cvm', id, region, ...(name ? { name } : {}) },
        state: '0',
        evidence: { source: 'cvm:DescribeInstances', field: 'InternetMaxBandwidthOut', value: 0 },
      },
      hits: own,
    }
  })
}

const drafted = (machines: readonly Found[], given: Given): Draft =>
  aboutSeveral(
    machines,
    ({ trouble }) => trouble.resource.id,
    (some): Draft => {
      const draft = draftOf(some, given.paths)
      const dead = some.flatMap(({ hits }) => hits).filter(({ target }) => isDead(target))
      const { doubt, hops } = TEXTS.bandwidth
      return {
        ...draft,
        targets: [...dead.map(({ target }) => asTarget(target.key)), ...given.healthy],
        certainty: given.certainty,
        doubts: given.certainty === 'possible' ? [doubt, hops] : [doubt],
        evidence: [
          { source: 'vpc:DescribeNetworkAccountType', fact: 'NetworkAccountType', value: 'LEGACY' },
          ...draft.evidence,
        ],
        left: (explained) => leftOf(some, explained, given),
      }
    },
    withHitsIn,
  )

function leftOf(machines: readonly Found[], explained: ReadonlySet<TargetKey>, given: Given): Draft | null {
  const hits = machines.flatMap((one) => one.hits).filter(({ target }) => !explained.has(target.key))
  return hits.some(({ target }) => isDead(target)) ? drafted(foundIn(hits, given.paths), given) : null
}
