import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/app/config-error.ts'
import { loadConfigFile, parseConfigFile } from '../../src/app/config-file.ts'
import { ineffective } from '../../src/app/ineffective.ts'
import { endOf } from '../../src/model/expected.ts'

const GOOD = {
  code: 'security-group/probe-blocked',
  resource: 'sg-a1b2c3d4',
  reason: 'blue pool is being drained, OPS-123',
  until: '2026-12-31',
}

const fileOf = (...expected: readonly unknown[]): string => JSON.stringify({ expected })
const parseExpected = (text: string, path: string) => parseConfigFile(text, path).expected
const loadExpected = (folders: readonly string[]) => loadConfigFile({}, folders).expected

function errorOf(text: string): ConfigError {
  try {
    parseExpected(text, 'clb-doctor.json')
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('no error')
}

describe('clb-doctor.json', () => {
  it('gives its entries with their numbers', () => {
    const second = { ...GOOD, resource: 'lb-7dpmqwcu', until: '2026-12-31T18:00:00+08:00' }
    expect(parseExpected(fileOf(GOOD, second), 'clb-doctor.json')).toEqual([
      { entry: 1, ...GOOD },
      { entry: 2, ...second },
    ])
    expect(parseExpected('{"expected":[]}', 'clb-doctor.json')).toEqual([])
    expect(parseExpected('{}', 'clb-doctor.json')).toEqual([])
  })

  it('may begin with a byte order mark, and may have an address as a resource', () => {
    const [one] = parseExpected(`\uFEFF${fileOf({ ...GOOD, resource: '2402:4e00::51' })}`, 'clb-doctor.json')
    expect(one?.resource).toBe('2402:4e00::51')
  })

  const without = (field: keyof typeof GOOD): object =>
    Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== field))

  it.each<[string, unknown, string]>([
    ['a string', 'sg-a1b2c3d4', 'must be an object with code, resource, reason and until'],
    ['a list', [GOOD], 'code is missing'],
    ['no code', without('code'), 'code is missing'],
    ['no resource', without('resource'), 'resource is missing'],
    ['no reason', without('reason'), 'reason is missing'],
    ['no until', without('until'), 'until is missing'],
    ['an unknown field', { ...GOOD, ressource: 'sg-x' }, 'there is no "ressource"'],
    ['a number as its code', { ...GOOD, code: 7 }, 'code must be a string'],
    ['a check as its code', { ...GOOD, code: 'security-group' }, 'security-group/probe-blocked'],
    ['a wildcard code', { ...GOOD, code: 'security-group/*' }, 'security-group/probe-blocked'],
    ['a wildcard resource', { ...GOOD, resource: 'sg-*' }, 'there are no wildcards'],
    ['an empty resource', { ...GOOD, resource: '' }, 'one exact id such as "sg-a1b2c3d4"'],
    ['a list of resources', { ...GOOD, resource: ['sg-a'] }, 'resource must be a string'],
    ['several resources', { ...GOOD, resource: 'sg-a, sg-b' }, 'one exact id'],
    ['an empty reason', { ...GOOD, reason: '  ' }, '1 to 200 characters'],
    ['a reason that is too long', { ...GOOD, reason: 'x'.repeat(201) }, '1 to 200 characters'],
    ['forever as its end', { ...GOOD, until: 'forever' }, '"2026-12-31"'],
    ['a day that does not exist', { ...GOOD, until: '2026-02-30' }, '"2026-12-31"'],
    ['a month that does not exist', { ...GOOD, until: '2026-13-01' }, '"2026-12-31"'],
    ['another date format', { ...GOOD, until: '31.12.2026' }, '"2026-12-31"'],
    ['a time without a zone', { ...GOOD, until: '2026-12-31T18:00:00' }, '"2026-12-31T18:00:00+08:00"'],
    ['an hour that does not exist', { ...GOOD, until: '2026-12-31T25:00:00Z' }, '"2026-12-31"'],
    ['null for until', { ...GOOD, until: null }, 'until must be a string'],
  ])('with an invalid second entry (%s) is refused in one line that names the entry', (_, entry, words) => {
    const { message } = errorOf(fileOf(GOOD, entry))
    expect(message).toMatch(/^clb-doctor\.json: entry 2: /)
    expect(message).toContain('e.g. {"code":"security-group/probe-blocked","resource":"sg-a1b2c3d4"')
    expect(message).toContain(words)
    expect(message).not.toContain('\n')
  })

  it('has a warning for each entry that can never match', () => {
    const entries = parseExpected(
      fileOf(GOOD, { ...GOOD, code: 'security-group/blocked' }),
      'clb-doctor.json',
    )
    expect(ineffective(entries, 'en')).toEqual([
      'clb-doctor.json: entry 2 has no effect: there is no finding security-group/blocked; did you mean "security-group/probe-blocked"? See docs/finding-codes.json',
    ])
  })
})

describe('the end of an entry', () => {
  it.each([
    ['2026-12-31', '2026-12-31T23:59:59.999Z'],
    ['2028-02-29', '2028-02-29T23:59:59.999Z'],
    ['2026-12-31T18:00:00+08:00', '2026-12-31T10:00:00.000Z'],
    ['2026-12-31T18:00Z', '2026-12-31T18:00:00.000Z'],
  ])('of %s is %s', (until, end) => {
    expect(new Date(endOf(until) ?? 0).toISOString()).toBe(end)
  })

  it.each(['2027-02-29', '2026-12-31T18:00:00+99:99', '20261231', ' 2026-12-31'])(
    'of %j is null, because it is not a valid date',
    (until) => {
      expect(endOf(until)).toBeNull()
    },
  )
})

describe('the search for clb-doctor.json', () => {
  const root = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
  afterAll(() => rmSync(root, { recursive: true }))
  const folder = (name: string, content?: string): string => {
    const path = join(root, name)
    mkdirSync(path)
    if (content !== undefined) writeFileSync(join(path, 'clb-doctor.json'), content)
    return path
  }

  it('gives no entries if no folder has the file', () => {
    expect(loadExpected([folder('empty'), join(root, 'no-such-folder')])).toEqual([])
  })

  it('reads only the first folder that has the file, and an error names the path', () => {
    const first = folder('first', fileOf(GOOD))
    const broken = folder('broken', 'expected: []')
    expect(loadExpected([folder('none'), first, broken])).toHaveLength(1)
    expect(() => loadExpected([broken, first])).toThrow(`${join(broken, 'clb-doctor.json')}: is not JSON`)
  })

  it('fails if the file exists but cannot be read', () => {
    const path = folder('folder')
    mkdirSync(join(path, 'clb-doctor.json'))
    expect(() => loadExpected([path])).toThrow(/clb-doctor\.json: is a folder; it must be a file/)
  })

  it('fails if the file is a link to a file that does not exist, or to itself', () => {
    const [dangling, loop] = [folder('dangling'), folder('loop')]
    symlinkSync(join(root, 'no-such-file'), join(dangling, 'clb-doctor.json'))
    symlinkSync('clb-doctor.json', join(loop, 'clb-doctor.json'))
    expect(() => loadExpected([dangling])).toThrow(
      /clb-doctor\.json: is a link to a file that does not exist/,
    )
    expect(() => loadExpected([loop])).toThrow(/clb-doctor\.json: cannot be read \(ELOOP\)/)
  })
})
