import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../../', import.meta.url)

/**
 * Bundles a program of the tests to plain JavaScript, so that every version of Node runs it. It lies inside the
 * repository, where it finds the packages that the build leaves outside, too.
 */
export async function bundled(program: string): Promise<string> {
  const outfile = fileURLToPath(
    new URL(`node_modules/.cache/programs/${process.pid}-${program.replaceAll(/\W/g, '-')}.cjs`, root),
  )
  await build({
    entryPoints: [fileURLToPath(new URL(`test/${program}`, root))],
    outfile,
    bundle: true,
    loader: { '.sh': 'text' },
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['libsql'],
    logLevel: 'warning',
  })
  return outfile
}

export interface Child {
  readonly process: ChildProcess
  /** The lines that it has printed so far. */
  readonly lines: readonly string[]
  readonly errors: () => string
  /** Resolves with the first line, printed already or later, that `wanted` takes. */
  until(wanted: (line: string) => boolean): Promise<string>
  kill(signal?: NodeJS.Signals): Promise<void>
}

export function startChild(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const lines: string[] = []
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const reader = createInterface(child.stdout)
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const check of [...waiting]) check()
  }
  reader.on('line', (line) => {
    lines.push(line)
    wake()
  })
  const ended = once(child, 'exit')
  // What was printed before the end still arrives after it.
  const closed = once(reader, 'close')
  let isOver = false
  reader.once('close', () => {
    isOver = true
    wake()
  })
  return {
    process: child,
    lines,
    errors: () => errors,
    until(wanted) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find(wanted)
          if (found === undefined && !isOver) return
          waiting.delete(check)
          if (found === undefined) reject(new Error(`the child ended: ${errors}`))
          else resolve(found)
        }
        waiting.add(check)
        check()
      })
    },
    async kill(signal = 'SIGKILL') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
      await closed
    },
  }
}
