import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  headline: {
    because: '{clb}: {state}. {sureness}{cause}{more}.',
    unseen: '{clb}: {state}. The cause cannot be told: {gap} could not be read.',
    warming: '{clb}: {state}. They were bound a moment ago and are warming up: look again shortly.',
    unexplained:
      '{clb}: {state}. Nothing visible from the API explains it; the backends themselves have to be looked at.',
    outside:
      '{clb}: {state}. Nothing that the API or a look inside the machines shows stops the probes, and the service answers the machine itself; look at the way in between, and at what the service answers the CLB.',
    unjudged: '{clb}: {state}. The cause cannot be told, because this could not be judged: {subject}{more}.',
    moreUnjudged: ' (and {count} more)',
    accepted: '{clb}: {state}. {line}',
    healthy: '{clb}: {passing}.',
    weightless: '{clb}: {passing}, but every backend of {pool} has weight 0: no request is forwarded.',
    blind: '{clb}: cannot tell, because {gap} could not be read.',
    idle: '{clb}: cannot tell, {reason}.',
    dead: 'health check failing for {dead} of {total|1 backend|# backends}',
    serving: 'it is not serving',
    listener: 'a listener is not serving',
    restricted: 'it may not be serving',
    more: ' (and {count} more)',
    moreAccepted: ' (and {count} expected)',
    nothing: 'no backend is being probed',
    pending: '{unknown|1 backend has|# backends have} no health result yet',
    odd: 'the health of {odd|1 backend|# backends} is missing or unrecognised',
  },
  sureness: {
    certain: 'Cause: ',
    likely: 'Likely cause: ',
    possible: 'Possible cause (not proven): ',
  },
  expectedHeadline: {
    all: {
      certain: 'All of it is expected until {until}: ',
      likely: 'Likely all of it is expected until {until}: ',
    },
    some: {
      certain: '{sure|1 of them is|# of them are} expected until {until}: ',
      likely: 'Likely {sure|1 of them is|# of them are} expected until {until}: ',
    },
    possible: 'Possible cause (not proven), expected until {until}: ',
    unserved: 'Expected until {until}: ',
    more: ' (and {count} more)',
    open: ' Nothing visible from the API proves why {left|1 backend fails|# backends fail}; look at the backends themselves.',
    unjudged:
      ' Why {left|1 backend fails|# backends fail} cannot be told, because this could not be judged: {subject}.',
    unseen: ' Why {left|1 backend fails|# backends fail} cannot be told: {gap} could not be read.',
  },
  expected: {
    reason: 'Expected until {until}, for this reason: "{reason}".',
    over: {
      what: '{file}, entry {entry} ({code} of {resource})',
      why: '"{reason}" was good until {until} and has no effect any more; set a later until, or remove it',
    },
    unknown: {
      what: '{file}, entry {entry} ({resource})',
      why: 'there is no code {code}, so it has no effect; the finding of this resource is {found}',
    },
  },
  notes: {
    unread: 'cannot tell: {actions} could not be read',
    'owner-unknown': 'cannot tell: no network interface owns this address',
    'no-groups': 'cannot tell: the API returned no security group',
    'node-unknown':
      'cannot tell: which node the pod is on is not known (a pod of a GlobalRouter network has no interface of its own)',
    'service-groups': 'cannot tell: the security groups of {service} are not known',
    'outside-vpc': 'the backend is behind CCN or Direct Connect, out of sight of the API',
    'type-unknown': 'cannot tell: unknown backend type {type}',
    'not-found': 'cannot tell: {id} was not found',
    'balancer-unread': 'cannot tell: the attributes of the CLB could not be read',
    'check-off': 'the health check is off: nothing is probed',
    'listener-stopped': 'the listener is stopped: nothing is probed',
    'check-unknown': 'cannot tell: the API gave no settings of the health check',
    'protocol-unknown': 'cannot tell: unknown protocol or check type',
    'no-acl': 'the subnet has no network ACL',
    'same-subnet': 'VIP and backend share the subnet: the ACL does not filter',
    ipv6: "an IPv6 CLB always bypasses the backends' security groups",
    'pass-to-target': '"allow by default" is on: the security group of the backend is not asked',
    'bypass-unknown': 'cannot tell whether "allow by default" is in force',
    groupless: 'this service has no security groups',
    'guest-unseen': 'inside the machine: out of sight of the API',
    'answers-probes': 'answers the probes (Alive)',
    'guest-passes': 'the machine itself shows that it lets the probes pass',
    'guest-first-port':
      'cannot tell: the machine lets probes of port {port} pass, and the other ports of the range were not looked at',
    'guest-incomplete': 'what came back from the machine is not complete',
    'not-asked': 'this health check does not go so far',
    'guest-unread': 'cannot tell: something on the machine could not be read',
    'guest-unclear': 'cannot tell: a rule on the machine that may decide is not understood',
    'guest-observed': 'cannot tell: all that was evaluated passes, and connections of probes say otherwise',
    'source-unknown': 'cannot tell: the source address of the probe is not known',
    'address-unknown': 'cannot tell: the API does not give the address of the backend',
    'same-subnet-unknown':
      'cannot tell whether VIP and backend share the subnet, where the ACL does not filter',
    'rule-unclear': 'a rule could not be understood or read',
    'source-disagrees':
      'cannot tell: the probe source is not known, and the answer depends on it ({verdicts})',
    'order-matters': 'another order of the groups would give another verdict',
    'reply-ports': 'reply ports not open: {closed}',
    remainder: '{remainder}',
    'readings-differ':
      'reading the egress port as the source port gives another verdict (documented both ways)',
  },
  clients: {
    of: '{targets}: {text}',
    probeOnly: 'only the health check is blocked; this rule does not affect client traffic',
    pass: 'client traffic is not blocked by the security groups or the network ACL',
    both: 'client traffic is blocked, too',
    block: 'client traffic is blocked',
    stillBlocked:
      'This lets in the health check only. Client traffic stays blocked: let clients in to {services}, too',
    partial:
      'client traffic is let in from {allowed} only; which clients should be let in is up to the service and not judged here',
    portsOnly: 'replies to clients are let out to some ports only, so connections succeed by chance',
    unknown:
      'it cannot be told whether client traffic reaches the backends ({why}); send some requests from a client to see',
    notes: {
      'layer-7':
        'a layer-7 listener opens its own connections to the backends, and the source address of client traffic is not documented',
      protocol: 'the source address that backends see with this listener protocol is not documented',
      classic: 'the source address that backends of a classic CLB see is not documented',
      translated:
        'the source address that backends see after translation between IPv6 and IPv4 is not documented',
      'other-region': 'the source address that backends in another region or VPC see is not documented',
      snat: 'SNAT replaces the address of the client',
      'snat-unread': 'the API did not say if SNAT replaces the address of the client',
      contradicted: 'a backend is healthy although the same rules should block its health check',
      kind: 'the source address that backends of this type see is not documented',
      'own-group-unread': "the CLB's own security group was not read",
      'ranges-unknown':
        'some sources are let in, and the address ranges of the private clients were not read',
      'range-of-ports': 'the listener has a range of ports, and the answer may differ by port',
      'same-subnet-clients':
        'it is not documented whether the network ACL filters clients in the same subnet',
    },
  },
  members: 'These are: {list}.',
  notAlone: {
    proven:
      'For {targets} there is another cause: {causes}. This fix alone will not bring back what it keeps down.',
    possible:
      'For {targets} there may be another cause (not proven): {causes}. If this fix does not help, look there.',
    accepted:
      'For {targets} there is an expected cause: {causes}. This fix alone will not bring back what it keeps down.',
  },
  lookupFailures: {
    clock: {
      why: 'Tencent Cloud rejected the signature ({code}): the clock of the machine that runs clb-doctor is more than 5 minutes off.',
      todo: 'Set it right.',
    },
    'unknown-load-balancer': {
      why: 'No CLB found for {searched} in region {region}.',
      todo: 'Check whether it still exists; if it is in another region, set {regionWay}.',
    },
    'unknown-domain': {
      why: 'No CLB in region {region} has the domain {searched}; the domain of a forwarding rule names no CLB.',
      todo: 'Give the lb-… id or the VIP instead; if it is in another region, set {regionWay}.',
    },
    'ambiguous-vip': {
      why: 'In region {region}, {searched} belongs to several CLBs: {candidates}.',
      todo: '{vpcWay}.',
    },
    'no-region': { why: 'The region of {searched} is not known.', todo: 'Set {regionWay}.' },
    'unknown-region': {
      why: 'There is no region {region}, or not for this product.',
      todo: 'Check {regionWay}.',
    },
    'not-named': { why: 'No CLB was named.', todo: 'Give its lb-… id, its VIP or its domain.' },
    'unknown-listener': {
      why: 'The CLB has no listener {searched}.',
      todo: 'It has: {candidates}.',
    },
    credentials: { why: 'Tencent Cloud rejected the credentials ({code}).', todo: 'Check {variable}.' },
    defect: {
      why: 'Cannot tell: clb-doctor itself failed ({detail}).',
      todo: 'Please report it with the log.',
    },
    unreadable: {
      why: 'Cannot tell, {subject} could not be read: {why}.',
      todo: { denied: 'Then diagnose again.', others: 'Diagnose again in a minute.' },
    },
    /** How a reader names the region or VPC. Whoever reads an alarm cannot: it names none, or a wrong one. */
    ways: {
      region: {
        cli: '--region or TENCENTCLOUD_REGION',
        api: 'region in the request, or TENCENTCLOUD_REGION',
        alarm: 'TENCENTCLOUD_REGION of clb-doctor',
        named: 'the region in the alarm, which wins over TENCENTCLOUD_REGION',
      },
      vpc: {
        cli: 'Use the lb-… id, or name the VPC with --vpc',
        api: 'Use the lb-… id, or name the VPC with vpcId in the request',
        alarm: 'The alarm does not say which one it means: look at each of them in the console',
      },
    },
  },
  recovery: {
    firing:
      'the alarm still fires, but {alive|the one probed backend passes its health check|all # probed backends pass their health checks} at this moment',
    confirmed:
      'recovery confirmed, {alive|the one probed backend passes its health check|all # probed backends pass their health checks}',
    passing:
      '{alive|the one probed backend passes its health check|all # probed backends pass their health checks}',
  },
  refuted: {
    blocks: 'would deny',
    others: ', yet {healthy|1 other backend behind it is|# other backends behind it are} healthy',
    all: ', yet {healthy|the only backend|all # backends} behind it {healthy|is|are} healthy',
    own: ', yet {healthy|1 backend behind it is|# backends behind it are} healthy',
    like: ', yet the {healthy|backend|backends} {list}, where it is the same, {healthy|is|are} healthy',
    reached: ', yet {reached|1 backend behind it has|# backends behind it have} connections with probes',
  },
} as const satisfies Translation<typeof zhCN>
