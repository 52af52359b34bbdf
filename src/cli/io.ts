import type { Environment } from '../app/config.ts'
import type { Attention, Verdict } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'

/** Every command uses the same exit statuses (contract 3 and 5). */
export const EXIT = { healthy: 0, diagnosed: 1, misused: 2, inconclusive: 3 } as const

/** Healthy backends do not help if nothing is served. What could not be told stays inconclusive. */
export function exitFor(verdict: Verdict, attention: Attention = 'none'): number {
  switch (verdict) {
    case 'healthy':
      return calls(attention) ? EXIT.diagnosed : EXIT.healthy
    case 'degraded':
    case 'down':
      return EXIT.diagnosed
    case 'inconclusive':
      return EXIT.inconclusive
  }
}

/** Does somebody have to act? */
export const calls = (attention: Attention): boolean => attention === 'act-now' || attention === 'act-soon'

/** The command line is wrong. The message says what to write instead. */
export class CliError extends Error {
  override readonly name = 'CliError'
}

/** The process ends now, whatever still runs in it. The log has said what is left. */
export class EndedAtOnce extends Error {
  override readonly name = 'EndedAtOnce'
  readonly status: number

  constructor(status: number) {
    super()
    this.status = status
  }
}

/** The terminal of one run. Only the result goes to stdout; everything else goes to stderr. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Prints a line, but only if stderr is a terminal. */
  readonly progress: (text: string) => void
  /** Overwrites the last status line; null clears it. Does this only if stderr is a terminal. */
  readonly status: (text: string | null) => void
  readonly env: Environment
  /** Is stdout a terminal, which a person reads? */
  readonly isTerminal: boolean
  readonly color: boolean
  /** Columns of stdout. */
  readonly width: number
  /** Columns of stderr at this moment: the user may resize the terminal. */
  readonly statusWidth: () => number
  /** Resolves at the next SIGTERM or SIGINT. One that nobody waits for ends the process. */
  readonly untilStopped: () => Promise<void>
}

export interface Io extends Terminal {
  /** Every line of one run is in one language. */
  readonly language: Language
}
