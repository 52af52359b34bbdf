import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { contradictionsIn } from '../support/consistency.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { ALARM, CASES, type Case, caseOf, describeCase } from './cases.ts'
import { CASE } from './healthy.ts'
import { judge } from './judge.ts'
import { type Judged, REASONS, reportOf, totalsOf } from './report.ts'

// 2,000 CLBs, each from its seed. One of them again, with what was said of it:
//   FAULT_SEED=1234 npx vitest run test/faults/accuracy.slow.test.ts

const BATCH = 250
const only = process.env.FAULT_SEED

let cloud: SimulatedCloud
const contradictions: string[] = []
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

async function judged(seed: number): Promise<Judged & { readonly said: string }> {
  const one: Case = caseOf(seed)
  const { diagnosis } = await cloud.diagnose(one.site.world, {
    clb: CASE,
    alarm: ALARM,
    faults: one.apiFaults,
  })
  const outcome = judge(one, diagnosis)
  for (const line of contradictionsIn(diagnosis)) contradictions.push(`seed ${seed}: ${line}`)
  return { one, outcome, said: [describeCase(one), ...outcome.faults].join('\n    ') }
}

/** The seed, what is wrong with it, and what was said of it. */
const isGrave = ({ outcome }: Judged): boolean =>
  outcome.misnamed.some(({ certainty }) => certainty !== 'possible') ||
  outcome.fared.some(({ found, wrongCertainty }) => !found || wrongCertainty) ||
  outcome.open.wrong > 0 ||
  outcome.verdict === 'wrong'

if (only !== undefined)
  describe('one case', () => {
    it(`of seed ${only}`, async () => {
      const { said, outcome } = await judged(Number(only))
      expect({ said, faults: outcome.faults }).toEqual({ said, faults: [] })
    })
  })
else
  describe('2,000 CLBs', () => {
    const done: (Judged & { readonly said: string })[] = []

    it.each(Array.from({ length: Math.ceil(CASES / BATCH) }, (_, i) => i * BATCH))(
      'from seed %i on are diagnosed',
      async (first) => {
        for (let seed = first; seed < Math.min(first + BATCH, CASES); seed++) done.push(await judged(seed))
      },
      300_000,
    )

    it('are of every reason, some ten at least', () => {
      const fared = done.flatMap(({ outcome }) => outcome.fared)
      const few = REASONS.filter((code) => fared.filter((own) => own.code === code).length < 10)
      expect(few).toEqual([])
    })

    it('have their causes named exactly, no wrong cause as certain, and no cause on the healthy', () => {
      expect(done).toHaveLength(CASES)
      const totals = totalsOf(done)
      const grave = done.filter(isGrave).map(({ said }) => said)
      const report = `\n${grave.join('\n')}\n`
      expect(totals.causesFound / totals.causes, report).toBeGreaterThanOrEqual(0.99)
      expect(totals.othersFound / totals.others, report).toBeGreaterThanOrEqual(0.99)
      const { named, falseAlarms, notOpen, wrongVerdicts } = totals
      expect({ certain: named.certain, falseAlarms, notOpen, wrongVerdicts }, report).toEqual({
        certain: 0,
        falseAlarms: 0,
        notOpen: 0,
        wrongVerdicts: 0,
      })
    })

    it('get diagnoses that agree with themselves', () => {
      expect(contradictions).toEqual([])
    })

    it('come to what docs/accuracy.md says', async () => {
      expect(done).toHaveLength(CASES)
      await expect(reportOf(done)).toMatchFileSnapshot('../../docs/accuracy.md')
    })
  })
