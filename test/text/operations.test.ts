import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { AUDITED } from '../../src/snapshot/audited-actions.ts'
import { operationWords } from '../../src/text/index.ts'

describe('an operation of the audit log', () => {
  it('is told in words in every language, not by the name of the API action', () => {
    for (const language of LANGUAGES) {
      const bare = Object.keys(AUDITED).filter((event) => operationWords(event, language).includes(event))
      expect(bare).toEqual([])
    }
  })

  it('that is not known is told by its name', () => {
    expect(operationWords('DoThings', 'en')).toBe('ran DoThings')
    expect(operationWords('other', 'en')).toBe('ran other')
  })
})
