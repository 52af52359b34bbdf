import { describe, expect, it } from 'vitest'
import type { Fix } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import { renderHtml, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'
import { diagnosisOf, drop, group } from '../support/snapshots.ts'

const diagnosis = (language: 'en' | 'zh-CN') =>
  diagnosisOf(
    {
      machines: [{ host: 16, status: 'Dead', groups: ['sg-x'] }],
      groups: [group('sg-x', [drop('0.0.0.0/0')])],
      replace: { securityGroupUse: { 'sg-x': ok({ total: 14, byKind: { CVM: 12, CLB: 2 } }) } },
    },
    language,
  )

const SCREEN = { color: false, width: 200 }

describe('the scope of a fix', () => {
  it('is shown with the fix in every format, in the language of the message', () => {
    const en = 'Affects the 14 resources bound to this security group (CVM 12, CLB 2)'
    const zh = '影响绑定该安全组的 14 个资源（CVM 12、CLB 2）'
    expect(renderText(diagnosis('en'), SCREEN)).toContain(en)
    expect(renderHtml(diagnosis('en'))).toContain(en)
    expect(renderWecom(diagnosis('en'))).toContain(`> ${en}`)
    expect(renderMarkdown(diagnosis('en'))).toContain('14 resources bound to this security group')
    expect(renderText(diagnosis('zh-CN'), SCREEN)).toContain(zh)
    expect(renderWecom(diagnosis('zh-CN'))).toContain(zh)
  })
})

describe('the evaluation of a fix', () => {
  const fixed = (fix: Partial<Fix>) => {
    const found = diagnosis('en')
    const findings = found.findings.map((one) => ({
      ...one,
      fix: { verified: false, ...fix, summary: 'Do it.' },
    }))
    return renderText({ ...found, findings }, SCREEN)
  }

  it('is told as an evaluation, never as if somebody had run the command', () => {
    expect(renderMarkdown(diagnosis('en'))).toContain('by evaluation, this brings 10.0.1.16:8080 back')
    expect(renderText(diagnosis('zh-CN'), SCREEN)).toContain('（推演：改后 10.0.1.16:8080 恢复）')
  })

  it('is claimed only where there was one, whatever the tool of the commands', () => {
    const commands = [{ tool: 'shell', line: 'iptables -I INPUT -s 10.0.0.1/32 -j ACCEPT' }] as const
    expect(fixed({ kind: 'advice', commands })).not.toContain('evaluation')
    expect(fixed({ kind: 'settings' })).not.toContain('evaluation')
    expect(fixed({ kind: 'open' })).toContain('Do it. (by evaluation, this change alone may not be enough)')
  })
})

it('numbers the alternatives of a fix, with a space after the number, in every format', () => {
  const found = diagnosis('en')
  const other: Fix = { kind: 'undo', summary: 'Undo it', verified: true }
  const findings = found.findings.map((one) => ({ ...one, fix: { ...other, alternatives: [other] } }))
  for (const render of [renderHtml, renderMarkdown, renderWecom])
    expect(render({ ...found, findings })).toMatch(/1\. Undo it[\s\S]*2\. Undo it/)
})

describe('the commands of a fix', () => {
  it('are in the page, the text and Markdown, Terraform with its lines and indentation', () => {
    const resource =
      'resource "tencentcloud_security_group_rule" "clb_health_check_sg-x_tcp_8080_203-0-113-26-32" {\n  security_group_id = "sg-x"\n'
    expect(renderMarkdown(diagnosis('en'))).toContain(resource)
    expect(renderHtml(diagnosis('en'))).toContain(resource.replaceAll('"', '&quot;'))
    expect(renderText(diagnosis('en'), SCREEN)).toContain(resource.replaceAll('\n', '\n    ').trimEnd())
    for (const text of [renderMarkdown(diagnosis('en')), renderText(diagnosis('en'), SCREEN)])
      expect(text).toContain('tccli vpc CreateSecurityGroupPolicies')
  })

  it('stand behind the table of the backends on a page if they are Terraform', () => {
    const page = renderHtml(diagnosis('en'))
    expect(page.indexOf('tencentcloud_security_group_rule')).toBeGreaterThan(page.lastIndexOf('</table>'))
    expect(page.indexOf('tccli vpc')).toBeLessThan(page.indexOf('<table'))
  })

  it('are in a chat message if they are short, but not for a cause that is only possible', () => {
    const found = diagnosis('en')
    const commands = [{ tool: 'shell', line: 'iptables -I INPUT -s 10.0.0.1/32 -j ACCEPT' }] as const
    const chatOf = (certainty: 'likely' | 'possible') => {
      const fix: Fix = { kind: 'advice', summary: 'Let it in', verified: false, commands }
      return renderWecom({ ...found, findings: found.findings.map((one) => ({ ...one, certainty, fix })) })
    }
    expect(chatOf('likely')).toContain('iptables')
    expect(chatOf('possible')).not.toContain('iptables')
  })

  it('are not in a chat message if they take more than two lines of a phone, and are not counted', () => {
    const text = renderWecom(diagnosis('en'))
    expect(text).not.toMatch(/tccli|tencentcloud_security_group_rule|--region|not shown/)
  })
})
