import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  createCommandLine,
  registeredName,
  registeredText,
  scriptHash,
  scriptText,
  scriptWith,
} from '../../../src/guest/index.ts'
import { printedBy, SCRIPT } from '../../support/probe-script.ts'

describe('guest/probe.sh', () => {
  it.each([
    ['dash', ['-n']],
    ['bash', ['--posix', '-n']],
    ['busybox', ['ash', '-n']],
  ] as const)('is understood by %s', async (shell, args) => {
    expect(await printedBy(shell, [...args, SCRIPT])).toEqual({ status: 0, text: '' })
  })

  it('can be pasted: ASCII, no tab, and no exclamation mark that a shell takes for its history', () => {
    const [first, ...lines] = scriptText().split('\n')
    expect(first).toBe('#!/bin/sh')
    expect(lines.filter((line) => /[^\x20-\x7e]/.test(line))).toEqual([])
    expect(lines.filter((line) => /!(?![ =]|$)/.test(line))).toEqual([])
    expect(lines.filter((line) => line.length > 1000)).toEqual([])
  })

  it('opens no here-document, for which a shell would write a file, and redirects to no file', () => {
    const code = scriptText()
      .split('\n')
      .filter((line) => !/^\s*#/.test(line))
    expect(code.filter((line) => /<<(?!<)|\bmktemp\b|\/tmp\b|\btee\b/.test(line))).toEqual([])
    const redirects = code.flatMap((line) =>
      [...line.matchAll(/(?:^|[^-0-9<&])\d?>>?\s*("?[/$\w.-][^\s;)]*)/g)].map(([, to]) => to),
    )
    expect([...new Set(redirects.filter((to) => to?.startsWith('/') || to?.startsWith('"')))]).toEqual([
      '/dev/null',
    ])
  })

  it('is the text that is embedded', () => {
    expect(scriptText()).toBe(readFileSync(SCRIPT, 'utf8'))
  })
})

describe('the registered command', () => {
  it('has the hash of the script in a name that TAT takes', () => {
    expect(registeredName()).toMatch(/^clb-doctor-probe-[\da-f]{32}$/)
    expect(Buffer.byteLength(registeredName())).toBeLessThanOrEqual(60)
    expect(scriptHash().startsWith(registeredName().slice('clb-doctor-probe-'.length))).toBe(true)
  })

  it('is made by one line of tccli, with the whole script, less than 64 KB', () => {
    const line = createCommandLine('ap-guangzhou')
    const content = /--Content (\S+)$/.exec(line)?.[1] ?? ''
    expect(Buffer.from(content, 'base64').toString('utf8')).toBe(registeredText())
    expect(content.length).toBeLessThan(64 * 1024)
    expect(line).toContain('--EnableParameter True')
    expect(line).toContain(`--DefaultParameters '{"parameters":"none"}'`)
  })

  it('has every line of the script but comments, without the spaces before it', () => {
    const lines = scriptText().split('\n')
    const code = lines.map((line) => line.trimStart()).filter((line) => !/^#(?![!=])/.test(line))
    expect(registeredText().split('\n')).toEqual(code)
  })

  it('has one place for parameters, behind its last command', () => {
    expect(scriptText().split('{{parameters}}')).toHaveLength(2)
    expect(scriptText()).toMatch(/\nexit \$\?\n#=\{\{parameters\}\}\n$/)
    expect(scriptWith('QUJD').endsWith('\n#=QUJD\n')).toBe(true)
  })
})
