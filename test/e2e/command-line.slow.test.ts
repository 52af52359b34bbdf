import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { clbDoctor, onStage } from './cli.ts'
import { EXPECTATIONS } from './expectations.ts'
import { expectAsExpected } from './support.ts'

const STATUS = { healthy: 0, degraded: 1, down: 1, inconclusive: 3 } as const

describe('clb-doctor diagnose', () => {
  it.each(SCENARIOS.map(({ name }) => name))(
    'in scenario %s exits by the verdict and what a person should feel, and prints only valid JSON on stdout',
    (name) =>
      onStage(name, async (stage) => {
        const { status, out, err } = await clbDoctor(
          ['diagnose', 'lb-7dpmqwcu', '--format', 'json'],
          stage.env,
        )
        const diagnosis = JSON.parse(out) as Diagnosis
        const expected = EXPECTATIONS[name]
        if (!expected) throw new Error(name)
        expectAsExpected(diagnosis, expected)
        // Every backend is Alive, but no request is served.
        const isUnserved = expected.verdict === 'healthy' && diagnosis.attention === 'act-now'
        expect(isUnserved).toBe(name === 'weight-zero')
        expect([status, err]).toEqual([isUnserved ? 1 : STATUS[expected.verdict], ''])
        expect(stage.group.messages).toHaveLength(0)
      }),
  )
})
