import { texts } from '../text/index.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

/** What several checks say. */
export const SHARED = texts(zhCN, { en })
