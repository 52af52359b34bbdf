import { type Diagnosis, type HopStage, isReason, type UnknownHop } from './diagnosis.ts'

/** Stages inside the machine, which the API does not show. */
const INSIDE: readonly HopStage[] = ['guest-firewall', 'listener', 'application']

/**
 * What leaves hops on the way to Dead backends without a verdict, each once. Backends with a finding that accounts for
 * them are left out, and so are the stages inside the machine.
 */
export function unjudgedIn({
  pools,
  findings,
}: Pick<Diagnosis, 'pools' | 'findings'>): readonly UnknownHop[] {
  const explained = new Set(findings.filter(isReason).flatMap(({ explains }) => explains))
  const found = new Map<string, UnknownHop>()
  for (const { key, status, path } of pools.flatMap(({ targets }) => targets))
    for (const { stage, unknown } of status === 'Dead' && !explained.has(key) ? path : [])
      if (unknown && !INSIDE.includes(stage)) found.set(unknown.subject, unknown)
  return [...found.values()]
}
