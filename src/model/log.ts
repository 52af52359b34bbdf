/** Fields of a line. The names that every line has are taken. */
export type LogFields = Readonly<Record<string, unknown>> & {
  readonly time?: never
  readonly level?: never
  readonly message?: never
}

/** Structured log: a fixed English message plus fields. Never pass secrets to it. */
export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }
