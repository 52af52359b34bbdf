import { spawn } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A bench runs from the root of the repository, and its bundle has no address of its own. */
const CLI = fileURLToPath(new URL('dist/cli.cjs', `${pathToFileURL(process.cwd())}/`))

/** A running `clb-doctor serve`. */
export interface Instance {
  readonly origin: string
  readonly lines: readonly string[]
  readonly isUp: () => boolean
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts the built program on a free port. Rejects with its output if it does not listen. */
export async function startInstance(env: Readonly<Record<string, string>>): Promise<Instance> {
  const child = spawn(process.execPath, [CLI, 'serve', '--host', '127.0.0.1', '--port', '0'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  let rest = ''
  let isUp = true
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => {
      isUp = false
      resolve()
    })
  })
  const port = await new Promise<string>((resolve, reject) => {
    child.on('close', () => reject(new Error(`serve ended: ${lines.slice(-5).join('\n')}`)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) {
        lines.push(line)
        const found = /"message":"listening".*"port":(\d+)/.exec(line)?.[1]
        if (found !== undefined) resolve(found)
      }
    })
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    lines,
    isUp: () => isUp,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await closed
    },
  }
}
