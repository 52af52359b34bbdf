import { describe, expect, it } from 'vitest'
import { filled, t } from '../../src/text/index.ts'
import { texts } from '../../src/text/texts.ts'

const { who, state, unbind } = texts(
  { who: '{actor}从 {ip} 登录', state: '{list} 当前状态', unbind: '解绑{them}' },
  { en: { who: '{actor} from {ip}', state: '{list} is', unbind: 'Unbind {them}' } },
)

describe('a filled text', () => {
  it('has a space between Latin and Chinese characters, and none after a full-width mark', () => {
    expect(t(who, { actor: 'li.wei', ip: '198.51.100.7' }, 'zh-CN')).toBe('li.wei 从 198.51.100.7 登录')
    expect(t(who, { actor: '李伟', ip: '198.51.100.7' }, 'zh-CN')).toBe('李伟从 198.51.100.7 登录')
    expect(t(state, { list: 'ins-1（10.0.1.16）' }, 'zh-CN')).toBe('ins-1（10.0.1.16）当前状态')
    expect(t(unbind, { them: 'ins-1' }, 'zh-CN')).toBe('解绑 ins-1')
    expect(t(unbind, { them: '这 12 台云服务器' }, 'zh-CN')).toBe('解绑这 12 台云服务器')
  })

  it('keeps a value as it is, and English as it is', () => {
    expect(t(state, { list: 'web前端, 支付api' }, 'zh-CN')).toBe('web前端, 支付api 当前状态')
    expect(filled(unbind, { them: 'ins-1 (10.0.1.16)' }).en).toBe('Unbind ins-1 (10.0.1.16)')
  })
})
