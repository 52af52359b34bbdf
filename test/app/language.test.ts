import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { ConfigError } from '../../src/app/config-error.ts'
import { parseConfigFile } from '../../src/app/config-file.ts'
import { ineffective } from '../../src/app/ineffective.ts'
import { LANGUAGES } from '../../src/model/language.ts'

const BASE = { TENCENTCLOUD_SECRETID: 'AKIDexample', TENCENTCLOUD_SECRETKEY: 'key' }

function errorOf(run: () => unknown): ConfigError {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const WRONG: readonly (readonly [name: string, env: Record<string, string>])[] = [
  ['TENCENTCLOUD_SECRETID', { TENCENTCLOUD_SECRETID: '' }],
  ['TENCENTCLOUD_SECRETKEY', { TENCENTCLOUD_SECRETKEY: 'a key' }],
  ['TENCENTCLOUD_REGION', { TENCENTCLOUD_REGION: 'Mars!' }],
  ['CLB_DOCTOR_API_DOMAIN', { CLB_DOCTOR_API_DOMAIN: 'http://x' }],
  ['CLB_DOCTOR_API_ORIGIN', { CLB_DOCTOR_API_ORIGIN: '127.0.0.1' }],
  ['CLB_DOCTOR_API_RATE', { CLB_DOCTOR_API_RATE: '-1' }],
  ['CLB_DOCTOR_LANG', { CLB_DOCTOR_LANG: 'fr' }],
  ['CLB_DOCTOR_TZ', { CLB_DOCTOR_TZ: 'Moon' }],
  ['CLB_DOCTOR_CONSOLE', { CLB_DOCTOR_CONSOLE: 'eu' }],
  ['CLB_DOCTOR_IN_GUEST', { CLB_DOCTOR_IN_GUEST: 'on' }],
  ['CLB_DOCTOR_TAT_COMMAND', { CLB_DOCTOR_TAT_COMMAND: 'mine' }],
  ['CLB_DOCTOR_REDIS_URL', { CLB_DOCTOR_REDIS_URL: 'x' }],
  ['CLB_DOCTOR_PUBLIC_URL', { CLB_DOCTOR_PUBLIC_URL: 'http://x' }],
  ['HTTPS_PROXY', { HTTPS_PROXY: 'ftp://x' }],
  ...[
    'nonsense',
    'https://x.example.com/a,https://y.example.com/b',
    'dingtalk+https://x',
    'foo://x',
    'wecom+https://x.example.com/',
    'webhook+http://hooks.example.com/',
    'webhook+https://hooks.example.com/?secret=short',
    'smtps://mail.example.com/',
  ].map((sinks) => ['CLB_DOCTOR_SINKS', { CLB_DOCTOR_SINKS: sinks }] as const),
]

const FILES = [
  '{',
  '[]',
  '{"expected":{}}',
  '{"expectd":[]}',
  '{"expected":[],"accepted":[]}',
  '{"receivers":{"a b":{"url":"env:X"}}}',
  '{"receivers":{"oncall":{}}}',
  '{"receivers":{"oncall":{"url":"https://x.example.com/"}}}',
  '{"receivers":{"oncall":{"url":"env:X","mention":"me"}}}',
  '{"receivers":{"oncall":{"url":"env:X","language":"fr"}}}',
  '{"routes":[{"match":{}}]}',
  '{"routes":[{"match":{"region":"Mars!"},"to":[]}]}',
  '{"routes":[{"match":{"verdict":"dwon"},"to":[]}]}',
  '{"default":"oncall"}',
  '{"remind":{"act-now":"4"}}',
  '{"expected":[1]}',
  '{"expected":[{"code":"x"}]}',
  '{"expected":[{"code":"a/b","resource":"*","reason":"r","until":"2026-12-31"}]}',
  '{"expected":[{"code":"a/b","resource":"sg-1","reason":"r","until":"soon"}]}',
  '{"expected":[{"code":"a/b","resource":"sg-1","reason":"r","until":"2026-12-31","who":"me"}]}',
]

const HAN = /\p{Script=Han}/u

describe.each(LANGUAGES)('an error about the configuration, in %s', (language) => {
  it.each(WRONG)('names %s and is in one language: %j', (name, env) => {
    const text = errorOf(() => loadConfig({ ...BASE, ...env })).inLanguage(language)
    expect(text).toContain(name)
    expect(text).not.toContain('\n')
    expect(HAN.test(text)).toBe(language === 'zh-CN')
    expect(text).not.toMatch(/\{\w+\}|undefined|must be.*应为/)
  })

  it.each(FILES)('about clb-doctor.json is in it, too: %s', (file) => {
    const text = errorOf(() => parseConfigFile(file, 'clb-doctor.json')).inLanguage(language)
    expect(text).toMatch(language === 'en' ? /^clb-doctor\.json: / : /^clb-doctor\.json：/)
    expect(HAN.test(text)).toBe(language === 'zh-CN')
  })

  it('that an entry has no effect is in it', () => {
    const entry = { entry: 1, code: 'a/b', resource: 'sg-1', reason: 'r', until: '2999-12-31' }
    const [line = ''] = ineffective([entry], language)
    expect(HAN.test(line)).toBe(language === 'zh-CN')
    expect(line).toContain('finding-codes.json')
  })
})
