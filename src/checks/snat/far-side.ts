import { poolName } from '../../model/endpoint.ts'
import { groupBy } from '../../model/group-by.ts'
import { type EvaluatedTarget, farNetworkOf, type Paths, probeSourcesOf } from '../../path/index.ts'
import { type Probe, portRanges } from '../../rules/index.ts'
import { filled, following } from '../../text/index.ts'
import { type Draft, type FixLine, findingTarget, type PoolTarget, poolResource } from '../check.ts'
import { isReachedFrom } from '../inside.ts'
import { aboutSeveral, MOST_NAMED, membersText, withHitsIn } from '../several.ts'
import { type Backend, backendsOf, hitsOf, idsOf } from './backends.ts'
import { detectedAt, detectedText, evidenceOf } from './detected.ts'
import { TEXTS } from './texts.ts'

/** True for an address outside the account: neither a machine nor a managed service, for example in a data centre. */
export const isBehindCcn = ({ target }: PoolTarget): boolean =>
  !target.location.isResolved && target.location.why.code === 'outside-vpc'

/** For Dead backends in a data centre: what their firewalls have to let in, one finding per network. */
export function confirmFirewalls(
  remote: readonly PoolTarget[],
  paths: Paths,
  snatIps: readonly string[],
): readonly Draft[] {
  const vpcId = paths.balancer?.vpcId ?? null
  const dead = remote.filter(
    (poolTarget) =>
      isBehindCcn(poolTarget) &&
      poolTarget.target.status === 'Dead' &&
      probesOf([poolTarget.target]).length > 0,
  )
  const networks = groupBy(
    dead,
    ({ target: { ip } }) =>
      `${farNetworkOf(paths.snapshot, vpcId, ip) ?? ''} ${detectedAt(paths.snapshot, ip)?.state}`,
  )
  return [...networks.values()].map((hits) => {
    const network = farNetworkOf(paths.snapshot, vpcId, hits[0]?.target.ip ?? '')
    return aboutSeveral(
      backendsOf(hits),
      // Entries could always name the listener or rule.
      (backend) => [...idsOf(backend), ...poolIdsOf(backend.hits)],
      (backends) => confirm(hitsOf(backends), network, paths, snatIps),
      withHitsIn,
    )
  })
}

const poolIdsOf = (hits: readonly PoolTarget[]): readonly string[] =>
  hits.map(({ pool }) => pool.locationId ?? pool.listenerId)

/** Connections on the machine show that the firewall lets the SNAT IPs in. */
const isMet = ({ target }: PoolTarget, paths: Paths): boolean =>
  isReachedFrom(target, probeSourcesOf(target), 'in', paths)

function confirm(
  hits: readonly PoolTarget[],
  network: string | null,
  paths: Paths,
  snatIps: readonly string[],
): Draft {
  const { snapshot } = paths
  const backends = backendsOf(hits)
  const pools = [...new Set(hits.map(({ pool }) => pool))]
  const probes = probesOf(hits.map(({ target }) => target))
  const detected = backends.flatMap(({ ip }) => detectedAt(snapshot, ip) ?? [])
  return {
    code: 'snat/confirm-idc-firewall',
    subject: `${network ?? ''}#${backends[0]?.ip}`,
    predicts: 'suspect',
    // Each machine can have its own firewall, so a healthy neighbour proves nothing about a Dead one.
    targets: hits.map((hit) => ({
      ...findingTarget(hit),
      ...(isMet(hit, paths) ? { isCleared: true } : {}),
    })),
    certainty: 'possible',
    role: 'note',
    severity: 'high',
    order: 3,
    resources: [
      ...backends.map(({ ip }) => ({ type: 'ip', id: ip, region: snapshot.region })),
      ...pools.map((pool) => poolResource(pool, snapshot.region)),
    ],
    params: {
      pools: pools.map(poolName),
      count: backends.length,
      targets: backends.map(({ ip }) => ip),
      list: membersText(backends.map(({ ip }) => ip)),
      network: network === null ? TEXTS.far.side : filled(TEXTS.far.network, { network }),
      snatIps,
      service: probes.map(serviceText),
      detected: following(detected.slice(0, 1).map(detectedText)),
    },
    evidence: [
      { source: 'clb:DescribeLoadBalancers', fact: 'SnatIps', value: snatIps },
      ...backends.flatMap(({ ip }) => evidenceOf(snapshot, ip)),
    ],
    fix: { kind: 'advice', commands: firewallCommands(backends, snatIps) },
  }
}

const serviceText = ({ protocol, ports }: Packets): string =>
  `${protocol.toUpperCase()} ${ports ?? ''}`.trim()

/** Machines with the same probes have the same lines. If the probes differ, each line says where it belongs. */
function firewallCommands(backends: readonly Backend[], snatIps: readonly string[]): readonly FixLine[] {
  const alike = groupBy(backends, ({ hits }) =>
    probesOf(hits.map(({ target }) => target))
      .map(serviceText)
      .join(),
  )
  return [...alike.values()].flatMap((some) => {
    const lines = firewallLines(snatIps, probesOf(hitsOf(some).map(({ target }) => target)))
    const ips = some.map(({ ip }) => ip)
    const more = ips.length > MOST_NAMED ? ` (+${ips.length - MOST_NAMED})` : ''
    const where = `  # on ${ips.slice(0, MOST_NAMED).join(', ')}${more}`
    return alike.size === 1 ? lines : lines.map(({ tool, line }) => ({ tool, line: line + where }))
  })
}

interface Packets {
  readonly protocol: Probe['protocol']
  /** `8080` or `8080-8082`. Null if the protocol has no port, or if the port is not known. */
  readonly ports: string | null
}

/** The distinct probes to these targets. */
function probesOf(targets: readonly EvaluatedTarget[]): readonly Packets[] {
  const plans = targets.flatMap(({ plan }) => (plan.kind === 'probe' ? plan : []))
  return [...groupBy(plans, ({ protocol }) => protocol)].flatMap(([protocol, own]): readonly Packets[] => [
    ...(own.some(({ port }) => port === null) ? [{ protocol, ports: null }] : []),
    ...portRanges(own.flatMap(portsOf)).map((ports) => ({ protocol, ports })),
  ])
}

/** The port of the probes. Every port of a range if it is not known which one is probed. */
const portsOf = ({ port, endPort }: { readonly port: number | null; readonly endPort: number | null }) =>
  port === null ? [] : Array.from({ length: (endPort ?? port) - port + 1 }, (_, i) => port + i)

const firewallLines = (snatIps: readonly string[], probes: readonly Packets[]): readonly FixLine[] =>
  snatIps.flatMap((ip) =>
    probes.flatMap((packets) => {
      const what = matchOf(packets)
      return what === null
        ? []
        : [{ tool: 'shell' as const, line: `iptables -I INPUT ${what} -s ${ip}/32 -j ACCEPT` }]
    }),
  )

/** The match options of iptables. Null if they would open more than the probes need. */
function matchOf({ protocol, ports }: Packets): string | null {
  if (protocol === 'icmp') return '-p icmp --icmp-type echo-request'
  // iptables writes a range with a colon (iptables-extensions, tcp).
  return protocol === 'icmpv6' || ports === null ? null : `-p ${protocol} --dport ${ports.replace('-', ':')}`
}
