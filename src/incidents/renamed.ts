import type { Incident, Part } from './incident.ts'

/** The incident with other names of its receivers. The same object if it has none of the old ones. Pure. */
export function renamedIn(incident: Incident, names: ReadonlyMap<string, string>): Incident {
  const { deliveries, latecomers, endOwed, heardBefore, parts } = incident
  const all = [
    ...[...deliveries, ...(latecomers ?? [])].map(({ receiver }) => receiver),
    ...[incident, ...parts].flatMap((one) => one.heardBefore ?? []),
    ...(endOwed ?? []),
    ...parts.flatMap(({ untold }) => untold ?? []),
  ]
  if (!all.some((name) => names.has(name))) return incident
  const nameOf = (name: string): string => names.get(name) ?? name
  const withName = <T extends { readonly receiver: string }>(one: T): T => ({
    ...one,
    receiver: nameOf(one.receiver),
  })
  return {
    ...incident,
    deliveries: deliveries.map(withName),
    parts: parts.map((part) => partOf(part, nameOf)),
    ...(latecomers ? { latecomers: latecomers.map(withName) } : {}),
    ...(endOwed ? { endOwed: endOwed.map(nameOf) } : {}),
    ...(heardBefore ? { heardBefore: heardBefore.map(nameOf) } : {}),
  }
}

const partOf = (part: Part, nameOf: (name: string) => string): Part => ({
  ...part,
  ...(part.untold ? { untold: part.untold.map(nameOf) } : {}),
  ...(part.heardBefore ? { heardBefore: part.heardBefore.map(nameOf) } : {}),
})
