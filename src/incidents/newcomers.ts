import { type Incident, type Part, TIMES } from './incident.ts'
import { toldNow } from './news.ts'

// Receivers that were told nothing of an incident while others were. They get their first message soon after a route named
// them, without a new message to the others. Until the next message to all, what they know is kept by itself.

/** Receivers that routes named for one of its CLBs, and that were told nothing of it. */
export const newcomersOf = ({ parts }: Pick<Incident, 'parts'>): readonly string[] => [
  ...new Set(parts.flatMap(({ untold = [] }) => untold)),
]

/**
 * The incident after a look. `named`: whom the routes name for a CLB. Each CLB that was looked at or joined now keeps those
 * that were told nothing, so that they are told also if it is well by then. Pure.
 */
export function withNewcomers(
  incident: Incident,
  named: (part: Part) => readonly string[],
  now: number,
): Incident {
  const known = new Set(incident.deliveries.map(({ receiver }) => receiver))
  const parts = incident.parts.map((part) => {
    const isAsked = part.wellAt === null && (part.lookedAt === now || part.joinedAt === now)
    if (!isAsked && part.untold === undefined) return part
    const all = new Set([...(part.untold ?? []), ...(isAsked ? named(part) : [])])
    return { ...part, untold: [...all].filter((receiver) => !known.has(receiver)) }
  })
  const isOwed = newcomersOf({ parts }).length > 0
  return { ...incident, parts, untoldAt: isOwed ? (incident.untoldAt ?? now + TIMES.gather) : null }
}

/** Nobody waits for a first message any more. */
export const withoutNewcomers = (incident: Incident): Incident => ({
  ...incident,
  untoldAt: null,
  parts: incident.parts.map((part) => (part.untold === undefined ? part : { ...part, untold: [] })),
})

/** After these receivers were told by themselves. */
export function afterOwnTelling(incident: Incident, receivers: readonly string[], now: number): Incident {
  const told = toldNow(incident, now)
  const others = (incident.latecomers ?? []).filter(({ receiver }) => !receivers.includes(receiver))
  return {
    ...withoutNewcomers(incident),
    endOwed: (incident.endOwed ?? []).filter((receiver) => !receivers.includes(receiver)),
    latecomers: [...others, ...receivers.map((receiver) => ({ receiver, told }))],
  }
}

/** Those that were told of trouble that is over, while the others heard of its end before. */
export const lateRecoveries = ({
  state,
  told,
  due,
  latecomers = [],
  endOwed = [],
}: Incident): readonly string[] =>
  state === 'recovered' && due === null && told?.state === 'well'
    ? [...latecomers.filter((one) => one.told.state === 'sick').map(({ receiver }) => receiver), ...endOwed]
    : []
