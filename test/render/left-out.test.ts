import { describe, expect, it } from 'vitest'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import type { Message } from '../../src/model/message.ts'
import type { Scan } from '../../src/model/scan.ts'
import { printWecom } from '../../src/render/printers/wecom.ts'
import { manyFindings } from '../support/many-findings.ts'
import { reportOf } from '../support/renderings.ts'
import { row, scanOfRows } from '../support/scans.ts'

// Every line of a message without a limit is in the limited message, or in the count at its end.

const LIMITS = [3000, 2000, 1200]

/** The lines of the message without a limit, the lines of the limited message, and its last line, the count. */
function cutTo(limit: number, message: Message) {
  const report = reportOf(message)
  const whole = printWecom(report, Number.POSITIVE_INFINITY).text.split('\n')
  const lines = printWecom(report, limit).text.split('\n')
  const shown = lines.slice(0, -1)
  expect(Buffer.byteLength(lines.join('\n'))).toBeLessThanOrEqual(limit)
  expect(shown.filter((line) => !whole.includes(line))).toEqual([])
  return { whole, shown, count: lines.at(-1) ?? '' }
}

/** Lines that name the place of things are not counted if they are left out: links, the alarm, the last line. */
const isCounted = (line: string): boolean => !/^\[|checked at|查询于/.test(line)

describe.each(LANGUAGES)('a diagnosis in %s', (language) => {
  it.each([1100, 900, 700, 500])('counts each line that does not fit into %i bytes', (limit) => {
    const { whole, shown, count } = cutTo(limit, manyFindings(30, language))
    const left = whole.filter(isCounted).length - shown.filter(isCounted).length
    expect(left).toBeGreaterThan(0)
    expect(count).toContain(language === 'en' ? `${left} more not shown` : `另有 ${left} 项未显示`)
  })

  it('is the same as without a limit if every line fits', () => {
    const report = reportOf(manyFindings(1, language))
    expect(printWecom(report).text).toBe(printWecom(report, Number.POSITIVE_INFINITY).text)
  })
})

const ROWS = 60
const REGIONS = 6

const scanIn = (language: Language): Scan => ({
  ...scanOfRows(
    language,
    Array.from({ length: ROWS }, (_, n) => row(n)),
  ),
  regions: Array.from({ length: REGIONS }, (_, n) => ({
    region: `ap-region${n}`,
    state: 'unread',
    loadBalancers: null,
    why: `${n} ${'no answer '.repeat(30)}`.trim(),
  })),
  notReached: [],
  gaps: [],
})

describe.each(LANGUAGES)('a scan in %s', (language) => {
  it.each(LIMITS)('counts each line that does not fit into %i bytes', (limit) => {
    const { whole, shown, count } = cutTo(limit, scanIn(language))
    const left = whole.filter(isCounted).length - shown.filter(isCounted).length
    expect(left).toBeGreaterThan(0)
    expect(count).toContain(language === 'en' ? `${left} more not shown` : `另有 ${left} 项未显示`)
  })
})
