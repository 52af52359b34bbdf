import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findScenario } from '../../src/simulator/index.ts'
import { type Stage, setStage } from './support.ts'

/** The built command. */
export const CLI = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))

export interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

export function clbDoctor(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd: string = tmpdir(),
): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })))
}

export async function onStage<T>(name: string, run: (stage: Stage) => Promise<T>): Promise<T> {
  const scenario = findScenario(name)
  if (!scenario) throw new Error(name)
  const stage = await setStage(scenario)
  try {
    return await run(stage)
  } finally {
    await stage.close()
  }
}
