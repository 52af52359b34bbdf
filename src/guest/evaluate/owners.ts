import type { FilterRule } from '../../filter/index.ts'

// Whose rule it is, by the names of its chain and its table. Its owner writes it again after it was removed.

/** VPNs that give addresses of 100.64.0.0/10 to their members, and drop them on other devices. */
const VPNS: readonly (readonly [RegExp, string])[] = [
  [/^ts\b|\btailscale\d*\b/i, 'tailscale'],
  [/netbird/i, 'netbird'],
  [/nordvpn|nordlynx/i, 'nordvpn'],
  [/cloudflare-?warp/i, 'cloudflare-warp'],
  [/twingate/i, 'twingate'],
  [/netmaker/i, 'netmaker'],
  [/mullvad/i, 'mullvad'],
]

const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/^KUBE-|^kube-proxy$/, 'kube-proxy'],
  [/^cali\b|^calico/, 'calico'],
  [/^CILIUM_|^OLD_CILIUM_/, 'cilium'],
  [/^FLANNEL-/, 'flannel'],
  [/^WEAVE/, 'weave'],
  [/^DOCKER|^docker/, 'docker'],
  [/^CNI-|^NETAVARK|^netavark/, 'podman'],
  [/^ISTIO_/, 'istio'],
  [/^ufw6?-/, 'ufw'],
  [/^firewalld$|^(?:IN|FWD[IO]?|FWD|PRE|POST)_\w+|_(?:ZONES|direct|POLICIES_\w+)$/, 'firewalld'],
  [/^f2b-|^fail2ban/, 'fail2ban'],
  [/^crowdsec|^CROWDSEC/, 'crowdsec'],
  [/^YJ-|^YunJing|^QCLOUD/i, 'yunjing'],
  [/^(?:AEGIS|ALIYUN|aliyun)/, 'aegis'],
  [/^(?:IN_BT|BT_|bt-)/i, 'bt-panel'],
  [/^csf|^(?:ALLOWIN|DENYIN|LOCALINPUT|INVALID|SYNFLOOD)$/, 'csf'],
  [/^shorewall|^(?:net-fw|net2fw|sw-reject)$/i, 'shorewall'],
  [/EDR|falcon|crowdstrike|sentinel|sangfor|qax|360|huorong/i, 'edr'],
]

const ofNames = ({ table, chain }: FilterRule): readonly string[] => [
  chain,
  // Of nft the family stands before the name.
  table.split(' ').at(-1) ?? '',
]

/** The VPN that the rule belongs to. Null if it is no VPN's. */
export function vpnOf(rule: FilterRule): string | null {
  const named = VPNS.find(([pattern]) => ofNames(rule).some((name) => pattern.test(name)))
  if (named) return named[1]
  // The drop of packets that come on another device than the VPN's.
  const device = /! -i (\S+)|iifname != "?([^\s"]+)/.exec(rule.text)
  const name = device?.[1] ?? device?.[2] ?? ''
  return VPNS.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** The program or product that writes the rule. Null if no name gives it away: somebody wrote it by hand. */
export function ownerOf(rule: FilterRule): string | null {
  const vpn = vpnOf(rule)
  if (vpn !== null) return vpn
  const names = ofNames(rule)
  return OWNERS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1] ?? null
}

/** What kube-proxy says with its own rules. */
export function kubeProxyReason(
  rule: FilterRule,
  verdict: 'drop' | 'reject' | 'reset',
): 'no-endpoints' | 'local-policy-no-pod' | null {
  if (/has no local endpoints/.test(rule.text)) return 'local-policy-no-pod'
  if (/has no endpoints/.test(rule.text)) return 'no-endpoints'
  if (ownerOf(rule) !== 'kube-proxy') return null
  // kube-proxy marks what it wants dropped: packets to a node without a pod, if the policy is Local.
  if (/--mark 0x0*8000\/0x0*8000|mark (?:and|&) 0x0*8000/.test(rule.text)) return 'local-policy-no-pod'
  // kube-proxy of nftables sends them through maps to `reject-chain`, or drops them in the map.
  if (rule.chain === 'reject-chain') return 'no-endpoints'
  if (/no-endpoint/.test(rule.text)) return verdict === 'drop' ? 'local-policy-no-pod' : 'no-endpoints'
  return null
}
