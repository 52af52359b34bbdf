import { isAllowed } from './policy.ts'

/** One call as the simulated cloud saw it. */
export interface Call {
  /** `service:Action`. */
  readonly action: string
  readonly region: string | null
  /** The request, as it was sent. */
  readonly body: string
  readonly at: number
  /** One more than the deepest call that had been answered when this one came. */
  readonly wave: number
  /** The error code of the answer, or the kind of raw fault; null for a good answer. */
  readonly code: string | null
}

export interface Calls {
  total(): number
  count(action: string): number
  /** How many calls asked for an action outside the CAM policy, whatever the answer was. */
  refused(): number
  /** How many round trips followed one another. */
  waves(): number
  log(): readonly Call[]
  reset(): void
}

export interface CallLog extends Calls {
  /** @returns a function to call when the answer is out, and the number of calls of the action in the last second. */
  begin(call: Pick<Call, 'action' | 'region' | 'body' | 'at'>): {
    readonly recent: number
    end(code: string | null): void
  }
}

export function createCallLog(): CallLog {
  let log: (Omit<Call, 'code'> & { code: string | null })[] = []
  let answered = 0
  // The calls of each action in the last second. `reset` keeps them, because the platform's own count goes on too.
  const lastSecond = new Map<string, number[]>()
  return {
    total: () => log.length,
    count: (action) => log.filter((call) => call.action === action).length,
    refused: () => log.filter(({ action }) => !isAllowed(action)).length,
    waves: () => log.reduce((deepest, { wave }) => Math.max(wave, deepest), 0),
    log: () => log,
    reset() {
      log = []
      answered = 0
    },
    begin(call) {
      const { action, at } = call
      const seen = (lastSecond.get(action) ?? []).filter((other) => at - other < 1000)
      lastSecond.set(action, [...seen, at])
      const entry = { ...call, wave: answered + 1, code: null as string | null }
      const mine = log
      mine.push(entry)
      return {
        recent: seen.length,
        end(code) {
          entry.code = code
          if (mine === log && entry.wave > answered) answered = entry.wave
        },
      }
    },
  }
}
