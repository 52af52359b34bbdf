import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { ConfigError } from '../../src/app/config-error.ts'
import { loadConfigFile, parseConfigFile } from '../../src/app/config-file.ts'
import { warningsOf } from '../../src/app/ineffective.ts'
import { ATTENTION_ORDER, VERDICT_ORDER } from '../../src/model/diagnosis.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { ROUTE_KEYS, ROUTE_SOURCES } from '../../src/model/routing.ts'
import { errorsOfFile, fileSchema } from '../support/schema.ts'

const KEYS = { TENCENTCLOUD_SECRETID: 'AKIDabc', TENCENTCLOUD_SECRETKEY: 'key' }
const wecom = (key: string): string => `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`
const VARIABLES = { ...KEYS, ONCALL: wecom('p1anted-1'), SHOP: wecom('p1anted-2') }

const RECEIVERS = {
  oncall: { url: 'env:ONCALL', mention: ['zhangsan'] },
  shop: { url: 'env:SHOP', language: 'en', allowPrivate: true },
}
const ENTRY = { code: 'a/b', resource: 'sg-1', reason: 'OPS-1', until: '2026-12-31' }

const configOf = (file: object, env: Record<string, string> = VARIABLES) =>
  loadConfig(env, parseConfigFile(JSON.stringify(file), 'clb-doctor.json'))

function errorIn(run: () => unknown): ConfigError {
  try {
    run()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toMatch(/\n|p1anted/)
    return error
  }
  throw new Error('nothing was refused')
}

const errorOf = (run: () => unknown): string => errorIn(run).message

describe('clb-doctor.json', () => {
  it('names receivers, whose addresses stand in variables, behind those of CLB_DOCTOR_SINKS', () => {
    const { receivers } = configOf(
      { receivers: RECEIVERS },
      { ...VARIABLES, CLB_DOCTOR_SINKS: wecom('other') },
    )
    expect(receivers).toMatchObject([
      { name: 'wecom-1', mentions: [], language: null },
      { name: 'oncall', mentions: ['zhangsan'], language: null, address: { kind: 'wecom' } },
      { name: 'shop', mentions: [], language: 'en' },
    ])
  })

  it.each([true, false])('lets a webhook lead to this machine only if it says so: %s', (allowPrivate) => {
    const file = { receivers: { hook: { url: 'env:HOOK', allowPrivate } } }
    const [hook] = configOf(file, { ...VARIABLES, HOOK: 'webhook+https://127.0.0.1/hook' }).receivers
    expect(hook?.address).toMatchObject({ kind: 'webhook', isGuarded: !allowPrivate })
  })

  it('has routes, a default and the times of reminders', () => {
    const file = {
      $schema: './docs/clb-doctor.schema.json',
      receivers: RECEIVERS,
      routes: [
        {
          match: { tag: { team: 'shop' }, region: 'gz', attention: ['act-now', 'act-soon'] },
          to: ['shop', 'wecom-1'],
          continue: true,
        },
        { match: {}, to: [] },
      ],
      default: ['oncall'],
      remind: { 'act-now': '30m', 'act-soon': 'off' },
    }
    const config = configOf(file, { ...VARIABLES, CLB_DOCTOR_SINKS: wecom('other') })
    expect(config.routing).toEqual({
      routes: [
        {
          match: { tag: { team: ['shop'] }, region: ['ap-guangzhou'], attention: ['act-now', 'act-soon'] },
          to: ['shop', 'wecom-1'],
          continue: true,
        },
        { match: {}, to: [], continue: false },
      ],
      default: ['oncall'],
    })
    expect(config.reminders).toEqual({ 'act-now': 1_800_000, 'act-soon': Number.POSITIVE_INFINITY })
  })

  it('without routes leaves everything to every receiver, with the known times of reminders', () => {
    const { routing, reminders } = configOf({})
    expect(routing).toEqual({ routes: [], default: null })
    expect(reminders).toEqual({ 'act-now': 4 * 3_600_000, 'act-soon': 24 * 3_600_000 })
  })

  it.each([
    [['a'], 'default: there is no "a": no receivers are set; name one in receivers'],
    [['https://x/?key=k'], 'default: no receivers are set; name one in receivers'],
  ])('says that there are no receivers at all if %j is told', (names, words) => {
    expect(errorOf(() => configOf({ default: names }))).toContain(words)
  })

  it('reads the old name of expected, and says so', () => {
    const old = parseConfigFile(JSON.stringify({ accepted: [ENTRY] }), 'clb-doctor.json')
    expect(old.expected).toEqual([{ entry: 1, ...ENTRY }])
    expect(warningsOf(old, 'en')[0]).toMatch(/^clb-doctor\.json: accepted is now called expected/)
    expect(warningsOf({ ...old, isOld: false }, 'en')).toHaveLength(1)
  })

  it.each<[object, readonly string[]]>([
    [{ code: 'security-group/probe-blocked', region: ['ap-guangzhou', 'gz'] }, []],
    [{ verdict: 'down' }, []],
    [
      { code: ['security-group/probe-blocked', 'security-group/probe-bloked'] },
      [
        'route 2 asks for security-group/probe-bloked, and there is no such finding; did you mean "security-group/probe-blocked"? See docs/finding-codes.json',
      ],
    ],
    [{ code: 'a/b' }, ['route 2 asks for a/b, and there is no such finding; see docs/finding-codes.json']],
    [
      { region: 'ap-guangzou' },
      [
        'route 2 asks for ap-guangzou, which is not a region that this version knows; did you mean "ap-guangzhou"? If it is a new one, leave it',
      ],
    ],
    [
      { region: 'eu-atlantis', code: 'a/b' },
      [
        'route 2 asks for a/b, and there is no such finding; see docs/finding-codes.json',
        'route 2 asks for eu-atlantis, which is not a region that this version knows; if it is not a new one, correct it',
      ],
    ],
    [
      { source: 'scan', tag: { team: 'shop' }, name: 'shop-*' },
      ['route 2 never matches: a scan as a whole has no tag, name'],
    ],
    [{ source: ['scan', 'alarm'], name: 'shop-*' }, []],
  ])('warns of a route that asks for something that does not exist: %j', (match, lines) => {
    const file = parseConfigFile(
      JSON.stringify({
        routes: [
          { match: {}, to: [], continue: true },
          { match, to: [] },
        ],
      }),
      'clb-doctor.json',
    )
    expect(warningsOf(file, 'en')).toEqual(lines.map((line) => `clb-doctor.json: ${line}`))
    for (const line of warningsOf(file, 'zh-CN'))
      expect(line).toMatch(/^clb-doctor\.json：第 2 条路由(要求的|不会匹配)/)
  })

  it('warns if nobody is ever told', () => {
    const warnings = (file: object) =>
      warningsOf(parseConfigFile(JSON.stringify(file), 'clb-doctor.json'), 'en')
    const nobody = [expect.stringContaining('nobody is ever told')]
    expect(warnings({ default: [] })).toEqual(nobody)
    expect(warnings({ routes: [{ match: { name: 'a' }, to: [] }], default: [] })).toEqual(nobody)
    expect(warnings({ routes: [{ match: { name: 'a' }, to: [] }] })).toEqual([])
    const receivers = { oncall: { url: 'env:ONCALL' } }
    expect(warnings({ receivers, routes: [{ match: {}, to: ['oncall'] }], default: [] })).toEqual([])
  })

  it('warns of routes behind one that takes everything', () => {
    const warnings = (...routes: readonly object[]) =>
      warningsOf(parseConfigFile(JSON.stringify({ routes }), 'clb-doctor.json'), 'en')
    const [all, some] = [
      { match: {}, to: [] },
      { match: { name: 'a' }, to: [] },
    ]
    expect(warnings(some, all)).toEqual([])
    expect(warnings({ ...all, continue: true }, some, all)).toEqual([])
    expect(warnings(some, { match: { tag: {} }, to: [] }, some, all)).toEqual([
      expect.stringMatching(
        /^clb-doctor\.json: route 3 is never asked: route 2 matches everything; move it up/,
      ),
      expect.stringMatching(/^clb-doctor\.json: route 4 is never asked: route 2 matches/),
    ])
  })

  it.each([
    [
      '{\n  "default": ["oncall"],\n}\n',
      'is not JSON, line 2, column 24: nothing follows this comma; remove it',
      '不是 JSON，第 2 行第 24 列：这是最后一项，请删掉后面的这个逗号',
    ],
    [
      '\uFEFF{\r\n  // p1anted\r\n}',
      'is not JSON, line 2, column 3: JSON has no comments; remove this one',
      '不是 JSON，第 2 行第 3 列：JSON 不支持注释，请删掉',
    ],
    [
      '{"default"：["oncall"]}',
      'is not JSON, line 1, column 11: write : in place of this character',
      '不是 JSON，第 1 行第 11 列：请把这个字符改成英文的 :',
    ],
    [
      '{"routes": [{"match": {}, "to": ["C:\\p1anted"]}]}',
      'is not JSON, line 1, column 37: write \\\\ for a backslash',
      '不是 JSON，第 1 行第 37 列：反斜杠请写成 \\\\',
    ],
    [
      '',
      'is not JSON, line 1, column 1: the file is empty; write {"receivers":{"oncall":{"url":"env:WECOM_ONCALL"}},"default":["oncall"]}',
      '不是 JSON，第 1 行第 1 列：文件是空的，请写成 {"receivers":{"oncall":{"url":"env:WECOM_ONCALL"}},"default":["oncall"]}',
    ],
  ])('that is not JSON names line and column, and says what to do: %j', (text, en, zh) => {
    const wrong = errorIn(() => parseConfigFile(text, 'clb-doctor.json'))
    expect(wrong.inLanguage('en')).toBe(`clb-doctor.json: ${en}`)
    expect(wrong.inLanguage('zh-CN')).toBe(`clb-doctor.json：${zh}`)
  })

  it.each<[object, string]>([
    [{ receviers: {} }, 'there is no "receviers"; did you mean "receivers"? Write receivers, routes'],
    [{ zoo: 1 }, 'there is no "zoo"; write receivers, routes, default'],
    [[], 'must be an object with receivers'],
    [{ receivers: [] }, 'receivers: must be an object such as'],
    [{ receivers: { oncall: 'env:ONCALL' } }, 'receivers.oncall: must be an object with url, mention'],
    [
      { receivers: { oncall: { ulr: 'env:X' } } },
      'receivers.oncall.ulr: there is no "ulr"; did you mean "url"?',
    ],
    [{ receivers: { oncall: {} } }, 'receivers.oncall.url: is missing'],
    [
      { receivers: { oncall: { url: wecom('p1anted') } } },
      'receivers.oncall.url: must be "env:" and the name',
    ],
    [{ receivers: { oncall: { url: 'env:' } } }, 'receivers.oncall.url: must be "env:" and the name'],
    [{ receivers: { [wecom('p1anted')]: {} } }, 'receivers.…: the name of a receiver has 1 to 40'],
    [{ receivers: { 'a b': { url: 'env:X' } } }, 'the name of a receiver has 1 to 40'],
    [{ receivers: { 'a:b': { url: 'env:X' } } }, 'the name of a receiver has 1 to 40'],
    [{ receivers: { oncall: { url: 'env:X', mention: 'me' } } }, 'receivers.oncall.mention: must be a list'],
    [{ receivers: { oncall: { url: 'env:X', mention: [' '] } } }, 'receivers.oncall.mention: must be a list'],
    [{ receivers: { oncall: { url: 'env:X', language: 'fr' } } }, 'language: must be zh-CN, en'],
    [{ receivers: { oncall: { url: 'env:X', allowPrivate: 'yes' } } }, 'allowPrivate: must be true or false'],
    [{ routes: {} }, 'routes: must be a list such as'],
    [{ routes: [{ match: {}, to: [] }, { to: [] }] }, 'route 2, match: is missing'],
    [
      { routes: [{ match: {}, to: 'oncall' }] },
      'route 1, to: must be a list of receivers such as ["oncall"]',
    ],
    [
      { routes: [{ match: { atention: 'watch' }, to: [] }] },
      'route 1, match.atention: there is no "atention"; did you mean "attention"',
    ],
    [
      { routes: [{ match: { attention: 'act-nwo' }, to: [] }] },
      'route 1, match.attention: there is no "act-nwo"; did you mean "act-now"',
    ],
    [{ routes: [{ match: { attention: [] }, to: [] }] }, 'match.attention: must be act-now'],
    [{ routes: [{ match: { verdict: ['down', 7] }, to: [] }] }, 'match.verdict: must be down'],
    [{ routes: [{ match: { source: 'timer' }, to: [] }] }, 'there is no "timer"; write alarm, scan'],
    [
      { routes: [{ match: { region: 'Mars!' }, to: [] }] },
      'match.region: must be a value such as "ap-guangzhou"',
    ],
    [{ routes: [{ match: { vpc: 'lb-7dpmqwcu' }, to: [] }] }, 'match.vpc: must be a value such as "vpc-'],
    [
      { routes: [{ match: { loadBalancer: 'shop' }, to: [] }] },
      'match.loadBalancer: must be a value such as "lb-',
    ],
    [
      { routes: [{ match: { code: 'a/*' }, to: [] }] },
      'match.code: must be a value such as "security-group/',
    ],
    [
      { routes: [{ match: { tag: 'shop' }, to: [] }] },
      'match.tag: must be an object such as {"team":"shop"}',
    ],
    [{ routes: [{ match: { tag: { team: 7 } }, to: [] }] }, 'match.tag.team: must be a value such as'],
    [{ routes: [{ match: {}, to: [], continue: 1 }] }, 'route 1, continue: must be true or false'],
    [{ default: 'oncall' }, 'default: must be a list of receivers such as'],
    [{ remind: { 'act-now': 4 } }, 'remind.act-now: must be a time from 5m to 30d'],
    [{ remind: { 'act-now': '4m' } }, 'remind.act-now: must be a time from 5m to 30d'],
    [{ remind: { 'act-now': '31d' } }, 'remind.act-now: must be a time from 5m to 30d'],
    [{ remind: { watch: '4h' } }, 'there is no "watch"; write act-now, act-soon'],
    [{ expected: {} }, 'expected: must be a list'],
    [{ expected: [ENTRY], accepted: [] }, 'has both expected and accepted'],
  ])(
    'with %j is refused in one line that names the place, by the parser and by the schema',
    (file, words) => {
      const message = errorOf(() => configOf(file))
      expect(message).toMatch(/^clb-doctor\.json: /)
      expect(message).toContain(words)
      expect(errorsOfFile(file)).not.toEqual([])
    },
  )

  it.each<[object, string]>([
    [
      { receivers: RECEIVERS, default: ['oncal'] },
      'default: there is no "oncal"; did you mean "oncall"? Write wecom-1, oncall, shop',
    ],
    [
      { receivers: RECEIVERS, routes: [{ match: {}, to: [wecom('p1anted')] }] },
      'route 1, to: write wecom-1, oncall, shop',
    ],
    [{ receivers: { a: { url: 'env:NONE' } } }, 'receivers.a.url: the variable NONE is not set'],
    [
      { receivers: { a: { url: 'env:WRONG' } } },
      'receivers.a.url: WRONG: receiver 1 (wecom qyapi.weixin.qq.com)',
    ],
    [{ receivers: { a: { url: 'env:TWO' } } }, 'receivers.a.url: TWO must hold one address'],
    [
      { receivers: { a: { url: 'env:ONCALL' }, b: { url: 'env:ONCALL' } } },
      'receivers.b.url: "a" has the same address',
    ],
    [{ receivers: { a: { url: 'env:CLB_DOCTOR_SINKS' } } }, '"wecom-1" has the same address'],
    [
      { receivers: { a: { url: 'env:ONCALL' }, b: { url: 'env:AGAIN' } } },
      'receivers.b.url: "a" has the same address, maybe in another spelling',
    ],
    [
      { receivers: { a: { url: 'env:SIGNED' }, b: { url: 'env:UNSIGNED' } } },
      'receivers.b.url: "a" has the same address, maybe in another spelling',
    ],
    [{ receivers: { a: { url: 'env:SINKS_AGAIN' } } }, '"wecom-1" has the same address'],
    [
      { receivers: { 'wecom-1': { url: 'env:ONCALL' } } },
      'receivers.wecom-1: a receiver of CLB_DOCTOR_SINKS',
    ],
  ])('with %j does not go with the variables, and the line says why', (file, words) => {
    const env = {
      ...VARIABLES,
      CLB_DOCTOR_SINKS: wecom('p1anted-3'),
      AGAIN: `${VARIABLES.ONCALL}&x=1`,
      SINKS_AGAIN: `wecom+${wecom('p1anted-3')}`,
      UNSIGNED: 'https://oapi.dingtalk.com/robot/send?access_token=p1anted',
      SIGNED: 'https://oapi.dingtalk.com/robot/send?access_token=p1anted&secret=SECp1anted',
      WRONG: 'https://qyapi.weixin.qq.com/p1anted',
      TWO: `${wecom('p1anted-4')} ${wecom('p1anted-5')}`,
    }
    const message = errorOf(() => configOf(file, env))
    expect(message).toMatch(/^clb-doctor\.json: /)
    expect(message).toContain(words)
  })
})

describe('docs/clb-doctor.schema.json', () => {
  it('takes what the parser takes', () => {
    const list = <T>(one: T): readonly T[] => [one, one]
    const every = {
      tag: { team: list('shop*') },
      name: 'shop-*',
      policy: list('clb-*'),
      region: 'ap-guangzhou',
      vpc: list('vpc-1ywqac83'),
      loadBalancer: 'lb-7dpmqwcu',
      verdict: [...VERDICT_ORDER],
      attention: [...ATTENTION_ORDER],
      source: [...ROUTE_SOURCES],
      code: 'security-group/probe-blocked',
    }
    expect(Object.keys(every)).toEqual(['tag', ...ROUTE_KEYS])
    const files = [
      {},
      {
        $schema: 'x',
        receivers: { ...RECEIVERS, 值班: { url: 'env:DUTY' } },
        routes: [{ match: every, to: ['shop'], continue: true }],
        default: [],
        remind: { 'act-now': '5m', 'act-soon': '30d' },
        expected: [ENTRY],
      },
      { accepted: [{ ...ENTRY, until: '2026-12-31T18:00:00+08:00' }] },
    ]
    for (const file of files) expect(() => configOf(file, { ...VARIABLES, DUTY: wecom('3') })).not.toThrow()
    for (const file of files) expect(errorsOfFile(file)).toEqual([])
    for (const name of Object.keys(every)) {
      const match = { [name]: 7 }
      expect(errorsOfFile({ routes: [{ match, to: [] }] })).not.toEqual([])
    }
  })

  it('has the words of the code', () => {
    const { $defs } = fileSchema as { $defs: Record<string, { enum?: unknown }> }
    expect([$defs.verdict?.enum, $defs.attention?.enum, $defs.source?.enum]).toEqual([
      VERDICT_ORDER,
      ATTENTION_ORDER,
      ROUTE_SOURCES,
    ])
    expect(JSON.stringify(fileSchema)).toContain(JSON.stringify({ enum: LANGUAGES }).slice(1, -1))
  })
})

describe('CLB_DOCTOR_CONFIG', () => {
  const root = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
  afterAll(() => rmSync(root, { recursive: true }))

  it('names the file, which comes before that of any folder', () => {
    const [own, here] = [join(root, 'own.json'), join(root, 'here')]
    mkdirSync(here)
    writeFileSync(own, JSON.stringify({ default: [] }))
    writeFileSync(join(here, 'clb-doctor.json'), '{}')
    expect(loadConfigFile({ CLB_DOCTOR_CONFIG: ` ${own} ` }, [here]).routing.default).toEqual([])
    expect(loadConfigFile({ CLB_DOCTOR_CONFIG: '' }, [here]).routing.default).toBeNull()
  })

  it('that leads to no file stops the start in one line', () => {
    const path = join(root, 'none.json')
    expect(errorOf(() => loadConfigFile({ CLB_DOCTOR_CONFIG: path }, []))).toBe(
      `CLB_DOCTOR_CONFIG: there is no file ${path}; write the path of clb-doctor.json, or unset the variable`,
    )
    expect(errorOf(() => loadConfigFile({ CLB_DOCTOR_CONFIG: root }, []))).toContain('is a folder')
  })
})
