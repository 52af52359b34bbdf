import type { AddressSet } from '../../rules/index.ts'
import type { NotSeen } from '../facts.ts'
import { beside } from './beside.ts'
import { deviceNamed } from './cards.ts'
import type { Given } from './given.ts'
import { neighbours } from './neighbours.ts'
import { inDoubt, NOTHING, type Verdicts, verdictsOf } from './stops.ts'

// tc filters and XDP programs drop before any packet filter, and nobody can see inside.

/**
 * Devices that an eBPF data plane makes. It may attach its programs by tcx, which `tc` does not list. The bridges of LXC are
 * called lxcbr0 and lxdbr0, the devices of Cilium's pods lxc and hexadecimal digits.
 */
const DATA_PLANES = [
  ['Cilium', /^(?:cilium_\w+|lxc[\da-f]{6,}|lxc_health)$/],
  ['netkit', /^(?:netkit|nk)\d+$/],
  ['Calico', /^bpf(?:in|out)\.cali$/],
] as const

type Looked = Pick<Given, 'facts' | 'machine'>

/** A port of a bridge or bond has no address of its own. Its program takes the packet before the device above it does. */
const portsWithXdp = ({ facts, machine }: Looked): readonly string[] =>
  (facts.devices ?? []).flatMap(({ name, addresses, isUp, hasXdp }) =>
    hasXdp === true && isUp !== false && addresses.length === 0 && name !== machine.device ? [name] : [],
  )

/** What may take a packet before the packet filters and the sockets do. */
export function programsOn({ facts, machine }: Looked): readonly string[] {
  const device = deviceNamed(machine.device, { facts })
  const at = machine.device === null ? '' : ` on ${machine.device}`
  return [
    ...(device?.hasXdp === true ? [`XDP program${at}`] : []),
    ...portsWithXdp({ facts, machine }).map((name) => `XDP program on ${name}`),
    ...(device?.hasTc === true ? [`tc filter${at}`] : []),
    ...DATA_PLANES.flatMap(([name, pattern]) =>
      facts.devices?.some((one) => pattern.test(one.name)) ? [`BPF programs of ${name}${at}`] : [],
    ),
  ]
}

/** What a probe meets before its packet comes to the filters. */
export const programs = (sources: AddressSet, given: Given): Verdicts =>
  verdictsOf([ofDevice(sources, given), beside(sources, given), neighbours(sources, given)])

function ofDevice(sources: AddressSet, given: Given): Verdicts {
  const { facts, check, machine } = given
  const device = deviceNamed(machine.device, given)
  const attached = programsOn(given)
  const isRead = device !== undefined && device.hasTc !== null
  if (attached.length === 0 && isRead) return NOTHING
  const notSeen = attached.map((what): NotSeen => ({ layer: 'tc', why: 'not-understood', what }))
  const unread: NotSeen =
    machine.device === null
      ? { layer: 'devices', why: 'not-understood', what: `the device of ${check.ip}` }
      : { layer: 'tc', why: 'failed', what: `tc filter show dev ${machine.device}` }
  return inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy: attached[0] ?? null,
    could: ['timeout', 'refused'],
    notSeen: isRead || facts.notSeen.some(({ layer }) => layer === 'tc') ? notSeen : [...notSeen, unread],
  })
}
