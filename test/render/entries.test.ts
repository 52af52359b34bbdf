import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { renderText, renderWecom } from '../support/renderings.ts'
import { diagnosisOf, group, type World } from '../support/snapshots.ts'

const stopped: World = {
  machines: [
    { host: 16, status: 'Dead', instance: { state: 'STOPPED' } },
    { host: 17, status: 'Alive' },
  ],
}
const entry = (code: string, until: string) => ({
  entry: 1,
  code,
  resource: 'ins-00000016',
  reason: 'OPS-1',
  until,
})
const HEADING = { 'zh-CN': '需要修正的条目', en: 'Entries to mend' } as const
const UNKNOWN = { 'zh-CN': '未能获取或未能确定', en: 'Could not be read or told' } as const

describe.each(LANGUAGES)('an entry of clb-doctor.json without effect, in %s', (language) => {
  it.each([
    ['that has ended', entry('instance-state/not-running', '2020-01-01')],
    ['with an unknown code', entry('instance-state/gone-fishing', '2999-12-31')],
  ])('%s has a part of its own, and is never among the first lines', (_, expected) => {
    const own = diagnosisOf(stopped, language, { expected: [expected] })
    expect(own.gaps.filter(({ kind }) => kind === 'entry')).toHaveLength(1)
    const text = renderText(own, { color: false, width: 200 })
    const [summary = '', details = ''] = text.split(/lb-7dpmqwcu .*(?:checked at|查询于).*\n/)
    expect(details).toContain(HEADING[language])
    expect(details).not.toContain(UNKNOWN[language])
    for (const lines of [renderWecom(own).split('\n'), summary.split('\n').filter((line) => line !== '')])
      expect(lines.slice(0, 6).join('\n')).not.toContain('clb-doctor.json')
  })

  it('stands after the real gaps', () => {
    const dark: World = {
      ...stopped,
      machines: [...stopped.machines, { host: 18, status: 'Dead', groups: ['sg-open'] }],
      groups: [group('sg-open', [{ action: 'ACCEPT', cidr: '0.0.0.0/0' }])],
    }
    const own = diagnosisOf(dark, language, { expected: [entry('instance-state/not-running', '2020-01-01')] })
    const text = renderText(own, { color: false, width: 200 })
    expect(text.lastIndexOf(HEADING[language])).toBeGreaterThan(text.indexOf(UNKNOWN[language]))
    expect(text.indexOf(UNKNOWN[language])).toBeGreaterThan(0)
  })
})
