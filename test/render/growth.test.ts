import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { growthOf } from '../support/growth.ts'
import { manyFindings } from '../support/many-findings.ts'
import { renderHtml, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'

// Sixteen times the findings take about sixteen times the CPU. Work that grows with the square takes 256 times the CPU.
// The limit is between the two, so that caches and a busy machine do not change the result.

const FEW = 100
const MANY = 16 * FEW
const MOST_GROWTH = 64

const PRINTERS: readonly (readonly [string, (one: Diagnosis) => string])[] = [
  ['text', (one) => renderText(one, { color: false, width: 100 })],
  ['markdown', renderMarkdown],
  ['HTML', renderHtml],
  ['WeCom', renderWecom],
]

describe('rendering a listener with a finding for each of its rules', () => {
  it.each(PRINTERS)('takes CPU in proportion to the number of findings: %s', (_, render) => {
    const [few, many] = [manyFindings(FEW), manyFindings(MANY)]
    expect(
      growthOf(
        () => render(few),
        () => render(many),
      ),
    ).toBeLessThan(MOST_GROWTH)
  })
})
