import type { Customs } from './customs.ts'

export const zhCN = {
  marks: { comma: '，', listComma: '、', semicolon: '；', colon: '：', stop: '。', gap: '' },
  /** A word, and a second one in brackets. */
  aside: '{main}（{aside}）',
  none: '无',
  more: '{shown} 等 {count} 项',
  time: '{time}（北京时间）',
  /** The time of day beside Beijing time needs no name of its zone. */
  clock: '{time}',
  date: '{date}（UTC）',
  length: {
    days: '{count} 天',
    hours: '{count} 小时',
    minutes: '{count} 分钟',
    seconds: '{count} 秒',
  },
} as const

export const zhCNCustoms: Customs = {
  readsChinese: true,
  moreCounts: 'all',
  zone: 'Asia/Shanghai',
  regions: {
    'ap-guangzhou': '广州',
    'ap-shanghai': '上海',
    'ap-hongkong': '中国香港',
    'na-toronto': '多伦多',
    'ap-shanghai-fsi': '上海金融',
    'ap-beijing': '北京',
    'ap-singapore': '新加坡',
    'ap-shenzhen-fsi': '深圳金融',
    'na-siliconvalley': '硅谷',
    'ap-chengdu': '成都',
    'eu-frankfurt': '法兰克福',
    'ap-seoul': '首尔',
    'ap-chongqing': '重庆',
    'ap-mumbai': '孟买',
    'na-ashburn': '弗吉尼亚',
    'ap-bangkok': '曼谷',
    'eu-moscow': '莫斯科',
    'ap-tokyo': '东京',
    'ap-nanjing': '南京',
    'ap-tianjin': '天津',
    'ap-shenzhen': '深圳',
    'ap-taipei': '中国台北',
    'ap-beijing-fsi': '北京金融',
    'ap-qingyuan': '清远',
    'ap-jakarta': '雅加达',
    'sa-saopaulo': '圣保罗',
  },
}
