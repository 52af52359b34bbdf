import type { Customs } from './customs.ts'
import type { Translation } from './texts.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  marks: { comma: ', ', listComma: ', ', semicolon: '; ', colon: ': ', stop: '.', gap: ' ' },
  aside: '{main} ({aside})',
  none: 'none',
  more: '{shown} and {count} more',
  time: '{time} UTC',
  clock: '{time} UTC',
  date: '{date} (UTC)',
  length: {
    days: '{count|1 day|# days}',
    hours: '{count|1 hour|# hours}',
    minutes: '{count|1 minute|# minutes}',
    seconds: '{count|1 second|# seconds}',
  },
} as const satisfies Translation<typeof zhCN>

export const enCustoms: Customs = { readsChinese: false, moreCounts: 'rest', zone: 'UTC', regions: {} }
