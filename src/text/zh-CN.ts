import type { Customs } from './customs.ts'

export const zhCN = {
  marks: { comma: '，', listComma: '、', semicolon: '；', colon: '：', stop: '。', gap: '' },
  /** A word, and a second one in brackets. */
  aside: '{main}（{aside}）',
  none: '无',
  more: '{shown} 等 {count} 项',
  time: '{time}（北京时间）',
  date: '{date}（UTC）',
  length: {
    days: '{count} 天',
    hours: '{count} 小时',
    minutes: '{count} 分钟',
    seconds: '{count} 秒',
  },
} as const

export const zhCNCustoms: Customs = { moreCounts: 'all', zone: 'Asia/Shanghai' }
