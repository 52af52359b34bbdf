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

  it('has no space between two Chinese words on either side of a place', () => {
    const inHan = texts(
      { start: '启动 {them} 后再看', moved: '{who} 于 {time} {event}', aside: '{list} （{why}）' },
      { en: { start: 'Start {them}', moved: '{who} {event} at {time}', aside: '{list} ({why})' } },
    )
    const { start, moved, aside } = inHan
    const them = filled(unbind, { them: '这 2 台云服务器' })
    expect(t(start, { them }, 'zh-CN')).toBe('启动解绑这 2 台云服务器后再看')
    expect(t(start, { them: '这 2 台云服务器' }, 'zh-CN')).toBe('启动这 2 台云服务器后再看')
    expect(t(start, { them: 'ins-1' }, 'zh-CN')).toBe('启动 ins-1 后再看')
    expect(t(moved, { who: '李伟', time: '07:50', event: '新增了规则' }, 'zh-CN')).toBe(
      '李伟于 07:50 新增了规则',
    )
    expect(t(aside, { list: '云服务器', why: '关机' }, 'zh-CN')).toBe('云服务器（关机）')
  })

  it('keeps a value as it is, and English as it is', () => {
    expect(t(state, { list: 'web前端, 支付api' }, 'zh-CN')).toBe('web前端, 支付api 当前状态')
    expect(filled(unbind, { them: 'ins-1 (10.0.1.16)' }).en).toBe('Unbind ins-1 (10.0.1.16)')
  })
})
