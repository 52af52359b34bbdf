import type { Log, LogFields } from '../model/log.ts'

/** Logs one JSON object per line. `write` must not write to stdout: only results go there. */
export function jsonLog(write: (line: string) => void, now: () => number): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields })}\n`)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
