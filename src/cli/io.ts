import type { Environment } from '../app/config.ts'
import type { Attention, Verdict } from '../model/diagnosis.ts'

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

/** The terminal. Only the result goes to stdout; everything else goes to stderr. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Prints a line, but only if stderr is a terminal. */
  readonly progress: (text: string) => void
  /** Overwrites the last status line; null clears it. Does this only if stderr is a terminal. */
  readonly status: (text: string | null) => void
  readonly env: Environment
  readonly color: boolean
  /** Columns of stdout. */
  readonly width: number
  /** Columns of stderr at this moment: the user may resize the terminal. */
  readonly statusWidth: () => number
  /** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once. */
  readonly untilStopped: () => Promise<void>
}

export const HELP = `clb-doctor: why does the health check of a Tencent Cloud CLB fail, and what to change?

  clb-doctor diagnose <lb-id | vip | domain | name | console address>
                      [--region R] [--vpc vpc-…] [--listener lbl-…]
                      [--format text|json|markdown|html] [--lang zh-CN|en] [--output FILE]
                      [--save-snapshot FILE]
  clb-doctor diagnose --snapshot FILE [--format …] [--lang …] [--output FILE]
  clb-doctor serve [--host 0.0.0.0] [--port 9000]
  clb-doctor demo [scenario] [--lang zh-CN|en] [--keep] [--verbose] | demo --list
  clb-doctor scan [--region R]… [--all-regions] [--format text|json|html] [--lang zh-CN|en]
                  [--output FILE]          every CLB of the regions, latent faults included
  clb-doctor -v, --version | -h, --help

Exit status: 0 healthy, 1 something is wrong and was diagnosed (backends are Dead, or nothing is
served), 2 the call or the configuration is wrong, 3 inconclusive, or the result could not be
written. Environment: TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY, TENCENTCLOUD_REGION,
CLB_DOCTOR_SINKS … see docs/configuration.md.
`
