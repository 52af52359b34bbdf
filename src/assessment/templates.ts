import { known } from '../model/fact.ts'
import type { ById, Snapshot, TemplateReference } from '../model/snapshot.ts'
import type { TemplateSource } from '../network/index.ts'

/** Template members as the evaluator asks for them; null where any part of them could not be read. */
export function templateSource(snapshot: Snapshot): TemplateSource {
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
  }
}
