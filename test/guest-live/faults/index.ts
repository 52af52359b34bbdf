import type { Fault } from '../fault.ts'
import { CARDS } from './cards.ts'
import { DIRECT_PODS } from './direct-pods.ts'
import { DOCKER, FORWARDING } from './forwarding.ts'
import { IPTABLES_DROP, IPTABLES_OTHER, IPTABLES_REJECT } from './iptables.ts'
import { ICMP, IPV6, KERNEL } from './kernel.ts'
import { KUBE_NFT } from './kube-nft.ts'
import { AGENTS, HOSTS, HTTP, LISTENING } from './listening.ts'
import { NFTABLES, PRODUCTS } from './nftables.ts'
import { OBSERVED } from './observed.ts'

/** Every fault, by its family. A seeded share takes some of each family. */
export const FAMILIES: Readonly<Record<string, readonly Fault[]>> = {
  listening: LISTENING,
  http: [...HTTP, ...HOSTS, ...AGENTS],
  iptables: [...IPTABLES_DROP, ...IPTABLES_REJECT, ...IPTABLES_OTHER],
  nftables: [...NFTABLES, ...PRODUCTS],
  kernel: KERNEL,
  cards: CARDS,
  forwarding: [...FORWARDING, ...DOCKER, ...KUBE_NFT],
  pods: DIRECT_PODS,
  observed: OBSERVED,
  icmp: ICMP,
  ipv6: IPV6,
}

export const FAULTS: readonly Fault[] = Object.values(FAMILIES).flat()
