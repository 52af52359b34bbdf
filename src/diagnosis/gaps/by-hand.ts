import { judgeOptions, scriptCommand, whichPool } from '../../guest/index.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { KUBECTL } from '../../model/kubernetes.ts'
import type { Language } from '../../model/language.ts'
import { quote } from '../../model/shell.ts'
import { clusterIdOf, isNodePort } from '../../model/tke.ts'
import { type EvaluatedPool, type EvaluatedTarget, type Paths, probeSourcesOf } from '../../path/index.ts'
import { toCidrs } from '../../rules/index.ts'
import { t } from '../../text/index.ts'
import { sendCommand } from './send.ts'
import { TEXTS } from './texts.ts'

// Commands to paste, with real values: the probe that looks into a machine (the guide's steps 2.1–2.3 and 3, manual 1–3),
// what judges its output, and one request from elsewhere. Which of them fit follows from the kind of the target.

/**
 * The kind of a target decides where a person has to look. `maybe-node-port`: no tag names a cluster, but the port is in
 * the range of NodePorts. A ping to a NodePort asks the machine alone.
 */
export type TargetKind = 'machine' | 'maybe-node-port' | 'pod' | 'node-port' | 'database' | 'remote'

export function kindOf(target: EvaluatedTarget, { balancer }: Paths): TargetKind {
  const { type, port, location, plan } = target
  if (location.isResolved && location.value.service) return 'database'
  if (type === 'GLOBALROUTE') return 'pod'
  if (type === 'CCN' && !location.isResolved) return 'remote'
  // A machine behind CCN belongs to another cluster, if to any.
  const isOfCluster = type !== 'CCN' && balancer !== undefined && clusterIdOf(balancer) !== null
  if (isOfCluster && type === 'ENI') return 'pod'
  const isPing = plan.kind === 'probe' && (plan.protocol === 'icmp' || plan.protocol === 'icmpv6')
  if (type === 'ENI' || isPing || !isNodePort(port)) return 'machine'
  return isOfCluster ? 'node-port' : 'maybe-node-port'
}

interface Case {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
  readonly paths: Paths
  readonly language: Language
}

type Step = (one: Case) => readonly string[]
type Where = keyof typeof TEXTS.where

/** A line with a comment that says where it runs, or what for. */
const line =
  (where: Where, command: (one: Case) => string | null): Step =>
  (one) => {
    const text = command(one)
    const comment = t(TEXTS.where[where], { ip: one.target.ip, codes: '', time: '' }, one.language)
    return text === null ? [] : [`${text}  # ${comment}`]
  }

const send =
  (where: Where): Step =>
  ({ pool, target, language }) =>
    sendCommand(pool, target, TEXTS.where[where][language], language)

/** Where clb-doctor finds the CLB again. */
const ofClb = ({ paths: { snapshot } }: Case): string =>
  `${snapshot.loadBalancerId} --region ${quote(snapshot.region)}`

/** A backend may be behind several listeners, each with a check of its own. */
const script = (where: Where): Step =>
  line(where, (one) => {
    const { pool, target, paths } = one
    return scriptCommand({
      ...paths.snapshot,
      target: endpointOf(target),
      ...whichPool(pool, paths.pools),
      isWindows: where === 'windows',
    })
  })

/** What the script prints is judged by the check's own settings. A check without options for that needs a snapshot. */
const judging: Step = (one) => {
  const { target } = one
  const options = judgeOptions(target.guestCheck, toCidrs(probeSourcesOf(target)))
  if (options !== null) return line('judge', () => `clb-doctor guest-judge - ${options}`)(one)
  return [
    ...line('save', () => `clb-doctor diagnose ${ofClb(one)} --save-snapshot clb.json`)(one),
    ...line('judge', () => 'clb-doctor guest-judge - --snapshot clb.json')(one),
  ]
}

/** The cluster's view of a pod or NodePort. */
const cluster = line(
  'cluster',
  ({ target }) => `${KUBECTL} | clb-doctor guest-judge - --target ${endpointOf(target)}`,
)

const DESCRIBE: Readonly<Record<string, (id: string) => string>> = {
  cdb: (id) => `cdb DescribeDBInstances --InstanceIds '["${id}"]'`,
  crs: (id) => `redis DescribeInstances --InstanceId ${id}`,
  cmgo: (id) => `mongodb DescribeDBInstances --InstanceIds '["${id}"]'`,
  postgres: (id) => `postgres DescribeDBInstances --Filters '[{"Name":"db-instance-id","Values":["${id}"]}]'`,
  ckafka: (id) => `ckafka DescribeInstanceAttributes --InstanceId ${id}`,
}

/** A managed service has no shell, but its product's API tells its state. */
const describeService = line('account', ({ target: { location }, paths: { snapshot } }) => {
  const id = location.isResolved ? (location.value.service?.id ?? null) : null
  const describe = id === null || !/^[\w-]+$/.test(id) ? undefined : DESCRIBE[id.split('-')[0] ?? '']?.(id)
  return describe === undefined
    ? null
    : `tccli ${describe.replace(/^(\S+ \S+)/, `$1 --region ${snapshot.region}`)}`
})

/** The steps by the kind of target. */
const STEPS: Readonly<Record<TargetKind, readonly Step[]>> = {
  machine: [script('there'), judging, send('neighbour')],
  'maybe-node-port': [script('there'), judging, send('neighbour')],
  pod: [script('podScript'), judging, cluster, send('node')],
  'node-port': [script('there'), judging, cluster, send('neighbour')],
  database: [send('clbVpc'), describeService],
  remote: [script('there'), judging, send('clbVpc')],
}

/** `-20100` behind the first port of a backend for a range of ports. */
const rangeOf = ({ plan }: EvaluatedTarget): string =>
  plan.kind === 'probe' && plan.endPort !== null ? `-${plan.endPort}` : ''

/** The commands for targets of one kind with one kind of probe, written for the first of them. */
export const commandsFor = (
  kind: TargetKind,
  pool: EvaluatedPool,
  targets: readonly EvaluatedTarget[],
  paths: Paths,
  language: Language,
): readonly string[] => written(STEPS[kind], pool, targets, { paths, language })

interface Looking extends Pick<Case, 'paths' | 'language'> {
  /** Its commands are read by a person. */
  readonly isWindows: boolean
}

/** Only the commands that look inside, for a machine that did not say what is there. */
export function lookCommands(
  pool: EvaluatedPool,
  targets: readonly EvaluatedTarget[],
  { isWindows, ...about }: Looking,
): readonly string[] {
  const [first] = targets
  if (!first) return []
  if (isWindows) return written([script('windows')], pool, targets, about)
  const isPod = kindOf(first, about.paths) === 'pod'
  const steps = isPod ? [script('podScript'), judging, cluster] : [script('there'), judging]
  return written(steps, pool, targets, about)
}

function written(
  steps: readonly Step[],
  pool: EvaluatedPool,
  targets: readonly EvaluatedTarget[],
  about: Pick<Case, 'paths' | 'language'>,
): readonly string[] {
  const { language } = about
  const [target, ...others] = targets
  if (!target) return []
  const one: Case = { pool, target, ...about }
  const params = {
    target: `${endpointOf(target)}${rangeOf(target)}`,
    count: targets.length,
    others: others.map((other) => `${endpointOf(other)}${rangeOf(other)}`),
  }
  const title = t(TEXTS.writtenFor[others.length > 0 ? 'example' : 'only'], params, language)
  return [`# ${title}`, ...steps.flatMap((step) => step(one))]
}
