import type { StandIn } from './stand-in.ts'

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
  /** A person does this. */
  remove(key: string): void
  setStatus(key: string, status: string): void
}

/** The stand-in of these tickets. `lose`: the answers to the next so many requests that write. */
export const ticketsIn = (
  service: StandIn,
  tickets: Ticket[],
  lose: TicketStandIn['loseAnswers'],
  setStatus: TicketStandIn['setStatus'],
): TicketStandIn => ({
  ...service,
  tickets,
  loseAnswers: lose,
  remove(key) {
    const at = tickets.findIndex((one) => one.key === key)
    if (at >= 0) tickets.splice(at, 1)
  },
  setStatus,
})
