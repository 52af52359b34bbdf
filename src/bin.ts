import { run } from './cli.ts'

const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined

run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`${text}\n`)
  },
  status: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text ?? ''}`)
  },
  env: process.env,
  color,
  width: process.stdout.columns ?? 100,
  untilStopped: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    }),
}).then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    process.stderr.write(`clb-doctor: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 3
  },
)
