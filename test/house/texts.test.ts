import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'

const root = new URL('../../', import.meta.url)
const sources = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('simulator/'))
  .map((name) => `src/${name}`)
  .sort()
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const code = (path: string): string => read(path).replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, '')

const [reference, ...others] = LANGUAGES
const folders = sources
  .filter((path) => path.endsWith(`/${reference}.ts`))
  .map((path) => path.slice(0, path.lastIndexOf('/')))

/** Every text that a file exports for its language, by its path. */
async function textsIn(folder: string, language: string): Promise<ReadonlyMap<string, string>> {
  const all: [string, string][] = []
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'string') all.push([path.join('.'), value])
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) walk(one, [...path, key])
  }
  const file: Record<string, unknown> = await import(new URL(`${folder}/${language}.ts`, root).href)
  walk(file[language.replace('-', '')], [])
  return new Map(all)
}

const placesOf = (text: string): readonly string[] => [...new Set(text.match(/(?<=\{)\w+/g) ?? [])].sort()

describe('texts', () => {
  it('are found in the folders that write for a reader', () => {
    expect(folders).toEqual(expect.arrayContaining(['src/checks', 'src/diagnosis', 'src/scan', 'src/text']))
  })

  it.each(folders)('of %s exist in every language, with the same places', async (folder) => {
    const own = await textsIn(folder, reference)
    expect(own.size).toBeGreaterThan(0)
    for (const language of others) {
      expect(existsSync(new URL(`${folder}/${language}.ts`, root))).toBe(true)
      const translated = await textsIn(folder, language)
      expect([...translated.keys()].sort()).toEqual([...own.keys()].sort())
      for (const [path, text] of own)
        expect([path, placesOf(translated.get(path) ?? '')]).toEqual([path, placesOf(text)])
    }
  })

  it('are the only place with Chinese words', () => {
    // These files match the texts of alarm senders. They do not show them.
    const isMatched = (path: string): boolean =>
      path.startsWith('src/alarms/') || ['src/model/recovery.ts', 'src/app/masking.ts'].includes(path)
    const elsewhere = sources.filter(
      (path) => !path.endsWith(`/${reference}.ts`) && !isMatched(path) && /\p{Script=Han}/u.test(code(path)),
    )
    expect(elsewhere).toEqual([])
  })

  it('are chosen by language only in src/text', () => {
    const asking = new RegExp(`[!=]== '(${LANGUAGES.join('|')})'`)
    expect(sources.filter((path) => !path.startsWith('src/text/') && asking.test(code(path)))).toEqual([])
  })

  it('of checks leave the certainty to the one sentence that follows it', async () => {
    const names = /likely, not|not proven|not certain|“确定”|“很可能”|“可能”|不能断定|未证实/
    for (const folder of folders.filter((path) => path.startsWith('src/checks')))
      for (const language of LANGUAGES)
        for (const [path, text] of await textsIn(folder, language))
          if (!path.startsWith('conclusions.'))
            expect([folder, path, text]).not.toEqual([folder, path, expect.stringMatching(names)])
  })
})
