import type { Interface, Machine, Subnet, World } from './world.ts'

// Lookups that one call makes many times. A small world is searched each time, so that a change by a test shows at
// once. For a large world that would take minutes, so its lists are indexed, and again when their length changes.

const LARGE = 1_000

type Index<T> = ReadonlyMap<string, readonly T[]>

/** Makes a lookup. The lookup returns the items of a list that have a key, in the order of the list. */
function finder<T extends object>(keysOf: (one: T) => readonly string[]) {
  const indexes = new WeakMap<readonly T[], { readonly length: number; readonly index: Index<T> }>()
  return (all: readonly T[], key: string): readonly T[] => {
    if (all.length < LARGE) return all.filter((one) => keysOf(one).includes(key))
    let known = indexes.get(all)
    if (known?.length !== all.length) {
      known = { length: all.length, index: indexOf(all, keysOf) }
      indexes.set(all, known)
    }
    return known.index.get(key) ?? []
  }
}

function indexOf<T>(all: readonly T[], keysOf: (one: T) => readonly string[]): Index<T> {
  const index = new Map<string, T[]>()
  for (const one of all)
    for (const key of keysOf(one)) {
      const own = index.get(key)
      if (own) own.push(one)
      else index.set(key, [one])
    }
  return index
}

const machinesById = finder<Machine>(({ id }) => [id])
const machinesByIp = finder<Machine>(({ ip, ipv6 }) => (ipv6 === null ? [ip] : [ip, ipv6]))
const interfacesByIp = finder<Interface>(({ ips }) => ips)
const subnetsById = finder<Subnet>(({ id }) => [id])

export const machineOf = ({ machines }: World, id: string | null): Machine | undefined =>
  id === null ? undefined : machinesById(machines, id)[0]

/** Machines whose primary interface has the address. */
export const machinesAt = ({ machines }: World, ip: string): readonly Machine[] => machinesByIp(machines, ip)

export const interfacesAt = ({ interfaces }: World, ip: string): readonly Interface[] =>
  interfacesByIp(interfaces, ip)

export const subnetById = ({ subnets }: World, id: string): Subnet | undefined => subnetsById(subnets, id)[0]
