import { describe, expect, it } from 'vitest'
import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { contradictionsIn } from '../support/consistency.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, group } from '../support/snapshots.ts'

// contradictionsIn checks the diagnosis of every scenario and of every random world. It must find each contradiction.

const closed = group('sg-a', [])
const sound = (): Diagnosis =>
  diagnosisOf({
    machines: [
      { host: 16, status: 'Dead', groups: ['sg-a'], instance: { state: 'STOPPED' } },
      { host: 17, status: 'Alive' },
    ],
    groups: [closed],
  })

const tampered = (
  change: (findings: Finding[], diagnosis: Diagnosis) => Partial<Diagnosis>,
): readonly string[] => {
  const diagnosis = structuredClone(sound())
  return contradictionsIn({ ...diagnosis, ...change([...diagnosis.findings], diagnosis) })
}
const first = (findings: readonly Finding[]): Finding => {
  const found = findingOf({ findings }, 'security-group/probe-blocked')
  if (!found) throw new Error('nothing found')
  return found
}

describe('contradictionsIn', () => {
  it('reports nothing for a consistent diagnosis', () => {
    expect(contradictionsIn(sound())).toEqual([])
  })

  it.each<[string, Parameters<typeof tampered>[0], RegExp]>([
    [
      'a finding explains an Alive target',
      ([found, ...rest]) => ({
        findings: [{ ...first([found as Finding]), explains: ['lbl-aaaaaaaa/-/10.0.1.17:8080'] }, ...rest],
      }),
      /status of .*17:8080: Alive .* Dead/,
    ],
    [
      'two findings give one machine two states',
      (findings) => ({
        findings: [
          ...findings,
          ...findings
            .filter(({ code }) => code === 'instance-state/not-running')
            .map((found) => ({ ...found, id: 'f9', code: 'instance-state/not-found' as const })),
        ],
      }),
      /state of ins-00000016: not-running .* not-found/,
    ],
    [
      'a finding claims a block on a hop that passes',
      (findings, { pools }) => ({
        findings,
        pools: pools.map((pool) => ({
          ...pool,
          targets: pool.targets.map((target) => ({
            ...target,
            path: target.path.map((hop) => ({ ...hop, verdict: 'pass' as const })),
          })),
        })),
      }),
      /security-group before .*16:8080: pass .* block/,
    ],
    [
      'a target contradicts a cause',
      (findings) => ({
        findings: findings.map((found) => ({ ...found, contradictedBy: ['lbl-aaaaaaaa/-/10.0.1.17:8080'] })),
      }),
      /is a cause that .*17:8080 contradicts/,
    ],
    [
      'a healthy backend is behind the rule that is the cause',
      (findings, { pools }) => ({
        findings,
        pools: pools.map((pool) => ({
          ...pool,
          targets: pool.targets.map((target) => ({
            ...target,
            path: pool.targets.find(({ status }) => status === 'Dead')?.path ?? [],
          })),
        })),
      }),
      /is a cause, yet .*17:8080 is Alive behind it/,
    ],
    [
      'a Dead target is neither explained nor in a gap',
      () => ({ findings: [], gaps: [] }),
      /16:8080 is Dead, neither explained nor in a gap/,
    ],
    [
      'the counts differ from the targets',
      (findings, { pools }) => ({
        findings,
        pools: pools.map((pool) => ({ ...pool, counts: { ...pool.counts, dead: 2 } })),
      }),
      /dead in lbl-aaaaaaaa: 2/,
    ],
    [
      'the evidence gives one field two values',
      (findings) => ({
        findings: findings.map((found, i) => ({
          ...found,
          resources: first(findings).resources,
          evidence: [{ source: 'cvm:DescribeInstances', fact: 'InstanceState', value: `state ${i}` }],
        })),
      }),
      /InstanceState of sg-a: state 0/,
    ],
  ])('reports that %s', (_, change, complaint) => {
    expect(tampered(change).join('\n')).toMatch(complaint)
  })
})
