import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { factsOf } from '../../src/guest/index.ts'
import { guest, type Shop, shop } from '../../src/simulator/base.ts'
import { printed } from '../../src/simulator/guest-output.ts'
import { withProbe } from '../../src/simulator/probe-command.ts'
import type { Guest } from '../../src/simulator/world.ts'

// What the probe prints on a simulated machine has the form of what it prints on a real one.

const SCRIPT = fileURLToPath(new URL('../../guest/probe.sh', import.meta.url))
const parameters = (fields: Record<string, string>): string =>
  Buffer.from(
    Object.entries({ interval: '1', timeout: '1', sources: '100.64.0.0%2F10', ...fields })
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  ).toString('base64')
const TARGET = { target: '10.0.1.16', port: '8080', protocol: 'tcp', kind: 'http', method: 'GET' }

function simulated(fields: Record<string, string> = {}, inside: Partial<Guest> = {}, made: Shop = shop()) {
  withProbe(made.world)
  const own = made.machine(16)
  own.guest = guest(8080, inside)
  const script = made.world.tat?.commands[0]?.content ?? ''
  return printed(made.world, own, script.replace('{{parameters}}', parameters({ ...TARGET, ...fields })))
}

const real = (fields: Record<string, string>): string =>
  execFileSync('sh', [SCRIPT, parameters({ ...TARGET, target: '127.0.0.1', port: '9', ...fields })], {
    encoding: 'utf8',
  })

/** The names of facts and sections. What stands behind a dot belongs to the machine. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    text.split('\n').flatMap((line) => {
      const [, section, fact] = /^(?:(== [\w-]+) \d+|([\w-]+)(?:\.[^=]*)?=.*)$/.exec(line) ?? []
      return section ?? fact ?? []
    }),
  )

/** Facts that a real machine has only if something is there, or if it was asked. */
const CONDITIONAL = [
  'connection',
  'process',
  'tc',
  'empty',
  'second',
  '== nft',
  '== iptables',
  'third-after',
  '== again',
]

describe('the output of a simulated machine', () => {
  it('has only facts and sections that the script prints on a real one', () => {
    const known = namesIn(real({}))
    expect(known.size).toBeGreaterThan(20)
    const strange = [...namesIn(simulated())].filter(
      (name) => !known.has(name) && !CONDITIONAL.includes(name),
    )
    expect(strange).toEqual([])
  })

  it('of another machine, too', () => {
    const known = namesIn(real({ mode: 'peer' }))
    expect([...namesIn(simulated({ mode: 'peer' }))].filter((name) => !known.has(name))).toEqual([])
  })

  it('is read as a whole', () => {
    const facts = factsOf({
      kind: 'probe',
      by: 'tat',
      instanceId: null,
      at: '2026-11-20T07:00:00Z',
      text: simulated({}, { drops: ['203.0.113.0/24'] }),
    })
    expect(facts).toMatchObject({ isComplete: true, target: { ip: '10.0.1.16', port: 8080 } })
    expect(facts.filters[0]?.texts.iptables).toContain('-A INPUT -s 203.0.113.0/24 -j DROP')
    expect(facts.filters.map(({ afterSeconds }) => afterSeconds)).toEqual([null, 5, 10])
    expect(facts.requests).toEqual([
      expect.objectContaining({
        isOfCheck: true,
        end: expect.objectContaining({ kind: 'answer', status: 200 }),
      }),
    ])
  })

  it('shows the probes that reach it and no others', () => {
    expect(simulated({ sources: '0.0.0.0%2F0' })).toContain('10.0.1.16:8080 203.0.113.26:')
    const blocked = shop()
    for (const group of blocked.world.groups) group.rules = []
    expect(simulated({}, {}, blocked)).not.toContain('connection.ss=')
  })

  it('counts the probes that a rule drops', () => {
    expect(simulated({}, { drops: ['203.0.113.0/24'] })).toMatch(/^== moved-iptables 1\n5 4213:252780$/m)
    const blocked = shop()
    for (const group of blocked.world.groups) group.rules = []
    expect(simulated({}, { drops: ['203.0.113.0/24'] }, blocked)).toMatch(/^== moved-iptables 0$/m)
  })

  it('of a script that is not the probe is its own', () => {
    const { world, machine } = shop()
    expect(printed(world, machine(16), 'echo hello')).not.toContain('clb-doctor-probe')
  })

  it('takes no parameter for a command: what stands in its place is data', () => {
    const { world, machine } = shop()
    withProbe(world)
    const script = (world.tat?.commands[0]?.content ?? '').replace('{{parameters}}', "'; rm -rf / #")
    expect(printed(world, machine(16), script)).toContain('error=no-parameters')
  })
})
