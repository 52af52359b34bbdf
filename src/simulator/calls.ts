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
  /** The error that was answered, or the kind of raw fault; null for a good answer. */
  readonly code: string | null
}

export interface Calls {
  total(): number
  count(action: string): number
  /** How many asked for an action outside the CAM policy, whatever they were answered. */
  refused(): number
  /** How many round trips, one after the other, it took. */
  waves(): number
  log(): readonly Call[]
  reset(): void
}

export interface CallLog extends Calls {
  /** @returns what to call when it is answered, and how many calls of the action the last second saw before. */
  begin(call: Pick<Call, 'action' | 'region' | 'body' | 'at'>): {
    readonly recent: number
    end(code: string | null): void
  }
}

export function createCallLog(): CallLog {
  let log: (Omit<Call, 'code'> & { code: string | null })[] = []
  let answered = 0
  // Of each action's last second; outlives `reset`, as the platform's own count would.
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
