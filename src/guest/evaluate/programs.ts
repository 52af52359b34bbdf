import type { AddressSet } from '../../rules/index.ts'
import type { NotSeen } from '../facts.ts'
import type { Given } from './given.ts'
import { inDoubt, NOTHING, type Verdicts } from './stops.ts'

// tc filters and XDP programs drop before any packet filter, and nobody can see inside.

export function programs(sources: AddressSet, { facts, machine }: Given): Verdicts {
  const device = facts.devices?.find(({ name }) => name === machine.device)
  const attached = [
    ...(device?.hasXdp === true ? [`XDP program on ${device.name}`] : []),
    ...(device?.hasTc === true ? [`tc filter on ${device.name}`] : []),
  ]
  const isRead = device !== undefined && device.hasTc !== null
  if (attached.length === 0 && isRead) return NOTHING
  const notSeen = attached.map((what): NotSeen => ({ layer: 'tc', why: 'not-understood', what }))
  return inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy: attached[0] ?? null,
    could: ['timeout', 'refused'],
    notSeen,
  })
}
