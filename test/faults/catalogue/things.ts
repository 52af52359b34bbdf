import type { Guest, Listener, Rule, World } from '../../../src/simulator/world.ts'
import { frontOf, type Target } from './fault.ts'

// Finds the same thing in another copy of the world. The fault then changes that copy.

interface Named {
  readonly id: string
}

export function listenerIn(world: World, { id }: Named): Listener {
  const found = frontOf(world).listeners.find((one) => one.id === id)
  if (!found) throw new Error(id)
  return found
}

export function ruleIn(world: World, { id }: Named): Rule {
  const rules = frontOf(world).listeners.flatMap((one) => one.rules)
  const found = rules.find((one) => one.id === id)
  if (!found) throw new Error(id)
  return found
}

export function backendsIn(world: World, rule: Named): Rule['backends'] {
  const own = ruleIn(world, rule)
  return world.targetGroups.find(({ id }) => id === own.targetGroupId)?.members ?? own.backends
}

/** The health check that applies to a pool. */
export function checkIn(world: World, rule: Named): Rule['check'] {
  const own = ruleIn(world, rule)
  const group = world.targetGroups.find(({ id }) => id === own.targetGroupId)
  return (group?.type === 'v2' && group.check) || own.check
}

const places = (world: World) => [world, ...Object.values(world.others)]

export const groupIn = (world: World, id: string) =>
  places(world)
    .flatMap(({ groups }) => groups)
    .find((one) => one.id === id)

export const aclIn = (world: World, id: string) =>
  places(world)
    .flatMap(({ acls }) => acls)
    .find((one) => one.id === id)

export const subnetIn = (world: World, id: string) =>
  places(world)
    .flatMap(({ subnets }) => subnets)
    .find((one) => one.id === id)

export const machineIn = (world: World, id: string | null) =>
  places(world)
    .flatMap(({ machines }) => machines)
    .find((one) => one.id === id)

export const nicIn = (world: World, address: string) =>
  places(world)
    .flatMap(({ interfaces }) => interfaces)
    .find(({ ips }) => ips.includes(address))

/** The guest that has an address; undefined if another fault removed it. */
export function guestIn(world: World, { backend: { ip } }: Pick<Target, 'backend'>): Guest | undefined {
  const machines = places(world).flatMap((place) => place.machines)
  const nic = nicIn(world, ip)
  return (
    machines.find((one) => one.ip === ip || one.ipv6 === ip) ??
    (nic ? machineIn(world, nic.machineId) : undefined) ??
    [...world.services, ...world.pods, ...world.remotes].find((one) => one.ip === ip)
  )?.guest
}
