import type { Interface, Machine, Subnet, World } from './world.ts'

// The world as one call sees it. Tests change it between calls, so what is looked up often is sorted anew for each call,
// when first asked for; a large account would take minutes otherwise.

interface Sorted {
  machinesById?: ReadonlyMap<string, Machine>
  machinesByIp?: ReadonlyMap<string, readonly Machine[]>
  interfacesByIp?: ReadonlyMap<string, readonly Interface[]>
  subnetsById?: ReadonlyMap<string, Subnet>
}

const sorted = new WeakMap<World, Sorted>()

/** A view for one call: it must not outlive it. */
export function seenNow(world: World): World {
  const view = { ...world }
  sorted.set(view, {})
  return view
}

const group = <T>(all: readonly T[], keysOf: (one: T) => readonly string[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const one of all)
    for (const key of keysOf(one)) {
      const own = groups.get(key)
      if (own) own.push(one)
      else groups.set(key, [one])
    }
  return groups
}

/** The first of an id, as a search through the list would find it. */
const byId = <T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.toReversed().map((one) => [one.id, one]))

export function machineOf(world: World, id: string | null): Machine | undefined {
  const view = sorted.get(world)
  if (!view) return world.machines.find((one) => one.id === id)
  view.machinesById ??= byId(world.machines)
  return id === null ? undefined : view.machinesById.get(id)
}

const addressesOf = ({ ip, ipv6 }: Machine): readonly string[] => (ipv6 === null ? [ip] : [ip, ipv6])

/** Machines whose primary interface has the address. */
export function machinesAt(world: World, ip: string): readonly Machine[] {
  const view = sorted.get(world)
  if (!view) return world.machines.filter((one) => addressesOf(one).includes(ip))
  view.machinesByIp ??= group(world.machines, addressesOf)
  return view.machinesByIp.get(ip) ?? []
}

export function interfacesAt(world: World, ip: string): readonly Interface[] {
  const view = sorted.get(world)
  if (!view) return world.interfaces.filter(({ ips }) => ips.includes(ip))
  view.interfacesByIp ??= group(world.interfaces, ({ ips }) => ips)
  return view.interfacesByIp.get(ip) ?? []
}

export function subnetById(world: World, id: string): Subnet | undefined {
  const view = sorted.get(world)
  if (!view) return world.subnets.find((one) => one.id === id)
  view.subnetsById ??= byId(world.subnets)
  return view.subnetsById.get(id)
}
