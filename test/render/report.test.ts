import { describe, expect, it } from 'vitest'
import type { Block, Part, PartTopic, Report, Section, Topic } from '../../src/render/blocks.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { findingOf } from '../support/findings.ts'
import { manyFindings } from '../support/many-findings.ts'
import { denied, diagnosisOfSnapshot, snapshotOf } from '../support/snapshots.ts'

// The content of a report, before a printer adds the marks of a format.

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

const part = ({ summary }: Report, topic: PartTopic): Part => {
  const found = summary.find((one) => one.topic === topic)
  if (!found) throw new Error(`no part about ${topic}`)
  return found
}

describe('the report of a diagnosis', () => {
  const report = diagnosisReport(blocked('en'))

  it('has the number of backends that are down in its title, and the colour of what a person should feel', () => {
    expect(report.title).toMatchObject({ tone: 'amber', state: '2/3 backends down', name: 'shop-front' })
    expect(diagnosisReport({ ...blocked('en'), attention: 'act-now' }).title.tone).toBe('red')
    expect(diagnosisReport({ ...blocked('en'), attention: 'none' }).title).toMatchObject({
      tone: 'green',
      state: '2/3 backends down (expected)',
    })
  })

  it('gives the impact, then the cause, then the action', () => {
    expect(report.summary.map(({ topic }) => topic).slice(0, 3)).toEqual(['impact', 'cause', 'action'])
    expect(part(report, 'impact').text).toBe('TCP:443: only 1 backend still serves')
    expect(part(report, 'cause')).toMatchObject({ label: 'Cause (certain)', tone: 'red' })
    expect(part(report, 'action').text).toMatch(
      /\(by evaluation, this brings 10\.0\.1\.\d+:8080, 10\.0\.1\.\d+:8080 back\)$/,
    )
  })

  it('names the CLB, its region, its VIP and the time of the look in one line', () => {
    expect(report.place).toBe('lb-7dpmqwcu · ap-guangzhou · VIP 203.0.113.26 · checked at 00:00:01 UTC')
  })

  it('has the state and the cause in the subject of a mail, and the impact beside it', () => {
    expect(report.subject).toMatch(/^2\/3 backends down shop-front: Security group sg-closed/)
    expect(report.preheader).toMatch(
      /^2\/3 backends down: Security group sg-closed .*, TCP:443: only 1 backend still serves$/,
    )
  })

  it('promises only the backends that no other cause keeps down', () => {
    const one = blocked('en')
    const cause = findingOf(one, 'security-group/probe-blocked')
    const key = cause.explains[0] ?? ''
    const stopped = { ...cause, id: 'f9', code: 'instance-state/not-running', explains: [key] } as const
    const textOf = (explains: readonly string[]): string =>
      part(diagnosisReport({ ...one, findings: [cause, { ...stopped, explains }] }), 'action').text
    expect(textOf([key])).toMatch(/by evaluation, this brings 10\.0\.1\.\d+:8080 back\)$/)
    expect(textOf(cause.explains)).toContain('by evaluation, probes then pass here')
  })

  it('gives both ways to mend a cause, numbered, if there are two', () => {
    const one = blocked('en')
    const findings = one.findings.map((own) =>
      own.fix
        ? { ...own, fix: { ...own.fix, alternatives: [{ summary: 'Delete the rule.', verified: true }] } }
        : own,
    )
    const { text, steps = [] } = part(diagnosisReport({ ...one, findings }), 'action')
    expect(text).toMatch(/^one of these/)
    expect(steps.map((step) => step.text)).toEqual([expect.stringMatching(/ allow /), 'Delete the rule.'])
  })

  it('proves a cause in its details', () => {
    const cause = only(report.details, 'cause')
    expect(cause.blocks.map((block) => (block.kind === 'proof' ? block.of : block.kind))).toEqual([
      'paragraph',
      'explained',
      'healthy-beside',
      'evidence',
      'evidence',
    ])
    const values = cause.blocks.flatMap((block) => (block.kind === 'proof' ? [block.values] : []))
    expect(values[0]).toEqual(['10.0.1.16:8080', '10.0.1.17:8080'])
    expect(values[1]).toEqual(['10.0.1.18:8080'])
  })

  it('lists the facts that could not be read, with the action to grant', () => {
    const snapshot = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      subnet: { networkAclId: 'acl-web' },
    })
    const unread = { ...snapshot, networkAcls: { 'acl-web': denied('vpc:DescribeNetworkAcls') } }
    const own = diagnosisReport(diagnosisOfSnapshot(unread, 'en'))
    const [list] = only(own.details, 'gaps').blocks
    expect(list).toMatchObject({ kind: 'list', isBulleted: true })
    expect(JSON.stringify(list)).toContain('vpc:DescribeNetworkAcls')
    expect(part(own, 'cause').text).toMatch(/^Not known yet\. This could not be judged: /)
    expect(part(own, 'action').text).toContain('vpc:DescribeNetworkAcls')
  })

  it('has a section for each of 300 causes and 300 pools, and shows two causes in full at the top', () => {
    const { details, summary } = diagnosisReport(manyFindings(300))
    expect(sections(details, 'cause')).toHaveLength(300)
    expect(sections(details, 'backends')).toHaveLength(300)
    expect(summary.filter(({ topic }) => topic === 'cause')).toHaveLength(2)
  })
})
