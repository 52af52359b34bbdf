import { mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clbDoctor } from './cli.ts'
import { serving } from './serving.ts'

const folder = mkdtempSync(join(tmpdir(), 'data-folder-'))
const at = (name: string): string => join(folder, name)
writeFileSync(at('file'), '')
symlinkSync(at('nowhere'), at('dangling'))
symlinkSync('loop', at('loop'))
mkdirSync(at('taken/store.db'), { recursive: true })

const KEYS = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' }
const serve = (data: string, language: string) =>
  clbDoctor(['serve', '--port', '0'], { ...KEYS, CLB_DOCTOR_DATA: data, CLB_DOCTOR_LANG: language })

describe('serve with a folder that cannot be', () => {
  it.each([
    ['a file', at('file'), `${at('file')} is not a folder; set CLB_DOCTOR_DATA to a folder`],
    ['below a file', at('file/a/b'), `${at('file')} is not a folder; set CLB_DOCTOR_DATA to a folder`],
    ['a device', '/dev/null', '/dev/null is not a folder; set CLB_DOCTOR_DATA to a folder'],
    ['a link to nothing', at('dangling'), `${at('dangling')} is a link to a folder that does not exist`],
    [
      'below a link to nothing',
      at('dangling/a'),
      `${at('dangling')} is a link to a folder that does not exist`,
    ],
    ['a link to itself', at('loop/a'), `${at('loop/a')} cannot be made (ELOOP)`],
    ['where nobody can make a folder', '/proc/x', '/proc/x cannot be made (ENOENT)'],
    ['below one that nobody can make', '/proc/1/x/y', '/proc/1/x cannot be made (ENOENT)'],
    ['where nobody can make a file', '/proc', '/proc/owner.db cannot be made (ENOENT)'],
    ['with a name that is too long', at('x'.repeat(300)), 'cannot be made (ENAMETOOLONG)'],
  ])('%s says so in one line: exit 2', async (_, data, words) => {
    const { status, out, err } = await serve(data, 'en')
    expect([status, out, err.split('\n').length]).toEqual([2, '', 2])
    expect(err).toContain(`clb-doctor: CLB_DOCTOR_DATA: `)
    expect(err).toContain(words)
    expect(err).toMatch(/set CLB_DOCTOR_DATA to a|mend the link/)
  })

  it.each([at('file'), at('dangling'), '/proc/x'])('%s says so in Chinese, too', async (data) => {
    const { status, err } = await serve(data, 'zh-CN')
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(/^clb-doctor: CLB_DOCTOR_DATA：[^\n]*把 CLB_DOCTOR_DATA 设为[^\n]*\n$/),
    ])
  })

  it.each(['incidents', 'backup'])('%s says of a file that it is no folder', async (command) => {
    const args = command === 'backup' ? [at('copy')] : []
    const { status, err } = await clbDoctor([command, ...args], {
      CLB_DOCTOR_DATA: at('file'),
      CLB_DOCTOR_LANG: 'en',
    })
    expect([status, err]).toEqual([2, expect.stringContaining(`${at('file')} is not a folder`)])
  })
})

describe('serve with a folder that is not there yet', () => {
  it('makes it with the folders above it, for nobody else on the machine', async () => {
    const data = `${at('new/above/data')}/`
    const { child, closed } = await serving({ ...KEYS, CLB_DOCTOR_DATA: data })
    child.kill('SIGTERM')
    expect(await closed).toBe(0)
    for (const name of ['new', 'new/above', 'new/above/data'])
      expect(statSync(at(name)).mode & 0o777).toBe(0o700)
  })
})
