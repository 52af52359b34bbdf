import { texts } from '../../text/index.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

export const TEXTS = texts(zhCN, { en })
