import { isNodePort } from '../../model/tke.ts'
import type { EvaluatedPool, EvaluatedTarget } from '../../path/index.ts'

export interface Mismatch {
  /** The port that all healthy backends of the pool share. */
  readonly port: number
  readonly targets: readonly EvaluatedTarget[]
  /** `likely` if the same machines are healthy on the shared port. */
  readonly sureness: 'likely' | 'possible'
}

/**
 * Dead NodePorts in a pool whose healthy backends all share another NodePort. If the healthy ports differ, the ports
 * are different on purpose. A Dead backend that a rule blocks says nothing about its port.
 */
export function portMismatches(
  { targets }: EvaluatedPool,
  isNode: (target: EvaluatedTarget) => boolean,
): readonly Mismatch[] {
  const alive = targets.filter(({ status }) => status === 'Alive')
  const [port, ...others] = new Set(alive.map((target) => target.port))
  if (port === undefined || others.length > 0 || !isNodePort(port)) return []
  if (!alive.every(({ type }) => type === 'CVM')) return []
  const odd = targets.filter(
    (target) =>
      target.status === 'Dead' &&
      target.type === 'CVM' &&
      isNodePort(target.port) &&
      target.port !== port &&
      isNode(target) &&
      !target.path.some(({ verdict }) => verdict === 'block'),
  )
  const hasTwin = (target: EvaluatedTarget): boolean =>
    alive.some(({ ip }) => ip === target.ip) && isRead(target)
  return [
    { port, targets: odd.filter(hasTwin), sureness: 'likely' as const },
    { port, targets: odd.filter((target) => !hasTwin(target)), sureness: 'possible' as const },
  ].filter((found) => found.targets.length > 0)
}

/** True if everything that filters the probes was read and lets them pass. */
const isRead = ({ path }: EvaluatedTarget): boolean =>
  path.every(
    ({ stage, verdict }) => !FILTERS.has(stage) || verdict === 'pass' || verdict === 'not-applicable',
  )

const FILTERS: ReadonlySet<string> = new Set(['acl-in', 'security-group', 'acl-out'])
