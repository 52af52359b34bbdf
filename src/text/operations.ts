import type { Language } from '../model/language.ts'
import { en } from '../model/operations/en.ts'
import { zhCN } from '../model/operations/zh-CN.ts'
import { t } from './t.ts'
import { texts } from './texts.ts'

const WORDS = texts(zhCN, { en })

type Known = Exclude<keyof typeof WORDS, 'other'>

const isKnown = (event: string): event is Known => Object.hasOwn(WORDS, event) && event !== 'other'

/** What an operation of the audit log did, as a reader says it: `新增了安全组规则`. */
export const operationWords = (event: string, language: Language): string =>
  isKnown(event) ? WORDS[event][language] : t(WORDS.other, { event }, language)
