import type { Log } from '../model/log.ts'

/** One JSON object a line, on stderr: stdout carries results alone. */
export function jsonLog(write: (line: string) => void, now: () => number): Log {
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields })}\n`)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
