import { texts } from '../text/index.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

/** Texts that several checks share. */
export const SHARED = texts(zhCN, { en })
