import { describe, expect, it } from 'vitest'
import { wecomOnScreen } from '../../src/cli/wecom-screen.ts'

const MESSAGE = [
  '# <font color="warning">3/5 后端异常</font> shop-front',
  '**原因（确定）** 安全组 sg-shopweb1',
  '> 拒绝 TCP 8000-9000',
  '[监听器](https://console.cloud.tencent.com/clb) · [规则](https://console.cloud.tencent.com/vpc)',
  '<font color="comment">lb-7dpmqwcu</font>',
].join('\n')

describe('a WeCom message on a terminal', () => {
  it('has colours and bold instead of marks, and links with their addresses', () => {
    expect(wecomOnScreen(MESSAGE, { color: true }).split('\n')).toEqual([
      '\u001b[33m3/5 后端异常\u001b[0m shop-front',
      '\u001b[1m原因（确定）\u001b[0m 安全组 sg-shopweb1',
      '  │ 拒绝 TCP 8000-9000',
      '监听器 https://console.cloud.tencent.com/clb · 规则 https://console.cloud.tencent.com/vpc',
      '\u001b[90mlb-7dpmqwcu\u001b[0m',
    ])
  })

  it('has no escape sequences if the terminal has no colours', () => {
    const shown = wecomOnScreen(MESSAGE, { color: false })
    expect(shown).not.toContain('\u001b')
    expect(shown).not.toContain('<font')
    expect(shown).toContain('3/5 后端异常 shop-front')
  })
})
