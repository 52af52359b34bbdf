import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeParameters } from '../../../src/guest/index.ts'
import {
  check,
  type Listener,
  listen,
  OK,
  runProbe,
  SCRIPT,
  SHELL_NAMES,
  SHELLS,
  type Shell,
} from '../../support/probe-script.ts'
import { kubeRules } from './kube-rules.ts'

const MOST_BYTES = 20_000
const MOST_SECONDS = 40

let folder: string
let server: Listener

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'))
  server = await listen(OK)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** A PATH on which these stand in for tools. */
function pathWith(tools: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(folder, 'tools-'))
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(path, name), 0o755)
  }
  return `${path}:/usr/bin:/usr/sbin`
}

const printing = (text: string): string => {
  const file = join(mkdtempSync(join(folder, 'text-')), 'text')
  writeFileSync(file, text)
  return `cat ${file}`
}

interface Bounds {
  readonly within?: number
  readonly intervalSeconds?: number
}

const HANGING = ['nft', 'iptables-nft-save', 'ss', 'netstat', 'ip', 'tc', 'curl', 'ipset']

describe.concurrent.each(SHELL_NAMES)('the bounds in %s', (shell: Shell) => {
  it('hold on a node with 5,000 rules of kube-proxy, and the list is there, with its counters', async () => {
    const rules = kubeRules(1000, server.port)
    const seen = join(mkdtempSync(join(folder, 'seen-')), 'seen')
    // The second list has moved.
    const later = printing(rules.replace('[9:540] -A FORWARD -s', '[11:660] -A FORWARD -s'))
    const save = `if [ -e ${seen} ]; then ${later}; else : >${seen}; ${printing(rules)}; fi`
    const tools = { 'iptables-nft-save': save, nft: 'exit 0' }
    const { output, facts, seconds } = await runProbe(shell, check({ port: server.port }), {
      env: { PATH: pathWith(tools) },
    })
    expect(output.length).toBeLessThan(MOST_BYTES)
    expect(seconds).toBeLessThan(MOST_SECONDS)
    expect(facts.isComplete).toBe(true)
    expect(
      facts.filters.map(({ texts }) => /\[(\d+):\d+\] -A FORWARD -s 100/.exec(texts.iptables ?? '')?.[1]),
    ).toEqual(['9', '11', '11'])
    expect(facts.filters[1]?.afterSeconds).toBeGreaterThanOrEqual(1)
    expect(facts.filters[2]?.afterSeconds).toBeGreaterThanOrEqual(2)
  })

  it.each([
    ['nothing has moved', '[9:540]', {}],
    ['there is no time for it', '[11:660]', { within: 8, intervalSeconds: 3 }],
  ])('hold without a third sample if %s', async (_, later, { within, intervalSeconds = 1 }: Bounds) => {
    const rules = (counter: string): string =>
      `*filter\n:INPUT ACCEPT [0:0]\n${counter} -A INPUT -p tcp -j DROP\nCOMMIT\n`
    const seen = join(mkdtempSync(join(folder, 'seen-')), 'seen')
    const [first, then] = [printing(rules('[9:540]')), printing(rules(later))]
    const save = `if [ -e ${seen} ]; then ${then}; else : >${seen}; ${first}; fi`
    const { facts } = await runProbe(shell, check({ port: server.port, intervalSeconds }), {
      env: { PATH: pathWith({ 'iptables-nft-save': save, nft: 'exit 0' }) },
      ...(within === undefined ? {} : { within }),
    })
    expect(facts.filters).toHaveLength(2)
  })

  it('hold if tools hang, and each of them is named', async () => {
    const tools = Object.fromEntries(HANGING.map((name) => [name, 'exec sleep 300']))
    const { output, facts, seconds } = await runProbe(shell, check({ port: server.port }), {
      env: { PATH: pathWith(tools) },
    })
    expect(seconds).toBeLessThan(MOST_SECONDS)
    expect(output.endsWith('clb-doctor-probe end\n')).toBe(true)
    expect(facts.listening).toContainEqual(expect.objectContaining({ port: server.port }))
    expect(facts.notSeen).toContainEqual({ layer: 'nft', why: 'failed', what: 'nft' })
    expect(facts.notSeen).toContainEqual({ layer: 'iptables', why: 'failed', what: 'iptables-nft-save' })
  }, 60_000)

  it('leave a list out that no pruning makes short, by name', async () => {
    const long = Array.from(
      { length: 400 },
      (_, i) => `[0:0] -A INPUT -i eth${i} -m comment --comment "${'x'.repeat(60)}" -j ACCEPT`,
    )
    const save = printing(['*filter', ':INPUT ACCEPT [0:0]', ...long, 'COMMIT', ''].join('\n'))
    const tools = { 'iptables-nft-save': save, nft: 'exit 0' }
    const { output, facts } = await runProbe(shell, check({ port: server.port }), {
      env: { PATH: pathWith(tools) },
    })
    expect(output.length).toBeLessThan(MOST_BYTES)
    expect(facts.isComplete).toBe(true)
    expect(facts.filters[0]?.texts.iptables).toBeNull()
    expect(facts.notSeen).toContainEqual({ layer: 'iptables', why: 'left-out', what: '403 lines' })
  })
})

/** What a run could have changed. */
function stateOfMachine(cwd: string): Readonly<Record<string, unknown>> {
  const text = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null)
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { encoding: 'utf8' })
  return {
    modules: text('/proc/modules')
      ?.split('\n')
      .map((line) => line.split(' ')[0]),
    legacyTables: ['/proc/net/ip_tables_names', '/proc/net/ip6_tables_names'].map(text),
    nft: run('nft', 'list', 'ruleset'),
    sysctls: run(
      'sh',
      '-c',
      'cat /proc/sys/net/ipv4/conf/*/* /proc/sys/net/ipv4/tcp_* /proc/sys/net/ipv4/ip_* 2>/dev/null',
    ),
    ownFiles: readdirSync(cwd),
    home: readdirSync(process.env.HOME ?? '/root'),
    devices: run('ip', '-o', 'link'),
    routes: run('ip', 'route', 'show', 'table', 'all'),
  }
}

describe.each(SHELL_NAMES)('a run in %s', (shell: Shell) => {
  it('changes nothing on the machine and leaves no process', async () => {
    const cwd = mkdtempSync(join(folder, 'cwd-'))
    const own = join(cwd, 'tmp')
    mkdirSync(own)
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '/root',
      TMPDIR: own,
      MARK: `probe-${process.pid}`,
    }
    const before = stateOfMachine(cwd)
    await runProbe(shell, check({ port: server.port, path: '/none', host: 'a.example' }), { cwd, env })
    expect(stateOfMachine(cwd)).toEqual(before)
    expect(readdirSync(own)).toEqual([])
    expect(processesWith(env.MARK)).toEqual([])
  })
})

describe.each(SHELL_NAMES)('in a network namespace of its own, %s', (shell: Shell) => {
  it('opens no port and makes no table', () => {
    const list =
      'ss -Hlntu; nft list ruleset; cat /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null; ip addr; ip rule'
    const parameters = encodeParameters({ check: check({ port: 9 }), sources: ['100.64.0.0/10'] })
    const run = [...SHELLS[shell], SCRIPT, parameters].join(' ')
    const script = `ip link set lo up; echo BEFORE; ${list}; echo PROBE; ${run}; echo AFTER; ${list}`
    const text = execFileSync('unshare', ['-n', 'sh', '-c', script], { encoding: 'utf8' })
    const [, before, after] =
      /BEFORE\n([\s\S]*?)PROBE\n[\s\S]*clb-doctor-probe end\n[\s\S]*AFTER\n([\s\S]*)$/.exec(text) ?? []
    expect(before).toContain('LOOPBACK,UP')
    expect(after).toBe(before)
  })
})

/** The processes that have a mark in their environment. */
const processesWith = (mark: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        statSync(`/proc/${pid}`).isDirectory() &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`MARK=${mark}`)
      )
    } catch {
      return false
    }
  })
