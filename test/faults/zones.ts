import type { TargetKey } from '../../src/model/diagnosis.ts'
import { distinct, type Site, type Target } from './catalogue/fault.ts'

// The zones of the backends as the API shows them.

const idOf = ({ backend }: Target): string => backend.machineId ?? backend.ip

/** Only a backend that is registered with a machine has a zone. */
const zoneOf = ({ backend: { machineId }, home }: Target): string | null => {
  const machine = home?.regionWorld.machines.find(({ id }) => id === machineId)
  return machine ? (machine.zone ?? 'ap-guangzhou-3') : null
}

export const zonesOf = (targets: readonly Target[]): readonly (string | null)[] =>
  distinct(targets.map(zoneOf))

/**
 * True if exactly these machines are Dead, all in one zone, with the healthy ones elsewhere, and if a certain or likely
 * cause does not explain all of them.
 */
export function isOneZone(site: Site, ids: readonly string[], sure: ReadonlySet<TargetKey>): boolean {
  const dead = site.targets.filter(
    (one) => one.status() === 'Dead' && one.backend.weight > 0 && !one.backend.warming,
  )
  const alive = site.targets.filter((one) => one.status() === 'Alive')
  const rules = new Set(dead.map(({ rule }) => rule.id))
  const [zone, ...more] = zonesOf(dead)
  const others = zonesOf(alive)
  return (
    String(distinct(dead.map(idOf)).toSorted()) === String(ids.toSorted()) &&
    distinct(alive.filter(({ rule }) => rules.has(rule.id)).map(idOf)).length >= 2 &&
    more.length === 0 &&
    !others.includes(null) &&
    !others.includes(zone ?? null) &&
    dead.some(({ key }) => !sure.has(key))
  )
}
