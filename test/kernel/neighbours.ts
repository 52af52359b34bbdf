import { BACKEND, type Wire } from './namespaces.ts'

// What probes of IPv6 need on the wire.

/** The prober's own address there. */
const PROBER_6 = '2001:db8:1::1'

/** The two hosts ask for no address with ICMPv6, so the rules need not let that through. */
export function knowNeighbours({ run }: Wire): void {
  const know = (host: 'prober' | 'backend', other: 'prober' | 'backend', address: string): void => {
    const card = run(other, ['cat', '/sys/class/net/wire/address']).trim()
    run(host, ['ip', '-6', 'neigh', 'replace', address, 'lladdr', card, 'dev', 'wire', 'nud', 'permanent'])
  }
  know('prober', 'backend', BACKEND[6])
  know('backend', 'prober', PROBER_6)
}

/**
 * TCP loses an ICMPv6 that comes while it still sends, as on a wire without any delay. So packets wait for their turn. A
 * packet that finds nobody waiting goes at once.
 */
export function setQueue({ run }: Wire, isOn: boolean): void {
  const how = isOn ? ['tbf', 'rate', '2mbit', 'burst', '95', 'limit', '1000000'] : ['noqueue']
  run('prober', ['tc', 'qdisc', 'replace', 'dev', 'wire', 'root', ...how])
}
