/** What a real machine printed of its filters, kernel and routes, and what its probes met there. */
export interface Recording {
  /** The output of guest/probe.sh, with the address and the port of the simulated machine. */
  readonly text: string
  /** CIDRs whose probes do not get through. */
  readonly stops: readonly string[]
  readonly meets: 'dropped' | 'refused' | 'late' | 'wrong'
  /** How the machine's own connection to its port goes. */
  readonly own: 'open' | 'refused' | 'silent'
  /** True if the port has no socket: the kernel sends its packets on. */
  readonly isForwarded: boolean
}

/** Facts that the recording gives. The simulated machine has its own sockets and requests. */
const RECORDED_FACTS =
  /^(?:sysctl\.|device-sysctl\.|device-list=|device=|link=|link-list=|link-kind\.|tc\.|queue=|queue-list=|xfrm=|xfrm-policy=|neighbour=|neighbour-list=|arp=|pruned=|count\d\.|sample-after=|second=|third-after=|empty=|in-nft=|not-seen=|kernel=)/

const SECTION = /^== (\S+) (\d+)$/

/** The lines of the recording that stand in place of the simulated ones: facts, and sections with their texts. */
export function recordedLines({ text }: Recording) {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => SECTION.test(line))
  const last = lines.indexOf('clb-doctor-probe end')
  return {
    facts: lines.slice(0, first).filter((line) => RECORDED_FACTS.test(line)),
    sections: lines.slice(first, last),
  }
}
