import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { type Stage, setStage } from './support.ts'

const CLI = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))

let stage: Stage
beforeAll(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
})
afterAll(() => stage.close())

async function run(args: readonly string[], out: 'closed' | 'full' | 'pipe', errIsClosed = false) {
  const full = out === 'full' ? openSync('/dev/full', 'w') : null
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', ...stage.env },
    stdio: ['ignore', full ?? 'pipe', 'pipe'],
  })
  if (full !== null) closeSync(full)
  let [text, err] = ['', '']
  if (out === 'closed') child.stdout?.destroy()
  else
    child.stdout?.on('data', (chunk) => {
      text += chunk
    })
  if (errIsClosed) child.stderr?.destroy()
  else
    child.stderr?.on('data', (chunk) => {
      err += chunk
    })
  const status = await new Promise((resolve) => child.on('close', resolve))
  return { status, out: text, err }
}

/** Runs the command with a redirection of a shell. */
async function inShell(redirection: string, args: readonly string[]) {
  const line = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('sh', ['-c', `exec ${line} ${redirection}`], {
    env: { PATH: process.env.PATH ?? '', ...stage.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const status = await new Promise((resolve) => child.on('close', resolve))
  return { status, err }
}

describe('output that cannot be written', () => {
  it.each([['diagnose', 'lb-7dpmqwcu'], ['diagnose', 'lb-7dpmqwcu', '--format', 'json'], ['scan']])(
    'does not change the exit status and prints no error if the reader of stdout is gone: %s',
    async (...args) => {
      expect(await run(args, 'closed')).toEqual({ status: 1, out: '', err: '' })
    },
  )

  it('is reported in one line if the disk is full: exit 3', async () => {
    const { status, err } = await run(['diagnose', 'lb-7dpmqwcu'], 'full')
    expect([status, err]).toEqual([3, expect.stringMatching(/^clb-doctor: .*stdout.*ENOSPC.*\n$/)])
  })

  it.each([['diagnose', 'lb-7dpmqwcu'], ['scan'], ['--help']])(
    'is reported in one line if stdout is closed from the start: exit 3: %s',
    async (...args) => {
      const { status, err } = await inShell('>&-', args)
      expect([status, err]).toEqual([
        3,
        expect.stringMatching(/^clb-doctor: stdout is closed.*--output FILE.*\n$/),
      ])
    },
  )

  it('may go to /dev/null, and is not missed if there is a file for it', async () => {
    expect(await inShell('> /dev/null', ['diagnose', 'lb-7dpmqwcu'])).toEqual({ status: 1, err: '' })
    const file = join(mkdtempSync(join(tmpdir(), 'clb-doctor-')), 'report.txt')
    const { status, err } = await inShell('>&-', ['diagnose', 'lb-7dpmqwcu', '--output', file])
    expect([status, err, readFileSync(file, 'utf8').includes('shop-front')]).toEqual([1, '', true])
  })

  it('does not change the exit status if stderr is closed', async () => {
    expect((await run(['diagnose', 'lb-nosuch00'], 'pipe', true)).status).toBe(2)
  })

  it.each(['diagnose lb-7dpmqwcu', 'scan'])(
    'is printed on stdout if its file cannot be written, and the exit status is 3: %s',
    async (call) => {
      const { status, out, err } = await run([...call.split(' '), '--output', '/dev/full'], 'pipe')
      expect([status, out]).toEqual([3, expect.stringContaining('shop-front')])
      expect(err).toMatch(/^clb-doctor: --output: \/dev\/full could not be written \(ENOSPC.*\n$/)
    },
  )

  it('does not stop the report if it is the snapshot: exit 3', async () => {
    const { status, out, err } = await run(
      ['diagnose', 'lb-7dpmqwcu', '--save-snapshot', '/dev/full'],
      'pipe',
    )
    expect([status, out, err]).toEqual([
      3,
      expect.stringContaining('■ 2/5 backends down'),
      expect.stringMatching(/^clb-doctor: --save-snapshot: \/dev\/full could not be written/),
    ])
  })
})

describe('an output file', () => {
  it('is checked before any API call', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
    const before = stage.cloud.calls.total()
    for (const [option, file, words] of [
      ['--output', folder, 'is a directory'],
      ['--save-snapshot', folder, 'is a directory'],
      ['--output', join(folder, 'no', 'such'), 'does not exist'],
      ['--output', join(CLI, 'x'), 'is not a directory'],
      ['--output', '', 'name a file'],
    ] as const) {
      const { status, out, err } = await run(['diagnose', 'lb-7dpmqwcu', option, file], 'pipe')
      expect([status, out, err]).toEqual([2, '', expect.stringContaining(words)])
      expect(err).toMatch(new RegExp(`^clb-doctor: ${option}: .*\n$`))
    }
    expect(stage.cloud.calls.total()).toBe(before)
    rmSync(folder, { recursive: true })
  })

  it('gets the report, and keeps it if a later run has no result', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
    const file = join(folder, 'report.txt')
    expect(await run(['diagnose', 'lb-7dpmqwcu', '--output', file], 'pipe')).toEqual({
      status: 1,
      out: '',
      err: '',
    })
    const first = readFileSync(file, 'utf8')
    expect(first).toContain('■ 2/5 backends down')
    expect((await run(['diagnose', 'lb-nosuch00', '--output', file], 'pipe')).status).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe(first)
    rmSync(folder, { recursive: true })
  })
})
