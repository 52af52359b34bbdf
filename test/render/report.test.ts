import { describe, expect, it } from 'vitest'
import type { Block, Section, Topic } from '../../src/render/blocks.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { manyFindings } from '../support/many-findings.ts'
import { denied, diagnosisOf, diagnosisOfSnapshot, snapshotOf } from '../support/snapshots.ts'

// The content of a report and its ranks, before a printer adds the marks of a format.

const sections = (blocks: readonly Block[], topic: Topic): readonly Section[] =>
  blocks.flatMap((block) =>
    block.kind === 'section'
      ? [...(block.topic === topic ? [block] : []), ...sections(block.blocks, topic)]
      : [],
  )

const only = (blocks: readonly Block[], topic: Topic): Section => {
  const [section, ...more] = sections(blocks, topic)
  if (!section || more.length > 0) throw new Error(`${more.length + 1} sections about ${topic}`)
  return section
}

describe('the report of a diagnosis', () => {
  const report = diagnosisReport(blocked('en'))

  it('names the state, the CLB, its region and its VIP', () => {
    expect(report.title).toMatchObject({ tone: 'amber', state: 'Degraded', name: 'shop-front (lb-7dpmqwcu)' })
    expect(report.title.context.map(({ text }) => text)).toEqual([
      'lb-7dpmqwcu · ap-guangzhou · 203.0.113.26',
    ])
    expect(report.subject).toBe('lb-7dpmqwcu shop-front (ap-guangzhou)')
  })

  it('shows the proof of a cause, then the fix, then the commands', () => {
    const cause = only(report.blocks, 'cause')
    expect(cause.heading).toMatchObject({ label: 'Cause (certain)', tone: 'red' })
    expect(cause.blocks.map((block) => (block.kind === 'proof' ? block.of : block.kind))).toEqual([
      'paragraph',
      'explained',
      'healthy-beside',
      'evidence',
      'evidence',
      'action',
      'code',
      'code',
    ])
    const values = cause.blocks.flatMap((block) => (block.kind === 'proof' ? [block.values] : []))
    expect(values[0]).toEqual(['10.0.1.16:8080', '10.0.1.17:8080'])
    expect(values[1]).toEqual(['10.0.1.18:8080'])
  })

  it('ranks the title first, then the cause, the counts and the id', () => {
    const cause = only(report.blocks, 'cause')
    const pool = only(report.blocks, 'backends')
    const ranks = [report.title.brief, cause.heading.brief, pool.heading.brief, report.foot.brief]
    expect(ranks.map((brief) => brief?.rank)).toEqual([0, 1, 3, 60])
  })

  it('repeats the headline in a chat only if there is no cause', () => {
    expect(report.headline.brief).toBeUndefined()
    const healthy = diagnosisReport(diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] }, 'en'))
    expect(healthy.headline.brief).toMatchObject({ rank: 1, items: 1 })
  })

  it('lists the facts that could not be read, with the action to grant', () => {
    const snapshot = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      subnet: { networkAclId: 'acl-web' },
    })
    const unread = { ...snapshot, networkAcls: { 'acl-web': denied('vpc:DescribeNetworkAcls') } }
    const [list] = only(diagnosisReport(diagnosisOfSnapshot(unread, 'en')).blocks, 'gaps').blocks
    expect(list).toMatchObject({ kind: 'list', isBulleted: true })
    expect(JSON.stringify(list)).toContain('vpc:DescribeNetworkAcls')
  })

  it('has a section for each of 300 causes and 300 pools', () => {
    const { blocks } = diagnosisReport(manyFindings(300))
    expect(sections(blocks, 'cause')).toHaveLength(300)
    expect(sections(blocks, 'backends')).toHaveLength(300)
  })
})
