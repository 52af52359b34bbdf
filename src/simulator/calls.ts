import { isAllowed } from './policy.ts'

/** One call that the simulated cloud received. */
export interface Call {
  /** `service:Action`. */
  readonly action: string
  readonly region: string | null
  /** The JSON text of the request. */
  readonly body: string
  readonly at: number
  /** 1 + the highest wave answered before this call arrived. Calls of one wave do not wait for each other. */
  readonly wave: number
  /** The error code of the answer, or the kind of the raw fault. Null for a good answer. */
  readonly code: string | null
}

export interface Calls {
  total(): number
  count(action: string): number
  /** How many calls asked for an action that the CAM policy does not allow, whatever the answer was. */
  refused(): number
  /** How many round trips came one after the other. */
  waves(): number
  log(): readonly Call[]
  reset(): void
}

export interface CallLog extends Calls {
  /** Records a call. `recent`: earlier calls of the action within 1 s. Call `end` when the answer has been sent. */
  begin(call: Pick<Call, 'action' | 'region' | 'body' | 'at'>): {
    readonly recent: number
    end(code: string | null): void
  }
}

export function createCallLog(): CallLog {
  let log: (Omit<Call, 'code'> & { code: string | null })[] = []
  let answered = 0
  // The times of the calls of each action in the last second. `reset` keeps them: the rate limit goes on.
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
