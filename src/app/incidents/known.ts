import { type ClbLook, type Incident, type Part, partsOf } from '../../incidents/index.ts'
import type { SharedCause } from '../../model/incident.ts'
import type { AppContext } from '../context.ts'
import { type ClbRecord, causeId, type Read, readAll, readOne } from './records.ts'

// What is known of one CLB before a look at it counts.

export interface KnownClb {
  /** Every name of the CLB: those of this look, and those under which its parts are known. */
  readonly names: readonly string[]
  readonly clbs: readonly Read<'clbs'>[]
  readonly incidents: readonly Read<'incidents'>[]
}

type Names = Pick<ClbLook, 'id' | 'isFound' | 'names'>

/** A CLB that is named by one name now has all of its names lead to one incident, so the next alarm finds it by any. */
export async function knownClb(look: Names, context: AppContext): Promise<KnownClb> {
  const { store } = context
  const clbs = await readAll(store, 'clbs', look.names)
  const incidents = await readIncidents(idsIn(clbs), context)
  const own = ownOf(clbs, incidents)
  const more = [...new Set(own.flatMap((one) => partsOf(one, look)).flatMap(({ names }) => names))].filter(
    (name) => !look.names.includes(name),
  )
  if (more.length === 0) return { names: look.names, clbs, incidents }
  const others = await readAll(store, 'clbs', more)
  const fresh = idsIn(others).filter((id) => incidents.every(({ unchanged }) => unchanged.id !== id))
  const all = [...incidents, ...(await readIncidents(fresh, context))]
  // An address can have moved to another CLB, which has an incident of its own.
  const ownNames = more.flatMap((name, i) => {
    const read = others[i]
    const incident = read && openIn(all, read.value?.incident)
    return read && (!incident || own.some(({ id }) => id === incident.id)) ? [{ name, read }] : []
  })
  return {
    names: [...look.names, ...ownNames.map(({ name }) => name)],
    clbs: [...clbs, ...ownNames.map(({ read }) => read)],
    incidents: all,
  }
}

/** A CLB of an open incident, by one of its names. Null: none has it. */
export async function openPart(names: readonly string[], context: AppContext): Promise<Part | null> {
  const clbs = await readAll(context.store, 'clbs', names)
  const incidents = await readIncidents(idsIn(clbs), context)
  const parts = ownOf(clbs, incidents).flatMap((one) => one.parts)
  return parts.find((part) => part.names.some((name) => names.includes(name))) ?? null
}

/** The newest incident with this cause, and what has to be unchanged for that. */
export async function alikeTo(cause: SharedCause | null, context: AppContext) {
  if (cause === null) return { alike: null, reads: [] }
  const read = await readOne(context.store, 'causes', causeId(cause))
  const incidents = await readIncidents(read.value ? [read.value.incident] : [], context)
  return { alike: openIn(incidents, read.value?.incident), reads: [read, ...incidents] }
}

/** The open incidents that these records lead to, each once. */
export function ownOf(
  clbs: readonly Read<'clbs'>[],
  incidents: readonly Read<'incidents'>[],
): readonly Incident[] {
  const own = clbs.flatMap(({ value }) => openIn(incidents, value?.incident) ?? [])
  return [...new Map(own.map((one) => [one.id, one])).values()]
}

const idsIn = (clbs: readonly { readonly value: ClbRecord | null }[]): readonly string[] => [
  ...new Set(clbs.flatMap(({ value }) => value?.incident ?? [])),
]

/** The incident, or the one that took it over, unless it is closed. */
function openIn(incidents: readonly Read<'incidents'>[], id: string | null | undefined): Incident | null {
  const one = id ? incidents.find(({ value }) => value?.id === id)?.value : undefined
  if (one?.mergedInto) return openIn(incidents, one.mergedInto)
  return one && one.closedAt === null ? one : null
}

/** The incidents, and those that took them over. */
async function readIncidents(
  ids: readonly string[],
  { store }: AppContext,
): Promise<readonly Read<'incidents'>[]> {
  const all: Read<'incidents'>[] = []
  let next = ids
  while (next.length > 0) {
    const found = await readAll(store, 'incidents', next)
    all.push(...found)
    const known = new Set(all.flatMap(({ value }) => value?.id ?? []))
    next = found.flatMap(({ value }) => value?.mergedInto ?? []).filter((id) => !known.has(id))
  }
  return all
}
