import { describe, expect, it } from 'vitest'
import { defused, unlinked } from '../../src/render/printers/chat-summary.ts'

/** The invisible joiner as a sign that a reader of this file can see. */
const shown = (text: string): string => unlinked(text).replaceAll('\u2060', '~')

describe('a text in which nothing becomes a link', () => {
  it.each([
    ['evil.com', 'evil.~com'],
    ['evil.icu', 'evil.~icu'],
    ['a@evil.zone', 'a@evil.~zone'],
    ['pay.shop.news/x', 'pay.~shop.~news/x'],
    ['EVIL.WORLD', 'EVIL.~WORLD'],
    ['evil.com-x evil.com_x evil.com2', 'evil.~com-x evil.~com_x evil.~com2'],
    ['evil.xn--p1ai', 'evil.~xn--p1ai'],
    ['恶意.公司', '恶意.~公司'],
    ['i❤.ws', 'i❤.~ws'],
    ['cafe\u0301.zone', 'cafe\u0301.~zone'],
    ['203.0.113.9.nip.io', '203.0.113.9.~nip.~io'],
    ['www.1evil.x', 'www.~1evil.x'],
    ['https://203.0.113.9/x', 'https:~//203.0.113.9/x'],
  ])('has a joiner behind a dot of %s', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  it.each([
    ['evil．com', 'evil．~com'],
    ['evil。com', 'evil。~com'],
    ['evil｡icu', 'evil｡~icu'],
    ['ｅｖｉｌ．ｃｏｍ', 'ｅｖｉｌ．~ｃｏｍ'],
    ['恶意．公司', '恶意．~公司'],
    ['evil․com evil﹒com', 'evil․~com evil﹒~com'],
  ])('has one behind another dot, too: %s', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  it.each([
    '10.0.3.21:8080',
    '2.5 s, 99.95%, 1.5s, 0.5x',
    'v1.28.3',
    '规则被删除。健康检查恢复',
    '仍有 3 个后端异常。TCP:443 只剩 2 个（见下）。HTTP 正常',
    'Down. Please look. …and so on...',
    'docs/cam-policy.json clb-doctor.json',
    'kubectl get pods -A -o wide --field-selector status.podIP=10.0.3.21',
    '~/.kube/config ./run',
  ])('leaves as it is what no chat makes a link of: %s', (text) => {
    expect(unlinked(text)).toBe(text)
  })

  it('has no joiner of its own twice', () => {
    expect(defused(defused('evil.icu'))).toBe(defused('evil.icu'))
  })
})
