import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

// The READMEs say which step of Tencent Cloud's guide is carried out by what, and which test proves it.

const root = new URL('../../', import.meta.url)
const STEPS = {
  'README.md':
    /^## The troubleshooting guide, step by step$([\s\S]*?)^## |^## The troubleshooting guide, step by step$([\s\S]*)/m,
  'README.zh-CN.md':
    /^## 排查文档的每一步由什么完成$([\s\S]*?)^## |^## 排查文档的每一步由什么完成$([\s\S]*)/m,
} as const

interface Row {
  readonly step: string
  readonly checks: readonly string[]
  readonly tests: readonly string[]
}

function rowsOf(file: keyof typeof STEPS): readonly Row[] {
  const text = readFileSync(new URL(file, root), 'utf8')
  const [, middle, last] = STEPS[file].exec(text) ?? []
  const lines = (middle ?? last ?? '').split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(2).map((line) => {
    const [, step = '', by = '', proof = ''] = line.split('|')
    return {
      step: /^ ?(\d[\d.]*)?/.exec(step)?.[1] ?? '',
      checks: [...by.matchAll(/\[([\w-]+)\]\(docs\/checks\/\1\.md\)/g)].map(([, id = '']) => id),
      tests: [...proof.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path),
    }
  })
}

/** Guide: parts 一 to 三 and the manual tests. */
const GUIDE = [
  ['1.1', '1.2', '1.3', '1.4'],
  ['2.1', '2.2', '2.3'],
  ['3', '3.1.1', '3.1.2', '3.1.3', '3.1.4.1', '3.1.4.2', '3.1.4.3', '3.1.4.4'],
  ['3.2.1', '3.2.2', '3.2.3', '3.2.4'],
].flat()

describe('the table of the guide', () => {
  const files = ['README.md', 'README.zh-CN.md'] as const

  it.each(files)('in %s has every step, with a proof', (file) => {
    const rows = rowsOf(file)
    const steps = new Set(rows.map(({ step }) => step.replace(/\.$/, '')))
    expect(GUIDE.filter((step) => !steps.has(step))).toEqual([])
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([])
  })

  it.each(files)('in %s names only tests and checks that exist', (file) => {
    const checks = readdirSync(new URL('src/checks/', root))
    const rows = rowsOf(file)
    expect(rows.flatMap(({ tests }) => tests).filter((path) => !existsSync(new URL(path, root)))).toEqual([])
    expect(rows.flatMap((row) => row.checks).filter((id) => !checks.includes(id))).toEqual([])
  })

  it('says the same in both languages', () => {
    expect(rowsOf('README.zh-CN.md')).toEqual(rowsOf('README.md'))
  })

  it('names every check of the inside and of clusters', () => {
    const named = new Set(rowsOf('README.md').flatMap(({ checks }) => checks))
    const inside = readdirSync(new URL('src/checks/', root), { withFileTypes: true })
      .filter((item) => item.isDirectory() && /^(?:guest|tke|peer)-/.test(item.name))
      .map(({ name }) => name)
    expect(inside.filter((id) => !named.has(id))).toEqual([])
  })
})
