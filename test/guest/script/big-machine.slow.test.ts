import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeParameters, evaluateGuest, factsOf, type GuestFacts } from '../../../src/guest/index.ts'
import { type AddressSet, everything, parseAddresses } from '../../../src/rules/index.ts'
import { check, runProbe, SCRIPT, SHELLS } from '../../support/probe-script.ts'
import { bigMachine, node } from './big-machine.ts'

// Whatever a machine has, the output stays within its bound, ends with its marker, and says what it left out.

const MOST_BYTES = 20_000
const TARGET = check({ ip: '10.0.1.16', port: 80 })
const PROBES = '100.64.0.0/10'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'big-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const ALONE = 'the shell alone'

/** Runs the script in each shell, in a network namespace of its own that these commands have set up. */
function outputsOn(setUp: string, shells: readonly string[]): ReadonlyMap<string, string> {
  const own = mkdtempSync(join(folder, 'run-'))
  const parameters = encodeParameters({ check: TARGET, sources: [PROBES] })
  const runs = shells.map((name, i) => {
    const command = name === ALONE ? ['dash'] : SHELLS[name as keyof typeof SHELLS]
    const [program = '', ...args] = command
    const path = name === ALONE ? join(own, 'nothing') : '/usr/sbin:/usr/bin:/sbin:/bin'
    return `env -i PATH=${path} /usr/bin/${program} ${args.join(' ')} ${SCRIPT} ${parameters} >${join(own, String(i))}`
  })
  const end = 'kill -9 $started'
  const text = [setUp, ...runs, end].join('\n')
  execFileSync('unshare', ['--net', '--pid', '--fork', '--mount-proc', '--kill-child', 'bash', '-c', text], {
    encoding: 'utf8',
    timeout: 200_000,
    // unshare lets other signals pass.
    killSignal: 'SIGKILL',
  })
  return new Map(shells.map((name, i) => [name, readFileSync(join(own, String(i)), 'utf8')]))
}

const range = (cidr: string): AddressSet => parseAddresses(cidr) ?? everything(4)

const factsIn = (text: string): GuestFacts =>
  factsOf({ kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })

describe('on a node with 250 devices, 46 ports with 30 workers each, 40 connections and 5,000 rules', () => {
  const SHELL_LIST = ['dash', 'BusyBox ash', 'bash', ALONE]
  let outputs: ReadonlyMap<string, string>
  beforeAll(() => {
    outputs = outputsOn(bigMachine(folder), SHELL_LIST)
  }, 240_000)

  it.each(SHELL_LIST)('the output in %s stays within its bound and is whole', (shell) => {
    const output = outputs.get(shell) ?? ''
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(MOST_BYTES)
    expect(output.endsWith('\nclb-doctor-probe end\n')).toBe(true)
    expect(output).not.toMatch(/left-out 0 lines/)
    expect(factsIn(output).isComplete).toBe(true)
  })

  it.each(SHELL_LIST.slice(0, 3))('the rules and the routes are there in %s', (shell) => {
    const facts = factsIn(outputs.get(shell) ?? '')
    expect(facts.filters[0]?.texts.iptables).toContain('-A INPUT -s 100.64.0.0/10 -j DROP')
    expect(facts.routes).toContain('default via 10.0.1.1')
    expect(facts.policies).toContain('from all lookup main')
    expect(facts.listening?.filter(({ port }) => port === 80)).not.toEqual([])
    expect(facts.devices?.find(({ name }) => name === 'eth0')).toMatchObject({ isUp: true, hasXdp: false })
  })
})

describe('on a node with pods that drops the probes', () => {
  it.each([[45], [110]])(
    '%i of them hide neither the rule nor what it does',
    (pods) => {
      const output = outputsOn(node(pods), ['dash']).get('dash') ?? ''
      const facts = factsIn(output)
      expect(Buffer.byteLength(output)).toBeLessThanOrEqual(MOST_BYTES)
      const { parts, reasons } = evaluateGuest(facts, TARGET, range(PROBES))
      expect(parts.map(({ outcome }) => outcome)).toEqual(['timeout'])
      expect(reasons.map(({ code }) => code)).toContain('guest-firewall/probe-dropped')
      // What concerns others was left out, and the output says so.
      expect(facts.pruned).not.toEqual([])
      const others = evaluateGuest(facts, TARGET, range('192.0.2.0/24'))
      expect(others.parts.map(({ outcome }) => outcome)).toEqual(['unknown'])
      expect(others.notSeen.map(({ why }) => why)).toContain('pruned')
    },
    120_000,
  )
})

/** Tools that print what they like, and stand before the real ones. */
function printing(texts: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(folder, 'tools-'))
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(path, `${name}.txt`), text)
    writeFileSync(join(path, name), `#!/bin/sh\ncat ${join(path, `${name}.txt`)}\n`)
    chmodSync(join(path, name), 0o755)
  }
  return `${path}:/usr/bin:/usr/sbin`
}

const row = fc.tuple(
  fc.constantFrom(
    'tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("',
    'tcp LISTEN 0 511 [::]:8080 [::]:* users:(("',
    'ESTAB 0 0 10.0.1.16:80 100.64.0.9:4000',
    '2: eth0    inet 10.0.1.16/24 brd 10.0.1.255 scope global eth0',
    '9: eni5    inet 10.0.2.9/32 scope global eni',
    '3: veth9@if4: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT ',
    '100: from 10.0.2.9 lookup ',
    'default via 10.0.1.1 dev eth0 ',
    '[1:60] -A INPUT -s 100.64.0.0/10 -m comment --comment "',
    '*filter',
    ':INPUT ACCEPT [0:0]',
    'COMMIT',
    '-- ',
    '== nft ',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', '')),
  fc.nat(700),
)
const text = fc
  .tuple(fc.array(row, { maxLength: 12 }), fc.nat(60))
  .map(([rows, times]) =>
    Array.from({ length: times + 1 }, (_, i) =>
      rows.map(([first, middle, size]) => `${first}${i}${middle}${'x'.repeat(size)}`).join('\n'),
    ).join('\n'),
  )

describe('whatever the tools print', () => {
  it('the output stays within its bound and is whole', async () => {
    const tools = fc.record({
      ss: text,
      ip: text,
      tc: text,
      nft: text,
      'iptables-nft-save': text,
      curl: text,
    })
    await fc.assert(
      fc.asyncProperty(tools, fc.constantFrom('dash', 'BusyBox ash', 'bash'), async (texts, shell) => {
        const { output } = await runProbe(shell, TARGET, { env: { PATH: printing(texts) } })
        expect(Buffer.byteLength(output)).toBeLessThanOrEqual(MOST_BYTES)
        expect(output.endsWith('\nclb-doctor-probe end\n')).toBe(true)
      }),
      { numRuns: 4, seed: SEED },
    )
  }, 200_000)
})

/** A failing run prints it. */
const SEED = 20261129
