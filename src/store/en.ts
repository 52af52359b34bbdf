import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  notWhole: 'store: {field} must be a whole number from 0, not {value}',
  memoryFull:
    'the store in memory is full (it takes {limit} MB); wait until the alarms in it have been handled',
} as const satisfies Translation<typeof zhCN>
