import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { PROBE_COMMAND } from '../../src/simulator/probe-command.ts'
import { clbDoctor, onStage } from './cli.ts'
import type { Stage } from './support.ts'

// A person saves a snapshot without a look inside, runs the probe on one backend by hand, and asks with both.

const TARGET = '10.0.1.16:8080'
const folder = mkdtempSync(join(tmpdir(), 'guest-judge-snapshot-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

async function snapshotOf(stage: Stage, file: string, args: readonly string[]) {
  const saved = ['diagnose', 'lb-7dpmqwcu', '--format', 'json', '--lang', 'en', '--save-snapshot', file]
  const { out } = await clbDoctor([...saved, ...args], {
    ...stage.env,
    CLB_DOCTOR_TAT_COMMAND: PROBE_COMMAND,
  })
  return { diagnosis: JSON.parse(out) as Diagnosis, snapshot: JSON.parse(readFileSync(file, 'utf8')) }
}

/** The snapshot without machines, the probe's output of one of them, and the diagnosis with all of them. */
async function prepared(name: string) {
  const [plain, output] = [at(`${name}.json`), at(`${name}.txt`)]
  const inside = await onStage(name, async (stage) => {
    const { snapshot } = await snapshotOf(stage, plain, [])
    expect(snapshot.guests).toBeUndefined()
    return await snapshotOf(stage, at(`${name}-inside.json`), ['--in-guest'])
  })
  writeFileSync(output, inside.snapshot.guests[TARGET].value.text)
  return { plain, output, diagnosis: inside.diagnosis }
}

const CAUSES = {
  // The rule matches probers alone. The VPN lets a part of the range pass, from which no prober comes.
  'guest-vpn': ['guest-firewall/probe-dropped', 'certain', ['timeout', 'ok']],
  // Other packets may meet this rule, too. It moved in both spans of time, the backend is Dead, and nothing else explains it.
  'guest-iptables': ['guest-firewall/probe-dropped', 'certain', ['timeout']],
} as const

it('an output of another time is not certain, and says so', async () => {
  const { plain, output } = await prepared('guest-vpn')
  const taken = Math.floor(Date.parse(JSON.parse(readFileSync(plain, 'utf8')).takenAt) / 1000)
  const text = readFileSync(output, 'utf8')
  for (const [away, expected] of [
    [60, 'certain'],
    [7200, 'likely'],
    [-29 * 86_400, 'likely'],
  ] as const) {
    const file = at('dated.txt')
    writeFileSync(file, text.replace('clb-doctor-probe 1\n', `clb-doctor-probe 1\nat=${taken + away}\n`))
    const { out } = await clbDoctor([
      'guest-judge',
      file,
      '--snapshot',
      plain,
      '--lang',
      'en',
      '--format',
      'json',
    ])
    const { findings, notes = [] } = JSON.parse(out)
    expect(findings).toMatchObject([{ code: 'guest-firewall/probe-dropped', certainty: expected }])
    expect(notes.filter((note: string) => note.includes('the snapshot of'))).toHaveLength(
      expected === 'likely' ? 1 : 0,
    )
    expect(notes.join()).not.toContain('does not tell when')
  }
})

describe.each(Object.entries(CAUSES))('guest-judge --snapshot of %s', (name, [code, certainty, outcomes]) => {
  it('finds what diagnose --in-guest finds, in each language', async () => {
    const { plain, output, diagnosis } = await prepared(name)
    const finding = diagnosis.findings.find((one) => one.code === code)
    const titles = new Set<string>()
    for (const language of LANGUAGES) {
      const asked = ['guest-judge', output, '--snapshot', plain, '--lang', language]
      const ran = await clbDoctor([...asked, '--format', 'json'])
      expect([ran.status, ran.err]).toEqual([1, ''])
      const answer = JSON.parse(ran.out)
      expect(answer.target).toBe(TARGET)
      const met = new Set(answer.outcomes.map(({ outcome }: { outcome: string }) => outcome))
      expect([...met]).toEqual(outcomes)
      expect(answer.findings).toMatchObject([{ code, certainty }])
      expect(finding?.certainty).toBe(certainty)
      expect(answer.notSeen).toEqual([])
      const { title } = answer.findings.find((one: { code: string }) => one.code === code)
      titles.add(title)
      const { out } = await clbDoctor(asked)
      expect(out).toContain(title)
      expect(out).toContain(code)
    }
    expect(titles.size).toBe(LANGUAGES.length)
  })
})
