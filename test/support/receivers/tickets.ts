import type { Now, StandIn } from './stand-in.ts'

/** A ticket in a stand-in, as people see it. */
export interface Ticket {
  readonly key: string
  readonly title: string
  readonly text: string
  readonly labels: readonly string[]
  readonly status: string
  readonly isDone: boolean
  readonly comments: readonly string[]
}

/** A stand-in of a system of tickets. */
export interface TicketStandIn extends StandIn {
  readonly tickets: readonly Ticket[]
  /** The answers to the next so many requests that write are lost, after they were served. A refusal serves nothing. */
  loseAnswers(count: number): void
  /** A search or a list shows a ticket so late from now on, and one that is gone so long. In ms. */
  showLate(ms: number): void
  /** A person does this. */
  remove(key: string): void
  setStatus(key: string, status: string): void
}

/** The stand-in of these tickets. `lose`: the answers to the next so many requests that write. */
export const ticketsIn = (
  service: StandIn,
  shelf: Shelf<Ticket>,
  lose: TicketStandIn['loseAnswers'],
  setStatus: TicketStandIn['setStatus'],
): TicketStandIn => ({
  ...service,
  tickets: shelf.tickets,
  loseAnswers: lose,
  showLate: shelf.showLate,
  remove: shelf.remove,
  setStatus,
})

interface Shelf<T> extends Pick<TicketStandIn, 'remove' | 'showLate'> {
  readonly tickets: readonly T[]
  put(ticket: T): void
  /** Those that a search finds by their label now. */
  found(label: string): readonly T[]
}

/** The tickets of a stand-in, and what a search shows of them. */
export function shelfOf<T extends Ticket>(now: Now, lagMs = 0): Shelf<T> {
  const tickets: T[] = []
  /** What the index knows, in the order in which it was made. */
  const index = new Map<T, { readonly madeAt: number; goneAt: number | null }>()
  let lag = lagMs
  return {
    tickets,
    put(ticket) {
      tickets.push(ticket)
      index.set(ticket, { madeAt: now(), goneAt: null })
    },
    found: (label) =>
      [...index]
        .filter(([{ labels }]) => labels.includes(label))
        .filter(
          ([, { madeAt, goneAt }]) => now() - madeAt >= lag && (goneAt === null || now() - goneAt < lag),
        )
        .map(([ticket]) => ticket),
    remove(key) {
      const at = tickets.findIndex((one) => one.key === key)
      const [gone] = at < 0 ? [] : tickets.splice(at, 1)
      const known = gone && index.get(gone)
      if (known) known.goneAt = now()
    },
    showLate(ms) {
      lag = ms
    },
  }
}
