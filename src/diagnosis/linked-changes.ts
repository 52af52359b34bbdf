import type { Draft } from '../checks/index.ts'
import type { Change, TargetKey } from '../model/diagnosis.ts'
import { known } from '../model/fact.ts'
import { type Paths, templatesIn, waypointsOf } from '../path/index.ts'

/** The parts of a finding that decide which changes belong to it. */
interface Found {
  readonly draft: Draft
  readonly explains: readonly TargetKey[]
}

/**
 * Actions that bind groups to a machine or interface. They change the filter in front of the machine, not the machine.
 */
export const BINDS_GROUPS = /SecurityGroups$|^ModifyInstancesAttribute$/

/**
 * Operations that took other backends out. They leave the way of every probe as it is, so they belong to findings about
 * the backends of a pool only.
 */
const TAKES_OUT =
  /^(Batch)?(DeregisterTargets|ModifyTargetWeight)$|^(Deregister|Modify)TargetGroupInstances(Weight)?$|^DisassociateTargetGroups$/
const ABOUT_BACKENDS = ['pool-membership', 'recent-change']

const isAside = ({ code }: Draft, { event }: Change): boolean =>
  TAKES_OUT.test(event) && !ABOUT_BACKENDS.includes(code.split('/')[0] ?? '')

/** The changes to the finding's own resources: rules, bindings, machine. */
export function ownChanges({ draft, explains }: Found, paths: Paths): readonly Change[] {
  if (paths.changes.length === 0) return []
  const own = ownIds(draft, paths)
  const has = (type: string): boolean => draft.resources.some((resource) => resource.type === type)
  const behind = waypoints(explains, paths)
  return paths.changes.filter((change) => {
    const { event, resource } = change
    const { id, type } = resource
    if (isAside(draft, change)) return false
    if ((type === 'cvm' || type === 'eni') && BINDS_GROUPS.test(event))
      return has('security-group') && behind.has(id)
    if (type === 'subnet') return has('network-acl') && behind.has(id)
    return own.has(id)
  })
}

/**
 * Indices of the finding's own changes and of changes on its way: to the CLB, the listener or rule, and the machines
 * that it explains.
 */
export function linkedChanges(found: Found, paths: Paths): readonly number[] {
  if (paths.changes.length === 0) return []
  const own = new Set(ownChanges(found, paths))
  const named = new Set(found.draft.resources.map(({ id }) => id))
  const behind = waypoints(found.explains, paths)
  return paths.changes.flatMap((change, i) => {
    const { id, type } = change.resource
    if (isAside(found.draft, change)) return []
    return own.has(change) || named.has(id) || (ALONG.has(type) && behind.has(id)) ? [i] : []
  })
}

const ALONG: ReadonlySet<string> = new Set(['clb', 'listener', 'rule', 'target-group', 'cvm', 'eni'])

/** The finding's resources, and the templates of rules up to the deciding one. Later rules were never reached. */
function ownIds(draft: Draft, { snapshot }: Paths): ReadonlySet<string> {
  const templates = draft.resources.flatMap(({ type, id, ruleIndex }) => {
    const rules = type === 'security-group' ? (known(snapshot.securityGroups[id])?.ingress ?? []) : []
    return templatesIn(rules.filter(({ index }) => index <= (ruleIndex ?? Number.POSITIVE_INFINITY)))
  })
  return new Set([...draft.resources.map(({ id }) => id), ...templates])
}

function waypoints(keys: readonly TargetKey[], { snapshot, balancer, pools }: Paths): ReadonlySet<string> {
  const wanted = new Set(keys)
  return new Set(
    pools.flatMap((pool) =>
      pool.targets
        .filter(({ key }) => wanted.has(key))
        .flatMap((target) => [...waypointsOf(snapshot, balancer, pool, target)]),
    ),
  )
}
