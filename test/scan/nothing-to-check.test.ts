import { describe, expect, it } from 'vitest'
import { rowOf } from '../../src/scan/index.ts'
import { denied, diagnosisOf, type World } from '../support/snapshots.ts'

const stopped: World = {
  machines: [
    { host: 16, status: 'Dead', instance: { state: 'STOPPED' } },
    { host: 17, status: 'Dead', instance: { state: 'STOPPED' } },
    { host: 18, status: 'Alive' },
  ],
}
const entry = (resource: string, i: number) => ({
  entry: i,
  code: 'instance-state/not-running',
  resource,
  reason: 'OPS-1',
  until: '2026-12-31',
})
const settledBy = (world: World, resources: readonly string[]) =>
  rowOf(diagnosisOf(world, 'en', { expected: resources.map(entry) })).row.nothingToCheck

describe('a row of a scan decides nothing', () => {
  it('if the user expects the cause of every Dead backend, but not if one is left', () => {
    expect(settledBy(stopped, ['ins-00000016', 'ins-00000017'])).toBe('expected')
    expect(settledBy(stopped, ['ins-00000016'])).toBeUndefined()
    expect(settledBy(stopped, [])).toBeUndefined()
  })

  it('if every backend is unchecked, but not if one has no result or something was not read', () => {
    const unchecked: World = { machines: [{ host: 16, status: 'Close' }] }
    expect(settledBy(unchecked, [])).toBe('idle')
    expect(settledBy({ machines: [{ host: 16, status: 'Unknown' }] }, [])).toBeUndefined()
    const blind = { ...unchecked, replace: { registrations: denied('clb:DescribeTargets') } }
    expect(settledBy(blind, [])).toBeUndefined()
  })
})
