import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKS } from '../../src/checks/index.ts'
import { shop } from '../../src/simulator/base.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { fastClock } from '../support/tat.ts'
import { CASE } from './healthy.ts'
import { HARMFUL, type InsideResult, insideCase, insideResult } from './inside.ts'
import { table } from './table.ts'

// Faults inside machines, with a look inside: which of them are named, and whether another is. To look at one again:
//   INSIDE_SEED=17 npx vitest run --project slow test/faults/inside.slow.test.ts

const CASES = 4 * HARMFUL.length
const BATCH = 50
const only = process.env.INSIDE_SEED

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory', clock: fastClock() })
})
afterAll(() => cloud.close())

interface Result extends InsideResult {
  readonly name: string
  readonly code: string
  readonly seed: number
  readonly text: string
}

async function resultOf(seed: number): Promise<Result> {
  const one = insideCase(seed)
  const { diagnosis, snapshot } = await cloud.diagnose(one.world, {
    clb: CASE,
    looks: { inGuest: 'registered' },
  })
  if (!snapshot) throw new Error('nothing was read')
  const found = diagnosis.findings.map(({ role, certainty, code, explains }) =>
    [role, certainty, code, explains].join(' '),
  )
  return {
    ...insideResult(one, diagnosis, snapshot),
    name: one.fault.name,
    code: one.fault.code,
    seed,
    text: `${one.fault.name}: ${one.dead}\n${found.join('\n')}\n${JSON.stringify(snapshot.guests, null, 1)}`,
  }
}

if (only !== undefined)
  it(`seed ${only}`, async () => {
    const { looked, named, wrong, text } = await resultOf(Number(only))
    expect({ named, wrong }, text).toEqual({ named: looked, wrong: [] })
  })
else
  describe('faults inside machines, with a look inside', () => {
    const done: Result[] = []

    it.each(Array.from({ length: Math.ceil(CASES / BATCH) }, (_, i) => i * BATCH))(
      'are diagnosed, from seed %i',
      async (first) => {
        for (let seed = first; seed < Math.min(first + BATCH, CASES); seed++) done.push(await resultOf(seed))
      },
      300_000,
    )

    it('are named in at least 99 of 100, and no other cause is named as certain or likely', () => {
      const sum = (of: (one: InsideResult) => number): number => done.reduce((all, one) => all + of(one), 0)
      const missed = done.filter(({ looked, named }) => named < looked)
      const wrong = done.filter((one) => one.wrong.length > 0)
      const report = [...missed, ...wrong]
        .map((one) => `seed ${one.seed}: ${one.name}: ${one.named} of ${one.looked}; ${one.wrong.join(', ')}`)
        .join('\n')
      expect(done).toHaveLength(CASES)
      expect(sum(({ looked }) => looked)).toBeGreaterThan(CASES)
      expect(sum(({ named }) => named) / sum(({ looked }) => looked), report).toBeGreaterThanOrEqual(0.99)
      expect(wrong.length, report).toBe(0)
    })

    it('give the figures of docs/accuracy-inside.md', async () => {
      const rows = HARMFUL.map(({ name, code }) => {
        const own = done.filter((one) => one.name === name)
        const sum = (of: (one: InsideResult) => number): number => own.reduce((all, one) => all + of(one), 0)
        return [
          name,
          code,
          own.length,
          sum(({ looked }) => looked),
          sum(({ named }) => named),
          sum(({ certain }) => certain),
          own.filter(({ wrong }) => wrong.length > 0).length,
        ]
      })
      const head = ['fault', 'finding', 'CLBs', 'looked at', 'named', 'certain', 'another cause']
      const sum = (of: (one: InsideResult) => number): number => done.reduce((all, one) => all + of(one), 0)
      const total = `All: ${sum(({ named }) => named)} of ${sum(({ looked }) => looked)} named, in ${done.length} CLBs.`
      const reasons = table(['reason', 'looked at', 'named', 'or tested by'], reasonRows(done))
      const page = [TEXT, total, '', table(head, rows), '', '## Per reason', '', reasons, ''].join('\n')
      await expect(page).toMatchFileSnapshot('../../docs/accuracy-inside.md')
    })
  })

/** Reasons that no CLB here has, and the tests that have them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'guest-kernel/tw-recycle': 'test/guest/changed-lists.test.ts: kernels since 4.12 do not have it',
  'peer-reach/reachable-from-peer': 'test/checks/peer-reach.test.ts: another machine says it',
  'peer-reach/unreachable-from-peer': 'test/checks/peer-reach.test.ts: another machine says it',
}

/** Every reason of the checks that look inside, and how often it was named. */
function reasonRows(done: readonly Result[]) {
  const inside = CHECKS.filter(({ id }) => id.startsWith('guest-') || id === 'peer-reach')
  const codes = inside.flatMap(({ id, reasons }) => Object.keys(reasons).map((reason) => `${id}/${reason}`))
  return codes.sort().map((code) => {
    const own = done.filter((one) => one.code === code)
    const sum = (of: (one: InsideResult) => number): number => own.reduce((all, one) => all + of(one), 0)
    const other = own.length > 0 ? '' : ELSEWHERE[code]
    if (other === undefined) throw new Error(`${code} is injected nowhere`)
    return [code, sum(({ looked }) => looked), sum(({ named }) => named), other]
  })
}

const TEXT = `# Accuracy of a look inside machines

Each CLB is random and healthy but for one fault inside some of its machines. The API shows nothing of it. The probe runs
on the simulated machines (\`--in-guest\`), and the diagnosis is compared with the fault. "Looked at" counts Dead backends whose
machine said something; at most three of those that look alike are asked. "Named": a certain or likely cause with the right
code explains the backend. Faults with "recorded" in their name give the machine the rules, the kernel and the routes of a
real one, on which real probes met what the fault says (test/fixtures/guest-probe). "Another cause": CLBs where a certain or likely cause has another code, or names a healthy backend.
\`npx vitest run --project slow test/faults/inside.slow.test.ts --update\` writes this page.
`
