import { type AddressSet, parseAddresses } from '../../rules/index.ts'
import type { GuestReason } from '../evaluation.ts'
import type { Device } from '../facts.ts'
import type { Given } from './given.ts'
import { hasConnected } from './probes.ts'
import { reasonOf } from './reasons.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts } from './stops.ts'

// The network cards: one that is down takes no packet, and one that does not answer ARP is found by nobody. The machine's
// own requests go over the loopback device and do not notice.

export const deviceNamed = (name: string | null, { facts }: Pick<Given, 'facts'>): Device | undefined =>
  facts.devices?.find((device) => device.name === name)

/** What keeps a card from working, in the words of `ip link`. Null if nothing does, or nobody knows. */
export const failureOf = (device: Device | undefined): 'DOWN' | 'NO-CARRIER' | null =>
  device?.isUp === false ? 'DOWN' : device?.hasCarrier === false ? 'NO-CARRIER' : null

export const linkDown = (
  sources: AddressSet,
  { device, failure, isBack }: { device: string; failure: 'DOWN' | 'NO-CARRIER'; isBack: boolean },
  given: Given,
): GuestReason =>
  reasonOf(given, {
    code: 'guest-kernel/link-down',
    stage: 'guest-firewall',
    sources,
    outcome: 'timeout',
    certainty: 'likely',
    decidedBy: `ip link: ${device} ${failure}`,
    params: { device, failure, way: isBack ? 'back' : 'in' },
    evidence: [{ fact: 'ip link', value: `${device} ${failure}` }],
  })

/** The card on which the probes come in. */
export function cards(sources: AddressSet, given: Given): Verdicts {
  const { machine } = given
  const device = deviceNamed(machine.device, given)
  const failure = failureOf(device)
  if (machine.device !== null && failure !== null)
    return stoppedBy(linkDown(sources, { device: machine.device, failure, isBack: false }, given))
  if (device?.isUp === null && given.facts.notSeen.some(({ layer }) => layer === 'devices'))
    return inDoubt({ sources, stage: 'guest-firewall', decidedBy: null, notSeen: [] })
  // A prober that has connected has found the card.
  return device === undefined || hasConnected(sources, given) ? NOTHING : answersArp(sources, device, given)
}

/** Kinds of devices that need ARP (IPv6: neighbour discovery). `card`: none of the kernel's own. */
const WITH_ARP = /^(?:card|veth|vlan|bond|team|bridge|macvlan)$/

function answersArp(sources: AddressSet, device: Device, given: Given): Verdicts {
  const { name, isWithoutArp, kind } = device
  if (!isWithoutArp) return given.machine.family === 6 ? NOTHING : byItsSettings(sources, device, given)
  const setting = `ip link: ${name} NOARP`
  if (kind === undefined) return arpInDoubt(sources, setting)
  return WITH_ARP.test(kind) ? stoppedBy(silent(sources, { device: name, setting }, given)) : NOTHING
}

/**
 * Documentation/networking/ip-sysctl.rst: of arp_ignore the larger value holds. 8: no answer to anybody. 1: only for
 * addresses of the card that was asked. 2: only to those in its subnet. arp_filter of either: no answer to whom the routes
 * put behind another card.
 */
function byItsSettings(sources: AddressSet, device: Device, given: Given): Verdicts {
  const ignore = settingOf('arp_ignore', device, given)
  const filter = settingOf('arp_filter', device, given)
  if (ignore.value === ALL_IGNORED)
    return stoppedBy(
      silent(sources, { device: device.name, setting: `${ignore.name} = 8`, sysctls: [ignore.name] }, given),
    )
  // Recorded commands do not print these settings, and hardly any machine has them.
  const isProbed = given.facts.target !== null || given.facts.script !== null
  if (isProbed && (!ignore.isRead || !filter.isRead))
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy: null,
      notSeen: [{ layer: 'sysctl', why: 'left-out', what: (ignore.isRead ? filter : ignore).name }],
    })
  const isOwn = device.addresses.some((cidr) => cidr.split('/')[0] === given.check.ip)
  if (ignore.value === 2 || (ignore.value === 1 && !isOwn))
    return arpInDoubt(sources, `${ignore.name} = ${ignore.value}`)
  return filter.value === 1 && isAskerElsewhere(device.name, given)
    ? arpInDoubt(sources, `${filter.name} = 1`)
    : NOTHING
}

/** The larger value of the card and of all cards. */
function settingOf(name: string, device: Device, { machine }: Given) {
  const names = [device.name, 'all'].map((of) => `net.ipv4.conf.${of}.${name}`)
  const [own, all] = names.map(machine.sysctl)
  const isOfAll = (all ?? 0) > (own ?? 0)
  return {
    name: names[isOfAll ? 1 : 0] ?? name,
    value: Math.max(own ?? 0, all ?? 0),
    isRead: typeof own === 'number' && typeof all === 'number',
  }
}

const ALL_IGNORED = 8

/** Is a gateway that is behind the card behind another one, too, by the routes? The gateway asks for the address. */
function isAskerElsewhere(device: string, { machine, check }: Given): boolean {
  const hops = machine.hopsOver(device).flatMap((hop) => parseAddresses(hop) ?? [])
  return hops.some((hop) =>
    machine.routesTo(hop, check.ip).some(({ devices }) => devices.some((name) => name !== device)),
  )
}

/** A sender that has the card's address in a table of its own does not ask. */
const arpInDoubt = (sources: AddressSet, what: string): Verdicts =>
  inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy: what,
    code: 'guest-kernel/arp-off',
    notSeen: [{ layer: 'arp', why: 'not-understood', what }],
  })

const silent = (
  sources: AddressSet,
  { device, setting, sysctls }: { device: string; setting: string; sysctls?: readonly string[] },
  given: Given,
): GuestReason =>
  reasonOf(given, {
    code: 'guest-kernel/arp-off',
    stage: 'guest-firewall',
    sources,
    outcome: 'timeout',
    certainty: 'likely',
    decidedBy: setting,
    params: { device, ...(sysctls === undefined ? {} : { sysctls }) },
    evidence: [{ fact: 'arp', value: setting }],
  })
