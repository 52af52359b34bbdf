/** The rules of kube-proxy for many Services, each with a NodePort and two pods. The first has the given NodePort. */
export function kubeRules(services: number, nodePort: number): string {
  const each = <T>(make: (i: number) => T): readonly T[] =>
    Array.from({ length: services }, (_, i) => make(i))
  const id = (i: number): string => i.toString(36).toUpperCase().padStart(16, 'X')
  const ip = (network: string, i: number): string => `${network}.${Math.floor(i / 250)}.${(i % 250) + 1}`
  const comment = (i: number): string => `-m comment --comment "default/app-${i}:http"`
  return [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':INPUT ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    ':KUBE-MARK-MASQ - [0:0]',
    ':KUBE-NODEPORTS - [0:0]',
    ':KUBE-POSTROUTING - [0:0]',
    ':KUBE-SERVICES - [0:0]',
    ...each((i) => `:KUBE-SVC-${id(i)} - [0:0]`),
    ...each((i) => `:KUBE-SEP-${id(i)} - [0:0]`),
    '[9:540] -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '[0:0] -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '[0:0] -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
    '[0:0] -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    ...each(
      (i) =>
        `[0:0] -A KUBE-NODEPORTS -p tcp ${comment(i)} -m tcp --dport ${nodePort + i} -j KUBE-SVC-${id(i)}`,
    ),
    '[0:0] -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '[0:0] -A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    ...each(
      (i) =>
        `[0:0] -A KUBE-SEP-${id(i)} -p tcp ${comment(i)} -m tcp -j DNAT --to-destination ${ip('10.244', i)}:8080`,
    ),
    ...each(
      (i) =>
        `[0:0] -A KUBE-SERVICES -d ${ip('172.16', i)}/32 -p tcp ${comment(i)} -m tcp --dport 80 -j KUBE-SVC-${id(i)}`,
    ),
    '[9:540] -A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    ...each((i) => `[0:0] -A KUBE-SVC-${id(i)} ${comment(i)} -j KUBE-MARK-MASQ`),
    ...each((i) => `[0:0] -A KUBE-SVC-${id(i)} ${comment(i)} -j KUBE-SEP-${id(i)}`),
    'COMMIT',
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':KUBE-FORWARD - [0:0]',
    ':KUBE-SERVICES - [0:0]',
    '[9:540] -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
    '[0:0] -A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '[9:540] -A FORWARD -s 100.64.0.0/12 -j DROP',
    '[0:0] -A FORWARD -d 10.244.0.0/16 -j ACCEPT',
    '[0:0] -A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ...each(
      (i) =>
        `[0:0] -A KUBE-SERVICES -d ${ip('172.17', i)}/32 -p tcp ${comment(i)} -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable`,
    ),
    'COMMIT',
    '',
  ].join('\n')
}
