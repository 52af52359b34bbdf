import type { GuestFacts } from '../facts.ts'

/** What is known of a machine from an output in which nothing can be read. */
export const NOTHING_READ: GuestFacts = {
  isComplete: false,
  script: null,
  target: null,
  notSeen: (
    [
      'sockets',
      'connections',
      'request',
      'sysctl',
      'conntrack',
      'routes',
      'policies',
      'devices',
      'tc',
      'counters',
      'ipvs',
      'iptables',
      'iptablesLegacy',
      'ip6tables',
      'ip6tablesLegacy',
      'nft',
      'ipset',
    ] as const
  ).map((layer) => ({ layer, why: 'cut', what: 'guest/probe.sh' })),
  pruned: [],
  listening: null,
  connections: null,
  requests: [],
  devices: null,
  sysctls: {},
  routes: null,
  policies: null,
  filters: [],
  xfrm: [],
  queues: [],
  neighbours: [],
  conntrack: null,
  counters: [],
  ipvs: null,
}
