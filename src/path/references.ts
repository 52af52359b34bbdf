import { known } from '../model/fact.ts'
import type { ById, Snapshot, TemplateReference } from '../model/snapshot.ts'
import type { References } from '../rules/index.ts'

/** What the rules refer to, as read into the snapshot. A template is null if any part of it could not be read. */
export function referencesOf(snapshot: Snapshot): References {
  const members = (
    reference: TemplateReference,
    templates: ById<readonly string[] | null>,
    groups: ById<readonly string[] | null>,
  ): readonly string[] | null => {
    if (reference.id !== null) return known(templates[reference.id]) ?? null
    const ids = reference.groupId === null ? null : known(groups[reference.groupId])
    if (!ids) return null
    const lists = ids.map((id) => known(templates[id]) ?? null)
    return lists.some((list) => list === null) ? null : lists.flatMap((list) => list ?? [])
  }
  return {
    addresses: (reference) => members(reference, snapshot.addressTemplates, snapshot.addressTemplateGroups),
    services: (reference) => members(reference, snapshot.serviceTemplates, snapshot.serviceTemplateGroups),
    members: (groupId) => machinesBy(snapshot, groupId),
  }
}

/** The addresses of the machines in the snapshot, split by whether they are in the group. */
function machinesBy(snapshot: Snapshot, groupId: string): ReturnType<References['members']> {
  const instances = Object.values(snapshot.instances).flatMap((fact) => known(fact) ?? [])
  const interfaces = Object.values(snapshot.interfaces).flatMap((fact) => known(fact) ?? [])
  const owners = [
    ...instances.map(({ privateIps, securityGroupIds }) => ({ ips: privateIps, securityGroupIds })),
    ...interfaces.map(({ ips, securityGroupIds }) => ({ ips, securityGroupIds })),
  ]
  const of = (isMember: boolean): readonly string[] =>
    owners
      // Every machine has a group. An empty list means that the API did not give the groups.
      .filter(({ securityGroupIds: ids }) => ids.length > 0 && ids.includes(groupId) === isMember)
      .flatMap(({ ips }) => ips)
  return { inside: of(true), outside: of(false) }
}
