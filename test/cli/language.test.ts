import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/index.ts'
import type { Terminal } from '../../src/cli/io.ts'
import { languageOf } from '../../src/cli/language.ts'
import { NEEDED } from '../../src/cli/saved.ts'
import { snapshotOf } from '../support/snapshots.ts'

const onTerminal = { isTerminal: true }
const piped = { isTerminal: false }

describe('the language of a run', () => {
  it.each([
    [['demo', '--lang', 'en'], { CLB_DOCTOR_LANG: 'zh-CN', LANG: 'zh_CN.UTF-8' }, onTerminal, 'en'],
    [['demo', '--lang=EN'], {}, piped, 'en'],
    [['demo', '--lang', 'en', '--lang', 'zh-CN'], {}, piped, 'zh-CN'],
    [['demo'], { CLB_DOCTOR_LANG: 'en', LANG: 'zh_CN.UTF-8' }, onTerminal, 'en'],
    [['demo'], { LANG: 'en_GB.UTF-8' }, onTerminal, 'en'],
    [['demo'], { LANG: 'zh_TW.UTF-8' }, onTerminal, 'zh-CN'],
    [['demo'], { LANG: 'de_DE.UTF-8' }, onTerminal, 'zh-CN'],
    [['demo'], { LANG: 'en_GB.UTF-8' }, piped, 'zh-CN'],
    [['demo'], { LANG: 'C.UTF-8' }, onTerminal, 'zh-CN'],
    [['demo'], {}, onTerminal, 'zh-CN'],
    // The wrong value is refused later, in the language that holds without it.
    [['demo', '--lang', 'fr'], { LANG: 'en_GB.UTF-8' }, onTerminal, 'en'],
    [['demo', '--lang'], {}, onTerminal, 'zh-CN'],
  ] as const)('of %j with %j on %j is %4$s', (args, env, terminal, language) => {
    expect(languageOf(args, env, terminal)).toBe(language)
  })

  it('is not that of the terminal for serve', async () => {
    const printed = async (...args: string[]): Promise<string> => {
      let text = ''
      const terminal: Terminal = {
        out: (part) => {
          text += part
        },
        err: () => {},
        progress: () => {},
        status: () => {},
        env: { LANG: 'en_GB.UTF-8' },
        isTerminal: true,
        color: false,
        width: 100,
        statusWidth: () => 100,
        untilStopped: () => Promise.resolve(),
      }
      await run(args, terminal)
      return text
    }
    expect(await printed('scan', '--help')).toContain('Examples:')
    expect(await printed('serve', '--help')).toContain('例：')
  })
})

it('every snapshot has the fields that a saved one is asked for', () => {
  expect(Object.keys(snapshotOf({ machines: [{ host: 16, status: 'Alive' }] }))).toEqual(
    expect.arrayContaining([...NEEDED]),
  )
})
