import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluateGuest, factsOf } from '../../src/guest/index.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import { answerDifferences, answerTo, canBeAsked } from './answers.ts'
import { type Running, withFault } from './bench.ts'
import { differences, type Means, outcomesOf, rangeOf } from './compare.ts'
import type { Fault } from './fault.ts'
import { requireLab } from './lab.ts'
import { record } from './recorder.ts'
import { bareTools, runScript, SHELLS, type Shell } from './script.ts'
import { outcomeOf } from './truth.ts'

/** `GUEST_RECORD=folder` keeps what the machine printed. */
const KEPT = process.env.GUEST_RECORD
/** Only ends what hangs. */
const LIMIT = 240_000

const counts = { faults: 0, outcomes: 0, equal: 0, unknown: 0 }

/** Each fault on a backend of its own, several at one time. */
export function testFaults(faults: readonly Fault[]): void {
  beforeAll(requireLab, LIMIT)
  afterAll(() => {
    process.stdout.write(
      `guest: ${counts.faults} faults, ${counts.outcomes} outcomes: ${counts.equal} equal, ${counts.unknown} unknown\n`,
    )
  })
  describe.concurrent('a backend with', () => {
    it.each(faults)('$name', (fault) => testFault(fault), LIMIT)
  })
}

/** What the machine printed, and what could be looked at. */
export interface Printed {
  readonly means: Means
  readonly report: GuestReport
  /** What `guest-judge` is given. */
  readonly path: string
}

async function testFault(fault: Fault): Promise<void> {
  await withFault(fault, async (running) => {
    const { probes, lab, folder } = running
    const kept = join(KEPT ?? folder, fault.name)
    await probes.until(1)
    // The probes go on meanwhile, so that their counters move.
    const fromScript = await runScripts(running, fault, kept)
    await probes.until(2)
    const truth = probes.truth()
    const outcomes = truth.map((met) => outcomeOf(met, fault.check))
    expect(outcomes, `the lab does not do what the fault says: ${JSON.stringify(truth)}`).toEqual(fault.meets)
    await record(lab, fault.check, truth, kept)
    const printed = fault.notRecorded === null ? [...fromScript, await recordedIn(kept)] : fromScript
    counts.faults += 1
    const found = await Promise.all(printed.map((one) => compared(fault, one)))
    expect(found.flat().join('\n'), 'GUEST_RECORD keeps what the machine printed').toBe('')
  })
}

export async function runScripts(
  { lab, folder }: Running,
  fault: Fault,
  kept: string,
  shells: readonly Shell[] = SHELLS,
): Promise<readonly Printed[]> {
  const bare = join(folder, 'bin')
  await Promise.all([mkdir(bare), mkdir(kept, { recursive: true })])
  await bareTools(bare)
  return await Promise.all(
    shells.map(async (shell) => {
      const { stdout, stderr, exit } = await runScript(lab, shell, { bare, check: fault.check })
      const path = join(kept, `probe-${shell.name.replaceAll(' ', '-')}`)
      await writeFile(path, stdout)
      expect(`${exit} ${stderr}`, `${fault.name}, ${shell.name}`).toBe('0 ')
      expect(stdout.length, `${fault.name}, ${shell.name}`).toBeLessThanOrEqual(20_480)
      return {
        means: { name: shell.name, isComplete: !shell.isBare, isSampledTwice: true },
        report: { ...BY_HAND, kind: 'probe', text: stdout },
        path,
      } as const
    }),
  )
}

const BY_HAND = { by: 'hand', at: '2026-11-29T00:00:00Z', instanceId: null } as const

export async function recordedIn(folder: string): Promise<Printed> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt'))
  const files = await Promise.all(
    names.map(async (name) => [name.slice(0, -4), await readFile(join(folder, name), 'utf8')] as const),
  )
  return {
    means: { name: 'recorded', isComplete: true, isSampledTwice: false },
    report: { ...BY_HAND, kind: 'recorded', files: Object.fromEntries(files) },
    path: folder,
  }
}

async function compared(fault: Fault, { means, report, path }: Printed): Promise<readonly string[]> {
  const evaluation = evaluateGuest(factsOf(report), fault.check, rangeOf(fault))
  for (const [i, outcome] of outcomesOf(evaluation, fault).entries()) {
    counts.outcomes += 1
    if (outcome === fault.meets[i]) counts.equal += 1
    if (outcome === 'unknown') counts.unknown += 1
  }
  const answered = canBeAsked(fault) ? answerDifferences(await answerTo(path, fault), fault, means) : []
  return [...differences(evaluation, fault, means), ...answered]
}
