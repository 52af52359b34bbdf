import fc from 'fast-check'
import {
  acknowledged,
  type ClbLook,
  causeKey,
  dueOf,
  type Incident,
  looked,
  partsOf,
  REMINDERS,
  silenced,
  wakesAt,
} from '../../src/incidents/index.ts'
import type { News } from '../../src/model/incident.ts'

// Random histories of a few CLBs, and a small memory of incidents that does what app/ does with the store: the incidents
// of a CLB are those of all of its names, and an alike one is the newest with its cause.

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
const START = Date.parse('2026-06-01T00:00:00Z')

/** What is true of a CLB now. Null as its cause: nobody knows why. */
interface Health {
  readonly dead: number
  readonly isEmpty: boolean
  readonly cause: number | null
  readonly isFlapping: boolean
}

/** How an alarm names its CLB, and whether the look finds it. `absent`: the API says that it does not exist. */
const WAYS = [
  'id',
  'address',
  'id, not found',
  'address, not found',
  'unread',
  'id, absent',
  'address, absent',
] as const
export type Way = (typeof WAYS)[number]

export type Happening =
  | {
      readonly kind: 'alarm'
      readonly clb: number
      readonly way: Way
      readonly health: Health
      /** Its sender never says that it is over. */
      readonly isEvent?: boolean
    }
  | { readonly kind: 'recovery'; readonly clb: number; readonly way: Way; readonly health: Health | null }
  | { readonly kind: 'time'; readonly ms: number; readonly way: Way }
  /** Nobody reports it. */
  | { readonly kind: 'health'; readonly clb: number; readonly health: Health }
  | { readonly kind: 'acknowledge' | 'silence'; readonly nth: number; readonly ms: number }

const CLBS = 4
/** The most times that something is due within one wait. */
const MOST_ROUNDS = 400
const clb = fc.nat({ max: CLBS - 1 })
const way = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Way>('id') },
  { weight: 4, arbitrary: fc.constantFrom(...WAYS) },
)
const health: fc.Arbitrary<Health> = fc.record({
  dead: fc.nat({ max: 4 }),
  isEmpty: fc.boolean(),
  cause: fc.option(fc.nat({ max: 2 }), { freq: 4 }),
  isFlapping: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
})
const ms = fc.constantFrom(
  0,
  SECOND,
  4 * SECOND,
  5 * SECOND,
  12 * SECOND,
  30 * SECOND,
  MINUTE,
  4 * MINUTE,
  5 * MINUTE,
  14 * MINUTE,
  16 * MINUTE,
  31 * MINUTE,
  5 * HOUR,
  25 * HOUR,
)

export const histories: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('alarm' as const),
        clb,
        way,
        health,
        isEvent: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('recovery' as const),
        clb,
        way,
        health: fc.option(health, { freq: 4 }).map((one) => (one && one.dead > 3 ? one : null)),
      }),
    },
    { weight: 7, arbitrary: fc.record({ kind: fc.constant('time' as const), ms, way }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('health' as const), clb, health }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('acknowledge' as const, 'silence' as const),
        nth: fc.nat({ max: 9 }),
        ms: fc.constantFrom(10 * MINUTE, HOUR, 6 * HOUR),
      }),
    },
  ),
  { maxLength: 40, size: 'max' },
)

/** One message about an incident. */
export interface Telling {
  readonly at: number
  readonly news: readonly News[]
  readonly before: Incident
  readonly after: Incident
}

/** One look, with every incident before and after it. */
export interface Seen {
  readonly at: number
  readonly clb: number
  readonly look: ClbLook
  readonly own: readonly Incident[]
  readonly alike: Incident | null
  readonly changed: readonly Incident[]
}

const HEALTHY: Health = { dead: 0, isEmpty: false, cause: null, isFlapping: false }

export const clbOf = (id: string): string => id.replace('10.0.0.', 'lb-')

const isAbsent = (by: Way): boolean => by.endsWith('absent')
const isByAddress = (by: Way): boolean => by === 'address, not found' || by === 'address, absent'
/** An id is that of one CLB, also if the API does not know it. */
const foundBy = (by: Way): boolean => !by.endsWith('not found') && by !== 'address, absent'

function namesBy(nth: number, by: Way): readonly string[] {
  const [id, address] = [`lb-${nth}`, `address ${nth}`]
  if (by === 'address') return [id, address]
  return isByAddress(by) ? [address] : [id]
}

/** What a look says, as app/incidents/commit.ts makes it. */
function lookAt(
  nth: number,
  by: Way,
  isFiring: boolean | null,
  { dead, isEmpty, cause, isFlapping }: Health,
) {
  const isRead = foundBy(by) && by !== 'unread' && !isAbsent(by)
  const isSick = dead > 0
  const watched = isFlapping ? 'watch' : 'none'
  return {
    id: isByAddress(by) ? `10.0.0.${nth}` : `lb-${nth}`,
    isFound: foundBy(by),
    names: namesBy(nth, by),
    name: `clb ${nth}`,
    region: 'ap-guangzhou',
    verdict: !isRead ? 'inconclusive' : isSick ? 'backend-down' : 'healthy',
    attention: !isRead
      ? isFiring
        ? 'act-soon'
        : 'watch'
      : !isSick
        ? watched
        : isEmpty
          ? 'act-now'
          : 'act-soon',
    headline: 'what was seen',
    cause:
      isRead && isSick && cause !== null
        ? { code: 'security-group', resource: `sg-${cause}`, rule: null }
        : null,
    backends: { total: isRead ? 4 : 0, dead: isRead ? dead : 0 },
    deadTargets: isRead ? dead : 0,
    emptyPools: isRead && isSick && isEmpty ? ['TCP:80'] : [],
    isFiring,
    firings: 1,
    isFlapping: isRead && isFlapping,
    firstOccurredAt: START,
    recoveredAt: null,
    diagnosis: `dx-${nth}`,
    ...(isAbsent(by) ? { absent: 'unknown' } : {}),
  } as unknown as ClbLook
}

export interface World {
  readonly incidents: ReadonlyMap<string, Incident>
  readonly tellings: readonly Telling[]
  readonly looks: readonly Seen[]
  /** Every incident each time that all that was due was done, with that time. */
  readonly pauses: readonly { readonly at: number; readonly incidents: readonly Incident[] }[]
  /** What should not be, by the world's own checks. */
  readonly faults: readonly string[]
  readonly now: number
}

/** Plays a history. `restarts`: all that is known goes through JSON after each step. */
export function played(history: readonly Happening[], { restarts = false } = {}): World {
  const memory = new Memory(restarts)
  for (const one of history) memory.happens(one)
  // Whatever is due soon is told.
  memory.passes(6 * MINUTE, 'id')
  return memory
}

class Memory implements World {
  readonly tellings: Telling[] = []
  readonly looks: Seen[] = []
  readonly pauses: { at: number; incidents: Incident[] }[] = []
  readonly faults: string[] = []
  readonly incidents = new Map<string, Incident>()
  now = START
  readonly #senders = new Map<number, 'ends' | 'never ends'>()
  readonly #health = new Map<number, Health>()
  readonly #clbs = new Map<string, string>()
  readonly #causes = new Map<string, string>()
  readonly #restarts: boolean

  constructor(restarts: boolean) {
    this.#restarts = restarts
  }

  happens(one: Happening): void {
    if (one.kind === 'time') this.passes(one.ms, one.way)
    else if (one.kind === 'health') this.#health.set(one.clb, one.health)
    else if (one.kind === 'alarm') {
      // A condition that has an end is left to its sender.
      if (one.isEvent && this.#senders.get(one.clb) !== 'ends') this.#senders.set(one.clb, 'never ends')
      else this.#senders.set(one.clb, 'ends')
      this.#alarm(one.clb, one.way, true, one.health)
    } else if (one.kind === 'recovery') this.#alarm(one.clb, one.way, false, one.health ?? HEALTHY)
    else {
      const open = this.#open()
      const incident = open[one.nth % Math.max(1, open.length)]
      if (incident?.told && one.kind === 'acknowledge')
        this.#keep(acknowledged(incident, 'someone', this.now))
      if (incident?.told && one.kind === 'silence')
        this.#keep(silenced(incident, 'someone', one.ms, this.now))
    }
    this.#pause()
  }

  /** Time passes, and all that it brings is done when it is due. */
  passes(forMs: number, by: Way): void {
    const end = this.now + forMs
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds++) {
      if (rounds === MOST_ROUNDS - 1) this.faults.push(`woken for nothing at ${this.now}`)
      const next = Math.min(...this.#open().map((one) => wakesAt(one, REMINDERS) ?? Number.POSITIVE_INFINITY))
      if (next > end) break
      this.now = Math.max(this.now, next)
      for (const { id } of this.#open()) this.#due(id, false, by)
      this.#pause()
    }
    for (const one of this.#open()) {
      // Nothing is due before its time.
      const due = dueOf(one, { now: end, reminders: REMINDERS, isQuiet: false })
      if (due.incident !== one || due.news.length > 0 || due.look.length > 0)
        this.faults.push(`${one.id} woke too late: ${due.news.join(', ')}`)
    }
    this.now = end
  }

  #alarm(nth: number, by: Way, isFiring: boolean, next: Health): void {
    this.#health.set(nth, next)
    for (const { id } of this.#look(nth, by, isFiring)) this.#due(id, nth % 2 === 0, 'id')
  }

  #look(nth: number, by: Way, isFiring: boolean | null, names: readonly string[] = []): readonly Incident[] {
    if (isFiring === false) this.#senders.delete(nth)
    const plain = lookAt(nth, by, isFiring, this.#health.get(nth) ?? HEALTHY)
    const isLeft = this.#senders.get(nth) === 'never ends'
    const isOutvoted = isLeft && isFiring === null && plain.verdict === 'healthy'
    if (isOutvoted) this.#senders.delete(nth)
    const seen = {
      ...plain,
      ...(isOutvoted ? { isOutvoted } : isLeft ? { isLeftToLooks: true as const } : {}),
    }
    const first = { ...seen, names: [...new Set([...seen.names, ...names])] }
    const known = this.#ownOf(first.names).flatMap((one) => partsOf(one, first).flatMap(({ names }) => names))
    const look = { ...first, names: [...new Set([...first.names, ...known])] }
    const own = this.#ownOf(look.names)
    const alike = look.cause ? this.#openBy(this.#causes.get(causeKey(look.cause))) : null
    const newId = `in-${this.looks.length}`
    const { changed } = looked({ own, alike }, look, { now: this.now, newId, knownSince: 0 })
    this.looks.push({ at: this.now, clb: nth, look, own, alike, changed })
    for (const one of changed) this.#keep(one)
    const [mine] = changed
    if (mine) for (const name of look.names) this.#clbs.set(name, mine.id)
    if (mine?.cause) this.#causes.set(causeKey(mine.cause), mine.id)
    return changed
  }

  #ownOf(names: readonly string[]): readonly Incident[] {
    return [...new Set(names.flatMap((name) => this.#openBy(this.#clbs.get(name)) ?? []))]
  }

  #openBy(id: string | undefined): Incident | null {
    const one = id === undefined ? undefined : this.incidents.get(id)
    if (one?.mergedInto) return this.#openBy(one.mergedInto)
    return one && one.closedAt === null ? one : null
  }

  #open(): readonly Incident[] {
    return [...this.incidents.values()].filter(({ closedAt }) => closedAt === null)
  }

  #keep(incident: Incident): void {
    const kept = this.#restarts ? (JSON.parse(JSON.stringify(incident)) as Incident) : incident
    this.incidents.set(incident.id, kept)
  }

  #due(id: string, isQuiet: boolean, by: Way): void {
    const before = this.incidents.get(id)
    if (!before) return
    const options = { now: this.now, reminders: REMINDERS, isQuiet }
    const { incident, news, look } = dueOf(before, options)
    if (dueOf(incident, options).news.length > 0) this.faults.push(`${id} tells ${news.join(', ')} twice`)
    if (news.length > 0) this.tellings.push({ at: this.now, news, before, after: incident })
    this.#keep(incident)
    for (const one of look) {
      const names = before.parts.find(({ id: part }) => part === one)?.names ?? []
      for (const changed of this.#look(Number(one.at(-1)), by, null, names))
        this.#due(changed.id, false, 'id')
    }
  }

  #pause(): void {
    this.pauses.push({ at: this.now, incidents: [...this.incidents.values()] })
  }
}
