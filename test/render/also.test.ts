import { describe, expect, it } from 'vitest'
import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { renderHtml, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'
import { diagnosisOf, drop, group, type Machine } from '../support/snapshots.ts'

// A second cause is a line: what is wrong, what to do, and the page where it is done.

const closed = group('sg-closed', [drop('203.0.113.26')])
const blocked: Machine = { host: 16, status: 'Dead', groups: ['sg-closed'] }
const withMachines = (...machines: readonly Machine[]) =>
  diagnosisOf({
    machines: [blocked, { ...blocked, host: 17 }, ...machines, { host: 30, status: 'Alive' }],
    groups: [closed],
  })
const PAGE = 'https://console.cloud.tencent.com/cvm/instance/detail?rid=1&id=ins-00000018'
const stopped = (host: number): Machine => ({
  host,
  status: 'Dead',
  groups: ['sg-closed'],
  instance: { state: 'STOPPED' },
})
const lineOf = (message: string, start: string): string =>
  message.split('\n').find((line) => line.includes(start)) ?? ''

describe('a machine that stays down after the first fix', () => {
  const diagnosis = withMachines(stopped(18))

  it('has its step, with a link to its page, in a chat message, a page and Markdown', () => {
    const wecom = lineOf(renderWecom(diagnosis), '**Also**')
    expect(wecom).toContain(`: Start [ins-00000018](${PAGE});`)
    expect(lineOf(renderMarkdown(diagnosis), '**Also**')).toContain(`](${PAGE})`)
    expect(renderHtml(diagnosis)).toContain(`<a href="${PAGE.replace('&', '&amp;')}"`)
    expect(renderText(diagnosis, { width: 100, color: false })).toContain(`ins-00000018  ${PAGE}`)
  })

  it('has a step without a link if there are several', () => {
    const wecom = lineOf(renderWecom(withMachines(stopped(18), stopped(19))), '**Also**')
    expect(wecom).toContain('2 instances are stopped')
    expect(wecom).toContain(': Start these 2 instances')
    expect(wecom).not.toContain('https://')
  })

  it('has no link if it no longer exists', () => {
    const gone: Machine = { host: 18, status: 'Dead', instance: null }
    const wecom = renderWecom(withMachines(gone))
    expect(wecom).toContain('ins-00000018 (10.0.1.18) was terminated')
    expect(wecom).not.toContain(PAGE)
  })
})

describe('a note that says where to look', () => {
  const known = withMachines()
  const cause = known.findings.find(({ code }) => code === 'security-group/probe-blocked') as Finding
  const lead: Finding = {
    ...cause,
    id: 'f9',
    code: 'peer-reach/reachable-from-peer',
    role: 'note',
    certainty: 'certain',
    title: 'Another machine of the VPC reaches it',
    quote: '',
    fix: null,
  }
  const beside = (role: 'certain' | 'possible'): Diagnosis => ({
    ...known,
    findings: [{ ...cause, certainty: role }, lead],
  })

  it('stands in the details of a page and not in a message that names the cause', () => {
    expect(renderWecom(beside('certain'))).not.toContain(lead.title)
    expect(renderHtml(beside('certain'))).toContain(lead.title)
  })

  it('stands in a message whose cause is only possible', () => {
    expect(renderWecom(beside('possible'))).toContain(lead.title)
  })
})
