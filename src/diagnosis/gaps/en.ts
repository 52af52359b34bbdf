import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

const cause = 'why {count|this backend fails|these # backends fail}: {targets}'

const health = 'health of {count|this backend|these # backends}: {targets}'

export const en = {
  problems: {
    denied: 'no permission ({code}): grant {action}',
    'not-found': 'the API says that it does not exist ({code})',
    throttled: 'throttled by the API ({code})',
    unavailable: 'the API could not be reached or failed ({code})',
    malformed: 'the answer of the API could not be understood ({code})',
    deadline: 'timed out',
    rejected: 'the API rejected the request ({code})',
  },
  gaps: {
    unexplained: {
      what: cause,
      why: 'the API shows no cause, or only a possible one; what is left is on the machine: {look}',
    },
    'unexplained-unread': {
      what: cause,
      why: '{actions} could not be read, and the cause may lie there: see to that and diagnose again; only then is it time to look on the machine',
    },
    'unexplained-unknown': {
      what: cause,
      why: 'this could not be judged, and the cause may lie there: {subjects}; settle it first, then look on the machine',
    },
    pod: {
      what: 'why {count|this pod fails|these # pods fail}: {targets}',
      why: 'the API shows no cause, or only a possible one; what is left is in the cluster: is the pod ready, {look}; and does its node forward',
    },
    'node-port': {
      what: 'why {count|this NodePort fails|these # NodePorts fail}: {targets}',
      why: 'the API shows no cause, or only a possible one; what is left is in the cluster: does kube-proxy of the node work, has the Service a pod on it (externalTrafficPolicy), are the pods ready',
    },
    database: {
      what: 'why {count|this managed service fails|these # managed services fail}: {targets}',
      why: 'the API shows no cause; connect from a machine of the VPC, and see what the product says of its state',
    },
    remote: {
      what: 'why {count|this backend behind CCN or Direct Connect fails|these # backends behind CCN or Direct Connect fail}: {targets}',
      why: 'firewalls, routes and services of the far side are out of sight of the API',
    },
    'warming-up': {
      what: 'whether {count|this backend, bound a moment ago, is|these # backends, bound a moment ago, are} healthy: {targets}',
      why: 'there was no time yet for enough good probes in a row, so this is no failure; look again from {readyAt} on',
    },
    status: {
      what: health,
      why: 'the API returned a status that is not known: "{status}"',
    },
    'status-missing': {
      what: health,
      why: 'the health answer does not list them',
    },
    account: {
      what: 'How the account is billed for public bandwidth, for {count|1 backend|# backends}: {targets}',
      why: '{why}; in an account billed by CVM, a public CLB finds instances without public bandwidth unhealthy',
      unasked: 'this snapshot did not read it',
    },
    bandwidth: {
      what: 'The public bandwidth of {count|1 backend|# backends}: {targets}',
      why: 'it could not be read; this account is billed by CVM, and a public CLB finds instances without public bandwidth unhealthy',
    },
    functions: {
      what: 'health of {pool}',
      why: 'it forwards to a cloud function, whose health the API does not give',
    },
    weight: {
      what: 'weight of {count|this backend|these # backends}: {targets}',
      why: 'without it, whether CLB falls back to forwarding to all cannot be told',
    },
    'audit-partial': {
      what: 'what was changed before {from} (operation audit)',
      why: 'there are too many records, or some could not be understood: only those after it were all read',
    },
    hop: {
      what: '{subject}, on the way to {count|this backend|these # backends} ({stages}): {targets}',
      why: '{reason}; what settles it: {settle}',
      open: '{reason}',
    },
  },
  looked: {
    passes:
      'Somebody looked inside at {at}: inside the machine nothing was found that stops probes, and the service answers a request of the machine itself as expected.',
    nothing: 'what came back is not enough',
    observed: 'Somebody looked inside at {at}: {seen}.',
    same: 'Somebody looked inside at {at}: what was found there is no reason (see the note), because a healthy backend shows the same, or probes get through all the same.',
    stopped:
      'Somebody looked inside at {at}: only a part of the probes is stopped (see the possible cause), which may not be all.',
    open: 'Somebody looked inside at {at}, and these could not be told, so the cause may be there: {notSeen}.',
    seen: {
      connected:
        'The machine has connections with probes (from {peers}), so they get in and their replies get out.',
      halfOpen:
        'The machine has half-open connections from {peers}: probes get in, and their replies may be lost.',
    },
    outside: {
      passes:
        'By evaluation the security groups and network ACLs let the probes through, too. Send what the health check sends from another machine of the VPC. If that works, look for probes that fail by chance, or open a ticket with this diagnosis.',
      answers:
        'By evaluation the security groups and network ACLs let the probes through, too. Send what the health check sends from another machine of the VPC. If that works, look for the probes in the access log of the service (User-Agent clb-healthcheck): an allow list, a limit per address or a look-up of the name may treat the CLB otherwise. If they are answered as expected there, look for probes that fail by chance, or open a ticket with this diagnosis.',
      open: 'Look at what is open outside the machine: {subjects}.',
    },
    cut: 'What came back from the machine is not complete.',
    firstPort:
      'Of the range of ports only the first one was looked at, and the probe may go to another one: look at those, too.',
    stale:
      'That was before the trouble began, or more than an hour from when the CLB was read. Look again, because it may have changed.',
  },
  stages: {
    'acl-in': 'inbound network ACL',
    'security-group': 'security group',
    'acl-out': 'outbound network ACL',
  },
  looks: {
    ping: 'does it answer a ping (icmp_echo_ignore_all, icmp_ratelimit, its firewall; its security group must let ICMP in)',
    tcp: 'is the service listening, does a firewall drop',
    udp: 'does it answer a ping, is the service listening, does a firewall drop',
    http: 'is the service listening, does a firewall drop, which status code comes back',
    grpc: 'is the service listening, does a firewall drop, which gRPC code comes back',
    custom: 'is the service listening, does a firewall drop, what comes back to the content of the check',
  },
  writtenFor: {
    only: 'for {target}',
    example: 'for example {target} of {count}: also {others}',
  },
  where: {
    there: 'prints the read-only probe: paste it into {ip} as root',
    windows: 'prints PowerShell commands: run them on {ip} and read what they print',
    podScript: 'prints the read-only probe: paste it where kubectl works',
    judge: 'paste what the probe printed (end with Ctrl-D): it says why',
    save: 'saves a snapshot, which has the settings of the check',
    neighbour: 'from another machine of the VPC',
    clbVpc: "from a machine in the CLB's VPC",
    cluster: 'where kubectl reaches the cluster',
    node: 'on the node of the pod',
    account: 'where tccli is set up',
    after: 'from {time} on',
    expected: ', expected: {codes}',
  },
} as const satisfies Translation<typeof zhCN>
