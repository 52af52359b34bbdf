import { type AddressSet, contains, parseAddresses } from '../../rules/index.ts'
import type { Arrival } from './arrivals.ts'
import type { Given } from './given.ts'
import { inDoubt, NOTHING, type Verdicts } from './stops.ts'

const LOOPBACK = parseAddresses('127.0.0.0/8')
const isOfLoopback = (address: AddressSet | null): boolean =>
  address !== null && LOOPBACK !== null && address.family === 4 && contains(LOOPBACK, address)

/**
 * A rule of DNAT leads to 127.0.0.1. The kernel drops what comes over a cable for a loopback address (a martian), unless
 * `route_localnet` of the device or of all devices is on. IPv6 knows no such setting, and DNAT to ::1 is not asked for.
 */
export function toLoopback({ sources, endpoints }: Arrival, { check, machine }: Given): Verdicts {
  const led = endpoints.filter(({ address }) => address !== check.ip)
  if (!led.some(({ address }) => isOfLoopback(parseAddresses(address)))) return NOTHING
  const names = ['all', machine.device]
    .filter((device) => device !== null)
    .map((device) => `net.ipv4.conf.${device}.route_localnet`)
  const values = names.map(machine.sysctl)
  if (values.includes(1)) return NOTHING
  const what = names.at(-1) ?? ''
  const isOff = values.length === 2 && values.every((value) => value === 0)
  return inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy: `DNAT to 127.0.0.1 needs ${what} = 1${isOff ? ', and it is 0' : ''}`,
    notSeen: isOff ? [] : [{ layer: 'sysctl', why: 'left-out', what }],
  })
}
