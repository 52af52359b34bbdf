import { known } from '../model/fact.ts'
import type { Paths } from '../path/index.ts'
import { contains, parseAddresses } from '../rules/index.ts'

/** A pod with an address of a subnet has an interface, and may have other groups than its node. */
export const hasOwnInterface = (address: string, { snapshot }: Paths): boolean => {
  const own = parseAddresses(address)
  return Object.values(snapshot.subnets).some((fact) => {
    const range = parseAddresses(known(fact)?.cidr ?? '')
    return own !== null && range !== null && contains(range, own)
  })
}
