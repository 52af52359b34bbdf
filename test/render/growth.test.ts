import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { manyFindings } from '../support/many-findings.ts'
import { renderHtml, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'

// Sixteen times the findings take about sixteen times the CPU. Work that grows with the square takes 256 times the CPU.
// The limit is between the two, so that caches and a busy machine do not change the result.

const FEW = 100
const MANY = 16 * FEW
const MOST_GROWTH = 64
const RUNS = 3

const bestMs = (work: () => void): number => {
  const took = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...took)
}

const PRINTERS: readonly (readonly [string, (one: Diagnosis) => string])[] = [
  ['text', (one) => renderText(one, { color: false, width: 100 })],
  ['markdown', renderMarkdown],
  ['HTML', renderHtml],
  ['WeCom', renderWecom],
]

describe('rendering a listener with a finding for each of its rules', () => {
  it.each(PRINTERS)('takes CPU in proportion to the number of findings: %s', (_, render) => {
    const [few, many] = [manyFindings(FEW), manyFindings(MANY)]
    render(few)
    const small = bestMs(() => render(few))
    const large = bestMs(() => render(many))
    expect(large / small).toBeLessThan(MOST_GROWTH)
  })
})
