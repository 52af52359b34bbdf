import { interfacesAt, machinesAt } from './seen.ts'
import type { Machine, World } from './world.ts'

/** A network interface of a VPC. */
export interface Nic {
  readonly id: string
  readonly name: string
  readonly vpcId: string
  readonly subnetId: string
  readonly ips: readonly string[]
  readonly groups: readonly string[]
  readonly machineId: string | null
  readonly primary: boolean
}

const primaryId = ({ id }: Machine): string => `eni-${id.slice(4)}`

/** The interface that has the address, in any VPC. */
export function nicIdAt(world: World, ip: string): string | null {
  const [machine] = machinesAt(world, ip)
  return machine ? primaryId(machine) : (interfacesAt(world, ip)[0]?.id ?? null)
}

/** The primary interface of each machine, then all other interfaces. */
export function nicsOf(world: World): readonly Nic[] {
  const primary = world.machines.map((machine) => ({
    id: primaryId(machine),
    name: `${machine.name}-primary`,
    vpcId: machine.vpcId,
    subnetId: machine.subnetId,
    ips: machine.ipv6 === null ? [machine.ip] : [machine.ip, machine.ipv6],
    groups: machine.groups,
    machineId: machine.id,
    primary: true,
  }))
  return [...primary, ...world.interfaces.map((nic) => ({ ...nic, name: nic.id, primary: false }))]
}
