import { BITS, familyOf } from '../../model/ip.ts'
import type { Device } from '../facts.ts'

// Devices and their addresses: `ip -br addr`, `ip addr`, `ip -o addr`, of iproute2 or BusyBox, and `ip link`.

const NAME = /^(?:\d+:\s+)?([^\s@:]+)(?:@[^\s:]*)?:?\s/

interface Draft {
  readonly addresses: string[]
  isUp: boolean | null
  hasCarrier?: boolean
  master?: string
  isWithoutArp?: boolean
  hasXdp: boolean | null
}

export function devicesIn(text: string): readonly Device[] {
  const found = new Map<string, Draft>()
  const draftOf = (name: string): Draft => {
    const draft = found.get(name) ?? { addresses: [], isUp: null, hasXdp: null }
    found.set(name, draft)
    return draft
  }
  let current: Draft | null = null
  for (const line of text.split('\n')) {
    const name = NAME.exec(line)?.[1]
    if (name !== undefined) current = draftOf(name)
    if (current !== null) takeLine(current, line, name !== undefined)
  }
  return [...found].map(([name, draft]) => ({ name, ...draft, hasTc: null }))
}

function takeLine(device: Draft, line: string, isFirst: boolean): void {
  const flags = isFirst ? /<([A-Z0-9_,-]*)>/.exec(line)?.[1] : undefined
  if (flags !== undefined) {
    const all = flags.split(',')
    device.isUp = all.includes('UP')
    // The kernel tells nothing of the cable of a device that is down.
    if (all.includes('NO-CARRIER')) device.hasCarrier = false
    if (all.includes('LOWER_UP')) device.hasCarrier = true
    if (all.includes('NOARP')) device.isWithoutArp = true
    const master = /> .*? master (\S+)/.exec(line)?.[1]
    if (master !== undefined) device.master = master
    device.hasXdp = /\bxdp(?:generic|offload|drv|multi)?\b/.test(line)
  }
  if (/\bprog\/xdp\b/.test(line)) device.hasXdp = true
  const [, address] = /\binet6? (\S+)/.exec(line) ?? []
  const peer = /\binet6? \S+ peer \S+\/(\d+)/.exec(line)?.[1]
  const brief =
    isFirst && flags === undefined ? /^\S+\s+(UP|DOWN|UNKNOWN|LOWERLAYERDOWN)\s+(.*)/.exec(line) : null
  const listed = brief
    ? (brief[2] ?? '').split(/\s+/).filter((one) => /^[\d.]+\/\d+$|^[\da-f:.]+\/\d+$/i.test(one))
    : []
  if (brief) device.isUp = brief[1] === 'UP' ? true : brief[1] === 'DOWN' ? false : null
  const one =
    address === undefined ? [] : [address.includes('/') ? address : `${address}/${peer ?? full(address)}`]
  for (const cidr of [...one, ...listed]) if (!device.addresses.includes(cidr)) device.addresses.push(cidr)
}

const full = (address: string): number => BITS[familyOf(address)]

/** With what `tc filter show dev … ingress` printed for a device. */
export const withTc = (devices: readonly Device[], name: string, hasTc: boolean): readonly Device[] =>
  devices.map((device) =>
    device.name === name ? { ...device, hasTc: device.hasTc === true || hasTc } : device,
  )
