import { describe, expect, it } from 'vitest'
import type { Diagnosis, Target } from '../../src/model/diagnosis.ts'
import { renderAs } from '../../src/render/index.ts'
import { expectDiagnosis } from '../support/schema.ts'
import { allow, diagnosisOf, group } from '../support/snapshots.ts'

/** So many Dead targets, every third of them behind another group. */
const withTargets = (count: number): Diagnosis =>
  diagnosisOf({
    machines: Array.from({ length: count }, (_, i) => ({
      host: i + 1,
      status: 'Dead',
      groups: [i % 3 === 2 ? 'sg-b' : 'sg-a'],
    })),
    groups: [group('sg-a', []), group('sg-b', [allow('10.0.0.0/8')])],
  })

const written = async (diagnosis: Diagnosis): Promise<Diagnosis> =>
  JSON.parse(await renderAs('json', diagnosis))
const targetsOf = ({ pools }: Diagnosis): readonly Target[] => pools.flatMap(({ targets }) => targets)
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a diagnosis as JSON', () => {
  it('has every path if it has at most 100 targets', async () => {
    const diagnosis = withTargets(100)
    expect(await written(diagnosis)).toEqual(plain(diagnosis))
  })

  it('has a path once for the targets that share it if it has more targets', async () => {
    const short = await written(withTargets(101))
    expectDiagnosis(short)
    const full = targetsOf(short).filter(({ path }) => path.length > 0)
    expect(full).toHaveLength(2)
    expect(full.some(({ samePathAs }) => samePathAs !== undefined)).toBe(false)
  })

  it('names a target before it that has the path, so that a reader can restore everything', async () => {
    const diagnosis = withTargets(101)
    const paths = new Map<string, Target['path']>()
    const restored = targetsOf(await written(diagnosis)).map(({ samePathAs, ...target }) => {
      const path = samePathAs === undefined ? target.path : paths.get(samePathAs)
      if (path === undefined) throw new Error(`no target ${samePathAs} before ${target.key}`)
      paths.set(target.key, path)
      return { ...target, path }
    })
    expect(restored).toEqual(plain(targetsOf(diagnosis)))
  })

  it('takes less than 3 MB for 5,000 targets', async () => {
    const diagnosis = withTargets(200)
    const [pool, ...others] = diagnosis.pools
    if (!pool || others.length > 0) throw new Error('not one pool')
    const many = Array.from({ length: 25 }, (_, n) =>
      pool.targets.map((target) => ({ ...target, key: `${target.key}-${n}` })),
    ).flat()
    const text = await renderAs('json', { ...diagnosis, pools: [{ ...pool, targets: many }] })
    expect(text.length).toBeLessThan(3_000_000)
  })
})
