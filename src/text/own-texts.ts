import type { Language } from '../model/language.ts'
import type { Customs } from './customs.ts'
import { en, enCustoms } from './en.ts'
import { texts } from './texts.ts'
import { zhCN, zhCNCustoms } from './zh-CN.ts'

export const OWN = texts(zhCN, { en })
export const CUSTOMS: Readonly<Record<Language, Customs>> = { 'zh-CN': zhCNCustoms, en: enCustoms }
