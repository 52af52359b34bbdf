import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { scanCommand } from '../../src/cli/scan.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import type { Scan } from '../../src/model/scan.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { widthOf } from '../../src/text/width.ts'
import { expectScan, idOf, worldOf } from '../scan/support.ts'

const CLI = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))

const envOf = ({ origin, credentials }: Simulator) => ({
  TENCENTCLOUD_SECRETID: credentials.secretId,
  TENCENTCLOUD_SECRETKEY: credentials.secretKey,
  CLB_DOCTOR_API_ORIGIN: origin,
  CLB_DOCTOR_API_RATE: '1000',
  CLB_DOCTOR_LANG: 'en',
})

async function scanned(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  interruptWhen: (interrupt: () => void) => void = () => {},
) {
  const child = spawn(process.execPath, [CLI, 'scan', ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  interruptWhen(() => child.kill('SIGINT'))
  const status = await new Promise((resolve) => child.on('close', resolve))
  return { status, out, err }
}

async function inCloud<T>(world: World, run: (simulator: Simulator) => Promise<T>): Promise<T> {
  const simulator = await startSimulator(world, { requestsPerSecond: 10_000 })
  try {
    return await run(simulator)
  } finally {
    expect(simulator.calls.refused()).toBe(0)
    await simulator.close()
  }
}

const broken = () =>
  worldOf(3, ({ machines }, n) => {
    if (n === 1) for (const own of machines.slice(1)) own.guest.listens = []
  })

describe('clb-doctor scan', () => {
  it('prints only the result on stdout, and exits 1 if a CLB is degraded', () =>
    inCloud(broken(), async (simulator) => {
      const { status, out, err } = await scanned(['--region', 'ap-guangzhou'], envOf(simulator))
      expect([status, err]).toEqual([1, ''])
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([])
      expect(out).toContain('3 CLBs: 1 degraded, 2 healthy.')
      expect(out).toContain(idOf(1))
    }))

  it('writes text, JSON and HTML to a file, in Chinese or English', () =>
    inCloud(broken(), async (simulator) => {
      const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
      for (const [format, lang, words] of [
        ['text', 'zh-CN', '■ 1 个负载均衡异常  CLB 巡检'],
        ['json', 'en', '"headline": "3 CLBs: 1 degraded, 2 healthy."'],
        ['html', 'zh-CN', '<html lang="zh-CN">'],
      ] as const) {
        const file = join(folder, format)
        const args = ['--region', 'ap-guangzhou', '--format', format, '--lang', lang, '--output', file]
        const { status, out } = await scanned(args, envOf(simulator))
        const text = readFileSync(file, 'utf8')
        expect([status, out, text.includes(words)]).toEqual([1, '', true])
        expect(text).not.toMatch(/undefined|\{\w+\}/)
        if (format === 'json') expectScan(JSON.parse(text))
      }
      rmSync(folder, { recursive: true })
    }))

  it('exits 0 if all CLBs are healthy or there is no CLB, and 3 if a call is denied or the key is wrong', () =>
    inCloud(worldOf(2), async (simulator) => {
      const env = { ...envOf(simulator), TENCENTCLOUD_REGION: 'ap-guangzhou' }
      expect((await scanned([], env)).status).toBe(0)
      const none = await scanned(['--region', 'ap-shanghai', '--region', 'ap-beijing'], env)
      expect([none.status, none.out]).toEqual([
        0,
        expect.stringContaining('There is no CLB in ap-shanghai, ap-beijing'),
      ])
      simulator.faults.set('vpc:DescribeSubnets', { kind: 'error', code: 'UnauthorizedOperation' })
      const part = await scanned([], env)
      expect([part.status, part.out]).toEqual([3, expect.stringMatching(/grant\s+vpc:DescribeSubnets/)])
      const wrong = await scanned([], { ...env, TENCENTCLOUD_SECRETKEY: 'wrong-key' })
      expect([wrong.status, wrong.out, wrong.err]).toEqual([
        3,
        '',
        expect.stringContaining('TENCENTCLOUD_SECRETKEY'),
      ])
    }))

  it('exits 1 if a CLB is healthy and all its weights are 0', () => {
    const idle = worldOf(2, ({ balancer }, n) => {
      for (const { backends } of n === 1 ? balancer.listeners.flatMap(({ rules }) => rules) : [])
        for (const one of backends) one.weight = 0
    })
    return inCloud(idle, async (simulator) => {
      const { status, out } = await scanned(
        ['--region', 'ap-guangzhou', '--format', 'json'],
        envOf(simulator),
      )
      const { verdict, loadBalancers } = JSON.parse(out) as Scan
      expect([status, verdict]).toEqual([1, 'healthy'])
      expect(loadBalancers.map(({ attention }) => attention).sort()).toEqual(['act-now', 'none'])
    })
  })

  it('exits 2 if all regions are unknown, and 3 with the CLBs of the other regions if only some are unknown', () =>
    inCloud(worldOf(1), async (simulator) => {
      const env = envOf(simulator)
      const none = await scanned(['--region', 'ap-mars', '--region', 'ap-moon'], env)
      expect([none.status, none.out]).toEqual([2, ''])
      expect(none.err).toMatch(/^clb-doctor: There is no region ap-mars, ap-moon, .*Check --region.*\n$/)
      const configured = await scanned(['--lang', 'zh-CN'], { ...env, TENCENTCLOUD_REGION: 'ap-mars' })
      expect([configured.status, configured.err]).toEqual([2, expect.stringContaining('TENCENTCLOUD_REGION')])
      const part = await scanned(['--region', 'ap-mars', '--region', 'ap-guangzhou'], env)
      expect([part.status, part.err]).toEqual([3, ''])
      expect(part.out).toContain('1 CLB: 1 healthy. Regions that could not be read: ap-mars.')
      expect(part.out).toContain('no such region, or CLB is not sold there')
    }))

  it('names the skipped regions on stderr if the list of regions is denied', () =>
    inCloud(worldOf(1), async (simulator) => {
      simulator.faults.set('region:DescribeRegions', { kind: 'error', code: 'UnauthorizedOperation' })
      const { status, out, err } = await scanned(['--all-regions'], envOf(simulator))
      expect([status, err]).toEqual([3, expect.stringMatching(/^clb-doctor: skipped.* ap-tokyo/)])
      expect(out).toContain('1 CLB: 1 healthy.')
    }))

  it('stops reading at the first Ctrl-C and prints a partial scan', () =>
    inCloud(worldOf(60), async (simulator) => {
      const env = { ...envOf(simulator), CLB_DOCTOR_API_RATE: '5' }
      const { status, out } = await scanned(
        ['--region', 'ap-guangzhou', '--format', 'json'],
        env,
        (interrupt) => {
          const wait = setInterval(() => {
            if (simulator.calls.count('clb:DescribeListeners') < 8) return
            clearInterval(wait)
            interrupt()
          }, 20)
        },
      )
      const scan = JSON.parse(out)
      expectScan(scan)
      expect([status, scan.ended]).toEqual([3, 'interrupted'])
      expect(scan.counts.examined).toBeGreaterThan(0)
      expect(scan.notReached.length).toBeGreaterThan(0)
    }))

  it.each([
    [[], 'TENCENTCLOUD_REGION'],
    [['--region', 'Mars!'], '--region'],
    [['--region', 'ap-guangzhou', '--all-regions'], 'leave one of the two out'],
    [['--region', 'ap-guangzhou', '--format', 'markdown'], '--format must be one of text, json, html'],
    [['--region', 'ap-guangzhou', '--lang', 'fr'], '--lang'],
    [['--region', 'ap-guangzhou', '--output', '/no/such/folder/x'], '--output: /no/such/folder'],
    [['lb-7dpmqwcu'], 'clb-doctor diagnose <lb-id | vip'],
    [['--regions', 'ap-guangzhou'], '--regions'],
  ])('%j exits 2 and says what to write instead', async (args, words) => {
    const env = { TENCENTCLOUD_SECRETID: 'AKIDx', TENCENTCLOUD_SECRETKEY: 'key', CLB_DOCTOR_LANG: 'en' }
    const { status, out, err } = await scanned(args, env)
    expect([status, out, err]).toEqual([2, '', expect.stringContaining(words)])
  })

  const progressOf = async (simulator: Simulator, statusWidth: () => number, language: Language = 'en') => {
    const seen: (string | null)[] = []
    const status = await scanCommand(['--region', 'ap-guangzhou'], {
      language,
      isTerminal: false,
      out: () => seen.push('result'),
      err: () => {},
      progress: () => {},
      status: (line) => seen.push(line),
      env: envOf(simulator),
      color: false,
      width: 100,
      statusWidth,
      untilStopped: () => new Promise(() => {}),
    })
    expect(status).toBe(0)
    return seen
  }

  it.each(LANGUAGES)(
    'keeps the progress line narrower than the terminal, also if the terminal shrinks, in %s',
    (lang) =>
      inCloud(worldOf(4), async (simulator) => {
        for (const columns of [8, 20, 40, 60, 100]) {
          const seen = await progressOf(simulator, () => columns, lang)
          const drawn = seen.slice(0, -2).map((line) => line ?? '')
          expect(drawn.filter((line) => widthOf(line) >= columns)).toEqual([])
          expect(drawn.at(-1)).toContain('4/4')
        }
        const given: number[] = []
        const narrowed = await progressOf(
          simulator,
          () => given[given.push(100 - given.length * 15) - 1] ?? 0,
        )
        expect(narrowed.slice(0, -2).filter((line, i) => widthOf(line ?? '') >= (given[i] ?? 0))).toEqual([])
      }),
  )

  it('draws its progress on one line, and clears it before the result', () =>
    inCloud(worldOf(4), async (simulator) => {
      const seen = await progressOf(simulator, () => 100)
      expect(seen.at(0)).toContain('reading the lists')
      expect(seen.at(-3)).toContain('████████████████████████  4/4')
      expect(seen.slice(-2)).toEqual([null, 'result'])
    }))
})
