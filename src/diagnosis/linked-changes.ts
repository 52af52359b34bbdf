import type { Draft } from '../checks/index.ts'
import type { Change, TargetKey } from '../model/diagnosis.ts'
import { known } from '../model/fact.ts'
import { type Paths, templatesIn, waypointsOf } from '../path/index.ts'

/** A finding, as far as it matters to what was changed. */
interface Found {
  readonly draft: Draft
  readonly explains: readonly TargetKey[]
}

/** Actions that bind groups to a machine or interface: they change what filters it, not the machine. */
const BINDS_GROUPS = /SecurityGroups$|^ModifyInstancesAttribute$/

/** Of the assessment's changes, those that made what the finding is about: its rules, its bindings, its machine. */
export function ownChanges({ draft, explains }: Found, paths: Paths): readonly Change[] {
  if (paths.changes.length === 0) return []
  const own = ownIds(draft, paths)
  const has = (type: string): boolean => draft.resources.some((resource) => resource.type === type)
  const behind = waypoints(explains, paths)
  return paths.changes.filter(({ event, resource: { id, type } }) => {
    if ((type === 'cvm' || type === 'eni') && BINDS_GROUPS.test(event))
      return has('security-group') && behind.has(id)
    if (type === 'subnet') return has('network-acl') && behind.has(id)
    return own.has(id)
  })
}

/** With those on what it names, and on its way: on the CLB, the listener or rule, the machines that it explains. */
export function linkedChanges(found: Found, paths: Paths): readonly number[] {
  if (paths.changes.length === 0) return []
  const own = new Set(ownChanges(found, paths))
  const named = new Set(found.draft.resources.map(({ id }) => id))
  const behind = waypoints(found.explains, paths)
  return paths.changes.flatMap((change, i) => {
    const { id, type } = change.resource
    return own.has(change) || named.has(id) || (ALONG.has(type) && behind.has(id)) ? [i] : []
  })
}

const ALONG: ReadonlySet<string> = new Set(['clb', 'listener', 'rule', 'target-group', 'cvm', 'eni'])

/** What it names, and the templates of the rules that decide or stand before them: the others were not asked. */
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
