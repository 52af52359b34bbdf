import { en as subjectsEn } from '../../model/actions/en.ts'
import { zhCN as subjectsZhCN } from '../../model/actions/zh-CN.ts'
import { texts } from '../../text/index.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

export const TEXTS = texts(zhCN, { en })

/** What each API action reads. */
export const SUBJECTS = texts(subjectsZhCN, { en: subjectsEn })
