import { beforeAll, describe, expect, it } from 'vitest'
import { CERTAINTY_ORDER, type Certainty, type Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import type { Message } from '../../src/model/message.ts'
import { reportOf } from '../../src/render/index.ts'
import { scenarioDiagnoses } from '../support/gallery.ts'
import type { InBoth } from '../support/in-both.ts'
import { diagnosedAll, noticeOfAll } from '../support/incident-gallery.ts'
import { noticeOf } from '../support/notices.ts'
import { renderWecom } from '../support/renderings.ts'
import { oneCause } from '../support/scan-gallery.ts'

// A cause that is not certain says so wherever it stands: also where there is no room for its label.

let BLOCKED: InBoth
let FLEET: readonly InBoth[]
beforeAll(async () => {
  BLOCKED = await scenarioDiagnoses('sg-blocks-vip')
  FLEET = await diagnosedAll(oneCause())
}, 60_000)

const CAUSE = {
  'zh-CN': '安全组 sg-hardened 第 3 条入站规则拒绝了健康检查',
  en: 'Inbound rule 3 of security group sg-hardened denies the health check',
} as const
const WORDS = {
  'zh-CN': { certain: '', likely: '很可能：', possible: '可能，未证实：' },
  en: { certain: '', likely: 'likely: ', possible: 'possible, not proven: ' },
} as const

function blockedFor(language: Language, certainty: Certainty): Diagnosis {
  const diagnosis = BLOCKED[language]
  return { ...diagnosis, findings: diagnosis.findings.map((one) => ({ ...one, certainty })) }
}

const digestOf = (diagnosis: Diagnosis, language: Language): Message => ({
  kind: 'digest',
  id: 'dg-0000000000000001',
  createdAt: '2026-11-19T23:40:00.000Z',
  language,
  why: 'limit',
  since: '2026-11-19T23:00:00.000Z',
  notices: [noticeOf(diagnosis), noticeOf(diagnosis)],
})

describe.each(LANGUAGES)('a cause in %s', (language) => {
  it.each(CERTAINTY_ORDER)(
    'that is %s says so in the subject of a mail and in the line beside it',
    async (certainty) => {
      const { subject, preheader } = await reportOf(blockedFor(language, certainty))
      for (const line of [subject, preheader])
        expect(line).toContain(`${WORDS[language][certainty]}${CAUSE[language]}`)
      if (certainty === 'certain') expect(subject).not.toMatch(/likely|possible|可能/)
    },
  )

  it.each(CERTAINTY_ORDER)('that is %s says so in a digest', (certainty) => {
    const text = renderWecom(digestOf(blockedFor(language, certainty), language))
    const colon = language === 'en' ? ': ' : '：'
    expect(text).toContain(`shop-front${colon}${WORDS[language][certainty]}${CAUSE[language]}`)
  })

  it.each(CERTAINTY_ORDER)(
    'of several CLBs that is %s says so in the subject of a mail',
    async (certainty) => {
      const notice = noticeOfAll(FLEET, language)
      const causes = notice.causes.map((one) => ({ ...one, certainty }))
      const title = causes[0]?.title ?? ''
      expect(title).not.toBe('')
      const { subject } = await reportOf({ ...notice, causes })
      const colon = language === 'en' ? ': ' : '：'
      expect(subject).toMatch(new RegExp(`${colon}${WORDS[language][certainty]}${title}$`))
    },
  )
})
