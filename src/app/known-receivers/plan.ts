import type { Known, Move } from './record.ts'

// What to move if names and addresses do not go together as before. Pure.

const DAY_MS = 24 * 3_600_000
/** An address that has no receiver is known for so long: incidents are kept as long after they were closed. */
const REMEMBERED_MS = 90 * DAY_MS

export interface Plan {
  readonly moves: readonly Move[]
  /** What the store knows after them. */
  readonly known: readonly Known[]
}

/** `now`: the receivers of the configuration. `at`: the time, ms since the epoch. */
export function planOf(before: readonly Known[], now: readonly Known[], at: number): Plan {
  const moves: Move[] = []
  const rest: Known[] = []
  for (const one of before) {
    const to = targetOf(one, before, now)
    if (to !== null) {
      if (to !== one.name) moves.push({ from: one.name, to, why: whyOf(one, before, now) })
      continue
    }
    const goneAt = one.goneAt ?? at
    const owner = now.find(({ name }) => name === one.name)
    if (owner === undefined) {
      if (at - goneAt < REMEMBERED_MS) rest.push({ ...one, goneAt })
      continue
    }
    const aside = `${one.name} (until ${new Date(at).toISOString()})`
    const isNew = before.every(({ hash }) => hash !== owner.hash)
    moves.push({ from: one.name, to: aside, why: isNew ? 'replaced' : 'retired' })
    rest.push({ ...one, name: aside, goneAt })
  }
  return { moves, known: [...now, ...rest] }
}

const withHash = (all: readonly Known[], { hash }: Known): readonly Known[] =>
  all.filter((one) => one.hash === hash)

/** The name that the address has now. Null: no receiver has it. */
function targetOf(one: Known, before: readonly Known[], now: readonly Known[]): string | null {
  const names = withHash(now, one).map(({ name }) => name)
  if (names.includes(one.name)) return one.name
  const others = withHash(before, one).map(({ name }) => name)
  const free = names.filter((name) => !others.includes(name))
  const moving = others.filter((name) => !names.includes(name))
  return free[moving.indexOf(one.name)] ?? names[0] ?? null
}

const whyOf = (one: Known, before: readonly Known[], now: readonly Known[]): 'renamed' | 'shared' =>
  withHash(now, one).length > 1 || withHash(before, one).length > 1 ? 'shared' : 'renamed'
