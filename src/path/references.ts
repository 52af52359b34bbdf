import { known } from '../model/fact.ts'
import type { ById, Snapshot, TemplateReference } from '../model/snapshot.ts'
import type { References } from '../rules/index.ts'

/** What rules refer to, as far as the snapshot has it; templates are null where any part of them could not be read. */
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

/** Machines that were read anyway: their addresses, by whether they carry the group. */
function machinesBy(snapshot: Snapshot, groupId: string): ReturnType<References['members']> {
  const instances = Object.values(snapshot.instances).flatMap((fact) => known(fact) ?? [])
  const interfaces = Object.values(snapshot.interfaces).flatMap((fact) => known(fact) ?? [])
  const owners = [
    ...instances.map(({ privateIps, securityGroupIds }) => ({ ips: privateIps, securityGroupIds })),
    ...interfaces.map(({ ips, securityGroupIds }) => ({ ips, securityGroupIds })),
  ]
  const of = (isMember: boolean): readonly string[] =>
    owners
      // A machine without any group is one whose groups the API did not give.
      .filter(({ securityGroupIds: ids }) => ids.length > 0 && ids.includes(groupId) === isMember)
      .flatMap(({ ips }) => ips)
  return { inside: of(true), outside: of(false) }
}
