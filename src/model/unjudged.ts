import { type Diagnosis, type HopStage, isReason, type Target, type UnknownHop } from './diagnosis.ts'

/** Stages inside the machine, which the API does not show. */
const INSIDE: readonly HopStage[] = ['guest-firewall', 'listener', 'application']

/**
 * What leaves hops on the way to Dead backends without a verdict, each once: first what is outside the machines. Backends
 * with a finding that accounts for them are left out, and so are machines that nobody looked into.
 */
export function unjudgedIn({
  pools,
  findings,
}: Pick<Diagnosis, 'pools' | 'findings'>): readonly UnknownHop[] {
  const explained = new Set(findings.filter(isReason).flatMap(({ explains }) => explains))
  const found = new Map<string, UnknownHop>()
  for (const { key, status, path } of pools.flatMap(({ targets }) => targets))
    for (const { stage, unknown } of status === 'Dead' && !explained.has(key) ? path : [])
      if (unknown && (unknown.looked || !INSIDE.includes(stage))) found.set(unknown.subject, unknown)
  return [...found.values()].toSorted((a, b) => Number(a.looked ?? false) - Number(b.looked ?? false))
}

/** True if somebody looked into the machine of a Dead backend, and everything there lets the probes through. */
const passesInside = ({ status, path }: Pick<Target, 'status' | 'path'>): boolean => {
  const inside = path.filter(({ stage }) => INSIDE.includes(stage))
  return (
    status === 'Dead' &&
    inside.some(({ verdict }) => verdict === 'pass') &&
    inside.every(({ verdict }) => verdict === 'pass' || verdict === 'not-applicable')
  )
}

type Open = Pick<Diagnosis, 'pools' | 'findings'>

/** The Dead backends that no finding accounts for. */
function openIn({ pools, findings }: Open): readonly Target[] {
  const explained = new Set(findings.filter(isReason).flatMap(({ explains }) => explains))
  return pools.flatMap(({ targets }) =>
    targets.filter(({ key, status }) => status === 'Dead' && !explained.has(key)),
  )
}

/** True if this holds for every Dead backend that no finding accounts for. */
export function isOutside(diagnosis: Open): boolean {
  const open = openIn(diagnosis)
  return open.length > 0 && open.every(passesInside)
}

/**
 * True if every Dead backend that no finding accounts for has something inside that would stop all probes. So healthy
 * backends have the same, or connections of probes show that they get through.
 */
export function isRefutedInside(diagnosis: Open): boolean {
  const open = openIn(diagnosis)
  const isBlocked = ({ path }: Target): boolean =>
    path.some(({ stage, verdict }) => INSIDE.includes(stage) && verdict === 'block')
  return open.length > 0 && open.every(isBlocked)
}
