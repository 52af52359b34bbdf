import { readFileSync, readlinkSync } from 'node:fs'
import { run } from './index.ts'
import { EndedAtOnce, EXIT } from './io.ts'
import { languageOf } from './language.ts'
import { TEXTS } from './texts.ts'

let isLost = false
for (const [name, stream] of Object.entries({ stdout: process.stdout, stderr: process.stderr }))
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader such as `head` closes the pipe when it has read enough. That is not an error.
    if (isLost || error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
    isLost = true
    process.exitCode = EXIT.inconclusive
    process.stderr.write(`clb-doctor: ${name} could not be written (${error.message})\n`)
  })

/**
 * Was stdout closed when the process started (`>&-`)? Node then opens /dev/null for reading and writing in its place, so
 * that every write succeeds. `> /dev/null` opens it for writing alone. Only Linux tells.
 */
function isClosed(): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync('/proc/self/fdinfo/1', 'utf8'))?.[1] ?? '0'
    return readlinkSync('/proc/self/fd/1') === '/dev/null' && (Number.parseInt(flags, 8) & 3) === 2
  } catch {
    return false
  }
}

function print(text: string): void {
  if (!isLost && isClosed()) {
    isLost = true
    const language = languageOf(process.argv.slice(2), process.env, { isTerminal: false })
    process.stderr.write(`clb-doctor: ${TEXTS.noStdout[language]}\n`)
  }
  process.stdout.write(text)
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

const isTerminal = process.stdout.isTTY === true
const color = isTerminal && process.env.NO_COLOR === undefined

run(process.argv.slice(2), {
  out: print,
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
      const stop = (): void => {
        for (const signal of SIGNALS) process.off(signal, stop)
        resolve()
      }
      for (const signal of SIGNALS) process.on(signal, stop)
    }),
}).then(
  (status) => {
    process.exitCode = isLost ? EXIT.inconclusive : status
  },
  (error: unknown) => {
    if (error instanceof EndedAtOnce) process.exit(error.status)
    process.stderr.write(`clb-doctor: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = EXIT.inconclusive
  },
)
