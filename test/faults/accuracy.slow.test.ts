import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { contradictionsIn } from '../support/consistency.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { ALARM, CASES, type Case, caseOf, describeCase } from './cases.ts'
import { CASE } from './healthy.ts'
import { judge } from './judge.ts'
import { isGrave, REASONS, reportOf } from './report.ts'
import { STORY_KINDS, storyOf } from './stories.ts'
import { type ToldStory, wrongsIn } from './story-report.ts'
import { tell } from './told.ts'
import { type Judged, totalsOf } from './totals.ts'

// 2,000 CLBs, each made from its seed, and CLBs that change between looks. To diagnose one again and see its faults and findings:
//   FAULT_SEED=1234 npx vitest run test/faults/accuracy.slow.test.ts

const BATCH = 250
const only = process.env.FAULT_SEED
/** The stories of each kind. */
const STORIES = 15

let cloud: SimulatedCloud
const contradictions: string[] = []
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

async function judged(seed: number): Promise<Judged & { readonly text: string }> {
  const one: Case = caseOf(seed)
  const { diagnosis } = await cloud.diagnose(one.site.world, {
    clb: CASE,
    alarm: ALARM,
    faults: one.apiFaults,
  })
  const outcome = judge(one, diagnosis)
  for (const line of contradictionsIn(diagnosis)) contradictions.push(`seed ${seed}: ${line}`)
  return { one, outcome, text: [describeCase(one), ...outcome.faults].join('\n    ') }
}

if (only !== undefined)
  describe('one case', () => {
    it(`of seed ${only} is diagnosed correctly`, async () => {
      const { text, outcome } = await judged(Number(only))
      expect({ text, faults: outcome.faults }).toEqual({ text, faults: [] })
    })
  })
else
  describe('2,000 CLBs', () => {
    const done: (Judged & { readonly text: string })[] = []

    it.each(Array.from({ length: Math.ceil(CASES / BATCH) }, (_, i) => i * BATCH))(
      'are diagnosed, from seed %i',
      async (first) => {
        for (let seed = first; seed < Math.min(first + BATCH, CASES); seed++) done.push(await judged(seed))
      },
      300_000,
    )

    const told: ToldStory[] = []

    it.each(STORY_KINDS)(
      'of other seeds change between looks: %s',
      async (kind) => {
        const wrong: string[] = []
        for (let seed = 0; seed < STORIES; seed++) {
          const story = storyOf(kind, seed)
          const looks = await tell(cloud, story)
          told.push({ story, looks })
          looks.forEach(({ faults }, i) => {
            if (faults.length > 0) wrong.push(`seed ${seed}, look ${i + 1}: ${faults.join('; ')}`)
          })
        }
        expect(wrong).toEqual([])
      },
      300_000,
    )

    it('have each reason at least ten times, and find it in nine of ten', () => {
      const results = done.flatMap(({ outcome }) => outcome.results)
      const counts = REASONS.map((code) => {
        const own = results.filter((one) => one.code === code)
        return { code, cases: own.length, found: own.filter(({ found }) => found).length }
      })
      expect(counts.filter(({ cases, found }) => cases < 10 || found < 0.9 * cases)).toEqual([])
    })

    it('meet the goals: causes named exactly, no wrong certain or likely cause, no cause on a healthy CLB', () => {
      expect(done).toHaveLength(CASES)
      const totals = totalsOf(done)
      const grave = done.filter(isGrave).map(({ text }) => text)
      const report = `\n${grave.join('\n')}\n`
      expect(totals.causesFound / totals.causes, report).toBeGreaterThanOrEqual(0.995)
      expect(totals.othersFound / totals.others, report).toBeGreaterThanOrEqual(0.99)
      const { wrongCausesAt, falseAlarms, notOpen, wrongVerdicts, toldAsSeen } = totals
      const { certain, likely } = wrongCausesAt
      expect({ certain, likely, falseAlarms, notOpen, wrongVerdicts, toldAsSeen }, report).toEqual({
        certain: 0,
        likely: 0,
        toldAsSeen: 0,
        falseAlarms: 0,
        notOpen: 0,
        wrongVerdicts: 0,
      })
    })

    it('are never told as over while they fire, and told as flapping whenever they flap', () => {
      expect(told).toHaveLength(STORIES * STORY_KINDS.length)
      expect(wrongsIn(told)).toEqual({ over: 0, flapping: 0, title: 0, sent: 0, causes: 0 })
    })

    it('get diagnoses without contradictions', () => {
      expect(contradictions).toEqual([])
    })

    it('give the figures of docs/accuracy.md', async () => {
      expect(done).toHaveLength(CASES)
      await expect(reportOf(done, told)).toMatchFileSnapshot('../../docs/accuracy.md')
    })
  })
