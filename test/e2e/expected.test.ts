import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { expectDiagnosis } from '../support/schema.ts'
import { type Stage, setStage } from './support.ts'

// Where users keep clb-doctor.json: in the working directory of the command line and of serve, and next to the code of the
// function.

const dist = (file: string): string => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))

const BLOCKED = {
  code: 'security-group/probe-blocked',
  resource: 'sg-hardened',
  reason: 'blue pool is being drained, OPS-123',
  until: '2999-12-31',
}

let folder = ''
let stage: Stage

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await stage.close()
  rmSync(folder, { recursive: true })
})

const write = (...expected: readonly object[]): void =>
  writeFileSync(join(folder, 'clb-doctor.json'), JSON.stringify({ expected }))

interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

function start(args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? '', ...stage.env }
  const child = spawn(process.execPath, [dist('cli.cjs'), ...args], { cwd: folder, env })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const ended = new Promise<Ran>((resolve) => child.on('close', (status) => resolve({ status, ...output })))
  return { child, output, ended }
}

const run = (...args: readonly string[]): Promise<Ran> => start(args).ended

describe('clb-doctor diagnose with a clb-doctor.json', () => {
  it('makes an accepted cause a note, live and from a saved snapshot, and still exits 1', async () => {
    write(BLOCKED)
    const saved = join(folder, 'snapshot.json')
    const live = await run('diagnose', 'lb-7dpmqwcu', '--format', 'json', '--save-snapshot', saved)
    const again = await run('diagnose', '--snapshot', saved, '--format', 'json')
    for (const { status, out, err } of [live, again]) {
      const diagnosis = JSON.parse(out) as Diagnosis
      expectDiagnosis(diagnosis)
      expect([status, err, diagnosis.verdict]).toEqual([1, '', 'degraded'])
      expect(diagnosis.findings.map(({ code, role }) => [code, role])).toEqual([
        ['security-group/probe-blocked', 'note'],
      ])
      expect(diagnosis.gaps).toEqual([])
    }
  })

  it.each([
    ['en', 'until 2999-12-31 (UTC)', 'Expected (certain)', 'The API shows no cause'],
    ['zh-CN', '至 2999-12-31（UTC）', '预期内（确定）', 'API 看不到原因'],
  ])(
    'shows the accepted cause in text, Markdown and HTML in %s, and does not say that there is no cause',
    async (lang, headline, lead, none) => {
      write(BLOCKED)
      for (const format of ['text', 'markdown', 'html']) {
        const { out } = await run('diagnose', 'lb-7dpmqwcu', '--format', format, '--lang', lang)
        const plain = out.replace(/\\/g, '').replace(/\s+/g, lang === 'en' ? ' ' : '')
        for (const words of [headline, lead, 'OPS-123'])
          expect(plain).toContain(lang === 'en' ? words : words.replace(/\s/g, ''))
        expect(plain).not.toContain(none)
      }
    },
  )

  it('reports an expired entry and shows its finding as a cause', async () => {
    write({ ...BLOCKED, until: '2026-01-31' })
    const { out, err } = await run('diagnose', 'lb-7dpmqwcu', '--lang', 'en')
    expect(out).toContain('Cause (certain)  Inbound rule 3 of security group sg-hardened')
    expect(out.replace(/\s+/g, ' ')).toContain(
      'Entries to mend - clb-doctor.json, entry 1 (security-group/probe-blocked of sg-hardened)',
    )
    expect(err).toBe('')
  })

  it('reports an entry with an unknown code on stderr and in the diagnosis', async () => {
    write({ ...BLOCKED, code: 'security-group/blocked' })
    const { status, out, err } = await run('diagnose', 'lb-7dpmqwcu', '--lang', 'en')
    expect(status).toBe(1)
    expect(err).toBe(
      'clb-doctor: clb-doctor.json: entry 1 has no effect: there is no finding security-group/blocked; did you mean "security-group/probe-blocked"? See docs/finding-codes.json\n',
    )
    expect(out.replace(/\s+/g, ' ')).toContain('the finding of this resource is security-group/probe-blocked')
  })

  it.each([
    ['{"accepted":[{"code":"x"}]}', /^clb-doctor: clb-doctor\.json：第 1 条：code 应为一个发现代码/],
    ['expected:', /^clb-doctor: clb-doctor\.json：不是 JSON，第 1 行第 1 列：.*请写成 \{"receivers"/],
  ])('refuses the content %j, as serve does, before any call: one line, exit 2', async (text, line) => {
    writeFileSync(join(folder, 'clb-doctor.json'), text)
    for (const args of [['diagnose', 'lb-7dpmqwcu'], ['serve']]) {
      const { status, out, err } = await run(...args)
      expect([status, out, err.trim().split('\n').length]).toEqual([2, '', 1])
      expect(err).toMatch(line)
    }
    expect(stage.cloud.calls.total()).toBe(0)
  })
})

const alarm = (): unknown => findScenario('sg-blocks-vip')?.alarm()

/** The message starts with the accepted cause, before backends and traffic. */
function expectAccepted(content: string): void {
  const lines = content.split('\n').filter((line) => !line.startsWith('> '))
  expect(lines[0]).toContain('2/5 后端异常（预期内）')
  expect(lines[2]).toMatch(/^\*\*<font color="comment">预期内（确定）<\/font>\*\* 安全组 sg-hardened/)
  expect(content).toContain('> 至 2999-12-31（UTC）：blue pool is being drained, OPS-123')
  expect(content).not.toMatch(/API 看不到原因|tccli/)
}

describe('an alarm about an accepted cause', () => {
  it('is still sent by serve, and the message starts with the accepted cause', async () => {
    write(BLOCKED, { ...BLOCKED, code: 'no-such/code' })
    const { child, output, ended } = start(['serve', '--host', '127.0.0.1', '--port', '0'])
    const port = await new Promise<number>((resolve) => {
      child.stderr.on('data', () => {
        const found = /"message":"listening".*"port":(\d+)/.exec(output.err)
        if (found) resolve(Number(found[1]))
      })
    })
    const body = JSON.stringify(alarm())
    await fetch(`http://127.0.0.1:${port}/alarms`, { method: 'POST', body })
    child.kill('SIGTERM')
    const { status, err } = await ended
    expect(status).toBe(0)
    expect(err).toContain('第 2 条不起作用：没有代码 no-such/code')
    expect(stage.group.messages).toHaveLength(1)
    expectAccepted(stage.group.messages[0]?.content ?? '')
  })

  /** What the function loads for an alarm. */
  function deployedTo(to: string): string {
    for (const name of ['handler.cjs', 'diagnose.js', 'diagnose.cjs'])
      copyFileSync(dist(name), join(to, name))
    return join(to, 'handler.cjs')
  }

  it('is still sent by the function, which finds the file next to its code', async () => {
    write(BLOCKED)
    const bundle = deployedTo(folder)
    for (const [name, value] of Object.entries(stage.env)) vi.stubEnv(name, value)
    const { main_handler } = createRequire(import.meta.url)(bundle) as {
      main_handler: (event: unknown, context: unknown) => Promise<unknown>
    }
    expect(await main_handler(alarm(), {})).toMatchObject({ handled: [{ verdict: 'degraded' }] })
    expectAccepted(stage.group.messages[0]?.content ?? '')
  })

  it('fails in the function if the file is wrong, and the error names the path', async () => {
    writeFileSync(join(folder, 'clb-doctor.json'), '{"receivers":[]}')
    const bundle = deployedTo(folder)
    for (const [name, value] of Object.entries(stage.env)) vi.stubEnv(name, value)
    const { main_handler } = createRequire(import.meta.url)(bundle) as {
      main_handler: (event: unknown, context: unknown) => Promise<unknown>
    }
    await expect(main_handler(alarm(), {})).rejects.toThrow(
      `${join(folder, 'clb-doctor.json')}：receivers：应为`,
    )
  })
})
