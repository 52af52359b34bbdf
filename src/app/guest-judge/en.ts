import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  outcomes: {
    ok: 'gets through',
    refused: 'connection refused',
    rejected: 'rejected (ICMP unreachable)',
    timeout: 'time-out, no answer at all',
    'http-timeout': 'TCP opens, and the application does not answer in time',
    'wrong-answer': 'an answer that the health check does not take',
    unknown: 'cannot tell',
  },
  decided: '{outcome}: {by}',
  head: '{target}, health check: {check}',
  headOfPool: '{target}, health check of {pool}: {check}',
  checks: {
    http: '{request}, expects {codes}, time-out {seconds} s',
    other: '{kind}, time-out {seconds} s',
  },
  finding: '{title} ({certainty}, {code})',
  certainty: { certain: 'certain', likely: 'likely', possible: 'possible' },
  sources: 'Probe sources: {sources}',
  fix: 'Fix: {fix}',
  none: 'not enough was read to name a cause',
  clean:
    'Nothing inside the machine stops the health check. If CLB still shows the backend as down: run the script again while it is down, and look at the way to the machine (clb-doctor diagnose <CLB>)',
  notSeenHead: 'Not seen:',
  layers: {
    iptables: 'iptables rules',
    iptablesLegacy: 'iptables-legacy rules',
    ip6tables: 'ip6tables rules',
    ip6tablesLegacy: 'ip6tables-legacy rules',
    nft: 'native nft tables',
    ipset: 'members of ipset',
    sockets: 'listening sockets',
    tcx: 'programs of tcx and netkit (Linux 6.6 and later)',
    otherSockets: 'listening sockets of other ports',
    connections: 'connections',
    request: 'the request to the application',
    sysctl: 'kernel settings',
    conntrack: 'the connection table',
    routes: 'routes',
    policies: 'policy routes (ip rule)',
    devices: 'devices and addresses',
    tc: 'tc filters, queues and XDP programs',
    xfrm: 'IPsec policies',
    neighbours: 'next hops that do not answer (ip neigh)',
    arp: 'filters of ARP',
    counters: 'kernel counters',
    ipvs: 'virtual services of IPVS',
  },
  why: {
    tool: '{layer}: the {what} tool is not there',
    permission: '{layer}: {what} had no permission; run it again as root',
    failed: '{layer}: {what} failed',
    lost: '{layer}: the output does not have this part, lines of it seem to be lost; save the output to a file and try again',
    pruned:
      '{layer}: the script was not told of all of these sources, and left out of {what} what concerns the others; run the script that guest-script prints for them',
    'left-out': '{layer}: {what} was too long and left out',
    unrecorded: '{layer}: there is no output of {what}',
    cut: '{layer}: the output was cut, {what} is not complete',
    'not-understood': '{layer}: {what} is not understood',
    unasked: '{layer}: nobody tried {what}',
    'other-machine':
      'this machine does not have the address {what}, so nothing it says is about the backend: run the script on the machine that has the address',
  },
  cut: 'the output was cut before its end marker; what follows was not seen. Let the machine write a file: add > out.txt to the end of the first line of the script, sh -s -- …',
  notes: {
    otherTarget:
      'Note: the script was asked about {asked}, not {target}: its requests and connections are of the former. Run the script that guest-script prints for {target}',
    otherSources:
      'Note: the script was told of probes from {told}, and the CLB of the snapshot probes from {missing}: rules and routes for those may be left out, so nothing is certain. Run the script that guest-script prints with --snapshot',
    otherCheck:
      'Note: the script sent {asked}, and the health check of {pool} sends {own}: how the application answers that is not known. Run the script that guest-script prints with --snapshot',
    provable:
      'Note: the counter of a rule moves, and packets other than probes may move it, so it is likely, not certain. With --snapshot (saved by diagnose --save-snapshot) the state of the backend and the interval of the check count, too, so the certainty is more exact',
    undated:
      'Note: the output does not tell when it was made. Times below are those of the file (of stdin: when it was read)',
    otherTime:
      'Note: the output is of {at} and the snapshot of {taken}. It was made before the trouble, or more than an hour from the snapshot, and the machine may have changed: nothing is certain. Run the script again, and save a new snapshot',
  },
  others: {
    'no-endpoints': {
      title: 'The Service has no ready pod, so the node refuses connections to port {port}',
      detail: "kube-proxy's own rule rejects the probes: {by}",
      fix: 'Make the pods of the Service ready: kubectl get pods,endpoints; compare selector and readinessProbe',
    },
    'local-policy-no-pod': {
      title:
        'This node has no pod of the Service, and with externalTrafficPolicy Local it drops probes to port {port}',
      detail: "kube-proxy's own rule drops the probes: {by}",
      fix: 'Unbind nodes without a pod, or run a pod on every node, or set externalTrafficPolicy to Cluster',
    },
    any: {
      title: 'Probes do not reach the application on port {port}',
      detail: 'What decides: {by}',
    },
    ping: {
      title: 'Pings of the health check may get no answer',
      detail: 'What decides: {by}',
    },
  },
  cluster: {
    head: '{target}, as the cluster says',
    missing: '{kind}: not in the output',
    inside:
      'inside of the machines: firewall, ports and application, which the API of the cluster does not show',
    kinds: {
      slices: 'endpoints of the Services (endpointslices or endpoints)',
      pods: 'pods',
      nodes: 'nodes',
      proxies: 'pods of kube-proxy (kube-system)',
    },
  },
} as const satisfies Translation<typeof zhCN>
