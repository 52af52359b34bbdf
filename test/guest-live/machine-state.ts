import { readFileSync } from 'node:fs'
import type { Lab } from './lab.ts'

// What a script that only reads leaves as it is, each as text.

const LISTENING = "ss -Hlntu | awk '{ print $1, $5 }' | sort"

/** Without counters, which the probes and the script's own requests move. Legacy tables are listed only if they are loaded. */
const LOOKS: Readonly<Record<string, string>> = {
  'nft rules': 'nft -s list ruleset 2>/dev/null',
  'loaded legacy tables':
    'cat /proc/net/ip_tables_names /proc/net/ip6_tables_names /proc/net/arp_tables_names 2>/dev/null; true',
  'legacy rules': `[ -z "$(cat /proc/net/ip_tables_names 2>/dev/null)" ] || iptables-legacy-save | grep -v '^[#:]'`,
  'IPv6 legacy rules': `[ -z "$(cat /proc/net/ip6_tables_names 2>/dev/null)" ] || ip6tables-legacy-save | grep -v '^[#:]'`,
  sets: 'ipset save',
  addresses: 'ip -o addr | sed "s/valid_lft.*//"',
  links: 'ip -o link',
  routes: 'ip route show table all; ip -6 route show table all',
  policies: 'ip rule; ip -6 rule',
  sysctls: "sysctl -a --pattern '^net' 2>/dev/null | grep -v nf_conntrack_count",
  'listening sockets': LISTENING,
}

export async function stateOf(lab: Lab): Promise<Readonly<Record<string, string>>> {
  const looks = await Promise.all(
    Object.entries(LOOKS).map(async ([name, script]) => [name, await lab.run('backend', script)] as const),
  )
  return { ...Object.fromEntries(looks), 'kernel modules': modules() }
}

/** Names only: how often a module is used changes by itself. Without modules in the kernel there is no such file. */
function modules(): string {
  try {
    return readFileSync('/proc/modules', 'utf8').replaceAll(/ .*$/gm, '')
  } catch {
    return ''
  }
}

/** The sockets that listen on the backend, one a line. */
export const listeningOn = (lab: Lab): Promise<string> => lab.run('backend', LISTENING)
