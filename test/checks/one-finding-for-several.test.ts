import { describe, expect, it } from 'vitest'
import type { ExpectedFinding } from '../../src/model/expected.ts'
import type { Instance, Registration } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, findingsOf, type Machine, type World } from '../support/snapshots.ts'

// Things that share a reason and a state are one finding with a list.

const GONE = 'instance-state/not-found'
const STOPPED = 'instance-state/not-running'
const hosts = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i)
const zoned = (zone: string): Partial<Registration> => ({ zone })
const at = (host: number, status: string, instance?: Partial<Instance> | null): Machine => ({
  host,
  status,
  ...(instance === undefined ? {} : { instance }),
})
const terminated = (count: number): World => ({
  machines: [
    ...hosts(101, count).map((host) => ({
      ...at(host, 'Dead', null),
      registration: zoned('ap-guangzhou-3'),
    })),
    { ...at(16, 'Alive'), registration: zoned('ap-guangzhou-4') },
  ],
})
const commandsOf = (world: World, code: string): readonly string[] =>
  (findingOf(diagnosisOf(world), code).fix?.commands ?? []).map(({ line }) => line)

describe('terminated machines that are still bound', () => {
  it('are one cause with all machines, a counting title and what they have in common', () => {
    const diagnosis = diagnosisOf(terminated(12))
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toHaveLength(1)
    const { title, detail, resources, explains, params } = findingOf(diagnosis, GONE)
    expect(title).toBe('12 instances were terminated and are still bound')
    expect(resources.map(({ id }) => id)).toEqual(hosts(101, 12).map((host) => `ins-00000${host}`))
    expect(explains).toHaveLength(12)
    expect(params?.ids).toHaveLength(12)
    expect(detail).toMatch(/ins-00000110 \(10\.0\.1\.110\) and 2 more, but/)
    expect(detail).not.toContain('ins-00000111')
    expect(detail).toContain('In common: zone ap-guangzhou-3.')
    const zh = findingOf(diagnosisOf(terminated(12), 'zh-CN'), GONE)
    expect(zh.title).toBe('12 台云服务器已销毁，仍绑定在监听器上')
    expect(zh.detail).toContain('共同点：可用区 ap-guangzhou-3。')
  })

  it('are unbound with at most twenty targets a command', () => {
    const lines = commandsOf(terminated(45), GONE)
    expect(lines.map((line) => line.match(/InstanceId/g)?.length)).toEqual([20, 20, 5])
  })

  it('are unbound in each listener or rule of their own', () => {
    const [first, second] = ['loc-aaaaaaaa', 'loc-bbbbbbbb'].map((locationId) => ({ locationId }))
    const rules = [first, second].map((rule) => ({
      locationId: rule?.locationId ?? '',
      domain: 'shop.example.com',
      url: '/',
      healthCheck: null,
      forwardType: null,
      targetType: null,
      targetGroupIds: [],
      redirectsTo: null,
    }))
    const world: World = {
      listener: { protocol: 'HTTP', rules },
      machines: [
        { ...at(16, 'Dead', null), ...(first ? { registration: first } : {}) },
        { ...at(17, 'Dead', null), ...(second ? { registration: second } : {}) },
      ],
    }
    expect(findingsOf(diagnosisOf(world))).toContain('instance-state/not-found cause certain → 16,17')
    expect(commandsOf(world, GONE).map((line) => line.match(/loc-\w+/)?.[0])).toEqual([
      'loc-aaaaaaaa',
      'loc-bbbbbbbb',
    ])
  })
})

describe('machines with different states', () => {
  it('are one finding for each state, and stopped ones are started with one command', () => {
    const world: World = {
      machines: [
        at(16, 'Dead', { state: 'STOPPED' }),
        at(17, 'Dead', { state: 'STOPPED' }),
        at(18, 'Dead', { state: 'SHUTDOWN' }),
        at(19, 'Alive'),
      ],
    }
    expect(findingsOf(diagnosisOf(world)).filter((line) => line.startsWith(STOPPED))).toEqual([
      `${STOPPED} cause certain → 16,17`,
      `${STOPPED} cause certain → 18`,
    ])
    const lines = diagnosisOf(world).findings.flatMap(
      ({ fix }) => fix?.commands?.map(({ line }) => line) ?? [],
    )
    expect(lines).toEqual([
      `tccli cvm StartInstances --region ap-guangzhou --InstanceIds '["ins-00000016","ins-00000017"]'`,
    ])
  })

  it('do not lose their cause if another stopped machine answers probes', () => {
    const world: World = {
      machines: [at(16, 'Dead', { state: 'STOPPED' }), at(17, 'Alive', { state: 'STOPPED' })],
    }
    expect(findingsOf(diagnosisOf(world))).toEqual(
      expect.arrayContaining([`${STOPPED} cause certain → 16`, `${STOPPED} note possible`]),
    )
  })
})

describe('an entry for one of several stopped machines', () => {
  const world: World = {
    machines: [...hosts(16, 3).map((host) => at(host, 'Dead', { state: 'STOPPED' })), at(20, 'Alive')],
  }
  const entry = (fields: Partial<ExpectedFinding>): ExpectedFinding => ({
    entry: 1,
    code: STOPPED,
    resource: 'ins-00000017',
    reason: 'OPS-1',
    until: '2026-12-31',
    ...fields,
  })

  it('expects that machine alone, and the others stay one cause', () => {
    const found = findingsOf(diagnosisOf(world, 'en', { expected: [entry({})] }))
    expect(found.filter((line) => line.startsWith(STOPPED))).toEqual([
      `${STOPPED} cause certain → 16,18`,
      `${STOPPED} note certain → 17`,
    ])
  })

  it('has no effect once it is over, and the report says so', () => {
    const diagnosis = diagnosisOf(world, 'en', { expected: [entry({ until: '2026-11-01' })] })
    expect(findingOf(diagnosis, STOPPED).explains).toHaveLength(3)
    expect(diagnosis.gaps.some(({ what }) => what.includes('ins-00000017'))).toBe(true)
  })
})
