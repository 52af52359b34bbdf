import { spawn } from 'node:child_process'
import { CLI } from './cli.ts'

/** A running `clb-doctor serve` on a free port. `closed`: its exit status. The caller ends it. */
export async function serving(
  env: Readonly<Record<string, string>>,
  address: readonly string[] = ['--host', '127.0.0.1'],
) {
  const child = spawn(process.execPath, [CLI, 'serve', ...address, '--port', '0'], {
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  let err = ''
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const port = await new Promise<number>((resolve) => {
    child.stderr.on('data', (chunk) => {
      err += chunk
      const found = /"message":"listening".*"port":(\d+)/.exec(err)
      if (found) resolve(Number(found[1]))
    })
  })
  return { child, port, url: `http://127.0.0.1:${port}`, closed, log: () => err }
}
