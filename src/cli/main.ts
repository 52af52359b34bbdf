import { run } from './index.ts'
import { EXIT } from './io.ts'

let isLost = false
for (const [name, stream] of Object.entries({ stdout: process.stdout, stderr: process.stderr }))
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader such as `head` closes the pipe when it has read enough. That is not an error.
    if (isLost || error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
    isLost = true
    process.exitCode = EXIT.inconclusive
    process.stderr.write(`clb-doctor: ${name} could not be written (${error.message})\n`)
  })

const isTerminal = process.stdout.isTTY === true
const color = isTerminal && process.env.NO_COLOR === undefined

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
  isTerminal,
  color,
  // A terminal without a size reports 0.
  width: process.stdout.columns || 100,
  statusWidth: () => process.stderr.columns || 80,
  untilStopped: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    }),
}).then(
  (status) => {
    process.exitCode = isLost ? EXIT.inconclusive : status
  },
  (error: unknown) => {
    process.stderr.write(`clb-doctor: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = EXIT.inconclusive
  },
)
