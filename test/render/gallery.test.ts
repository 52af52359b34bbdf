import { beforeAll, describe, expect, it } from 'vitest'
import { isCause } from '../../src/model/diagnosis.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { isDiagnosis, isNotice, isScan } from '../../src/model/message.ts'
import { galleryMessages, galleryPage, type Named, SHOWN } from '../support/gallery.ts'
import { renderWecom } from '../support/renderings.ts'

let all: readonly Named[] = []
beforeAll(async () => {
  all = await galleryMessages()
})

it('docs/gallery.md has the messages of this version', async () => {
  await expect(galleryPage(all, renderWecom), 'run npm run gallery').toMatchFileSnapshot(
    '../../docs/gallery.md',
  )
})

const LABELS = {
  'zh-CN': { impact: '**业务影响**', action: '**处理建议**' },
  en: { impact: '**Impact**', action: '**What to do**' },
} as const
const MOST_BYTES_BEFORE = { impact: 200, action: 600 } as const
/** UTF-8 bytes of a whole message. */
const MOST_BYTES = { one: 1_600, more: 2_200 } as const

const bytes = (text: string): number => Buffer.byteLength(text)

const INCIDENTS = [
  'incident: forty CLBs, one cause',
  'incident: twelve of them joined after the first message',
  'incident: one more backend is down, and somebody has it',
  'incident: it fires again after its recovery',
]
const SCANS = ['scan: forty CLBs, one cause', 'scan: three CLBs, three causes, the network ACLs not read']

describe.each(LANGUAGES)('a WeCom message in %s', (language) => {
  it.each([...SHOWN, ...INCIDENTS, ...SCANS])(
    'about %s says impact and action early, and is short',
    (name) => {
      const own = all.find(([known]) => known === name)?.[1][language]
      if (!own) throw new Error(`no message of ${name}`)
      const message = renderWecom(own)
      const body = message.slice(message.indexOf('\n') + 1)
      const bytesBefore = (label: string): number =>
        body.includes(label) ? bytes(body.slice(0, body.indexOf(label))) : Number.POSITIVE_INFINITY
      const causes = isScan(own)
        ? own.causes.length
        : isDiagnosis(own)
          ? own.findings.filter(isCause).length
          : isNotice(own)
            ? own.lead.findings.filter(isCause).length
            : 0
      expect(bytesBefore(LABELS[language].impact), 'bytes before the impact').toBeLessThan(
        MOST_BYTES_BEFORE.impact,
      )
      expect(bytesBefore(LABELS[language].action), 'bytes before the action').toBeLessThan(
        MOST_BYTES_BEFORE.action,
      )
      const early = message.split('\n').slice(0, 6).join('\n')
      expect(early, 'codes of ours, API fields or statuses in the first six lines').not.toMatch(
        /[a-z]-[a-z]+\/[a-z]+-[a-z]+|PolicyIndex|HTTP \d|act-now|act-soon/,
      )
      expect(bytes(message), message).toBeLessThanOrEqual(MOST_BYTES[causes > 1 ? 'more' : 'one'])
    },
  )
})
