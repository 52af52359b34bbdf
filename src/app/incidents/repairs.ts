import type { Incident, Part } from '../../incidents/index.ts'
import type { Change, Diagnosis } from '../../model/diagnosis.ts'
import { groupBy } from '../../model/group-by.ts'
import type { NoticeRecovery, NoticeRepair } from '../../model/incident.ts'

// Why the CLBs of an incident are well again, by the last look at each.

/** Null: the incident is about one CLB, whose diagnosis says it, or not all of them have recovered. */
export function recoveryOf(
  incident: Pick<Incident, 'cause'>,
  parts: readonly Pick<Part, 'id' | 'wellAt'>[],
  diagnoses: readonly (Diagnosis | null)[],
): NoticeRecovery | null {
  if (parts.length < 2 || parts.some(({ wellAt }) => wellAt === null)) return null
  const found = parts.map(({ id }, i) => ({ id, change: changeIn(diagnoses[i] ?? null) }))
  const mended = found.flatMap(({ id, change }) => (change ? [{ id, change }] : []))
  const repairs = [...groupBy(mended, ({ change }) => keyOf(change)).values()].flatMap(
    (own): readonly NoticeRepair[] => {
      const change = own[0]?.change
      if (!change) return []
      const removesCause = change.resource.id === incident.cause?.resource
      return [{ change, removesCause, loadBalancers: own.map(({ id }) => id) }]
    },
  )
  return {
    repairs: repairs.toSorted(byWeight),
    unexplained: found.flatMap(({ id, change }) => (change ? [] : [id])),
  }
}

const changeIn = (diagnosis: Diagnosis | null): Change | null =>
  diagnosis?.mendedBy ? (diagnosis.changes[diagnosis.mendedBy.change] ?? null) : null

/** Each look reads the log by itself, and names one operation alike. */
const keyOf = ({ at, event, actor, resource }: Change): string =>
  JSON.stringify([at, event, actor, resource.type, resource.id, resource.ruleIndex])

const byWeight = (a: NoticeRepair, b: NoticeRepair): number =>
  Number(b.removesCause) - Number(a.removesCause) || b.loadBalancers.length - a.loadBalancers.length
