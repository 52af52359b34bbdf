import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import { catchDiagnoses, type WebhookCatcher } from '../support/receivers.ts'
import { clbDoctor } from './cli.ts'

let group: WecomGroup
let hook: WebhookCatcher
const folder = mkdtempSync(join(tmpdir(), 'sinks-'))
beforeAll(async () => {
  group = await startWecomStandIn()
  hook = await catchDiagnoses()
  const receivers = {
    oncall: { url: 'env:ONCALL', mention: ['zhangsan'] },
    hook: { url: 'env:HOOK', language: 'en' },
  }
  writeFileSync(join(folder, 'clb-doctor.json'), JSON.stringify({ receivers }))
})
afterAll(() => Promise.all([group.close(), hook.close()]))

/** Without credentials. */
const run = (args: readonly string[], env: Record<string, string> = {}) =>
  clbDoctor(
    ['sinks', ...args],
    { CLB_DOCTOR_LANG: 'en', ONCALL: `wecom+${group.url}`, HOOK: hook.address, ...env },
    folder,
  )

describe('clb-doctor sinks test', () => {
  it('sends a harmless message to each receiver, in its language and without mentions: exit 0', async () => {
    const { status, out, err } = await run(['test', '--lang', 'en'], { CLB_DOCTOR_LANG: 'zh-CN' })
    expect([status, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^oncall \(wecom 127\.0\.0\.1:\d+\): delivered\nhook \(webhook 127\.0\.0\.1:\d+\): its server took it; .+\n$/,
    )
    const content = group.messages.at(-1)?.content ?? ''
    expect(content).toContain('oncall')
    expect(content).toMatch(/\p{Script=Han}/u)
    expect(content).not.toContain('zhangsan')
    expect(hook.events.at(-1)?.data).toMatchObject({ kind: 'test', receiver: 'hook', language: 'en' })
  })

  it('says for each receiver why it was not delivered and what to do, without a secret: exit 1', async () => {
    group.reply({ errcode: 93000, errmsg: 'invalid webhook url' })
    const { status, out } = await run(['test'], {
      HOOK: `webhook+http://127.0.0.1:1/p1anted?secret=whsec_${'A'.repeat(44)}`,
    })
    expect(status).toBe(1)
    const [first, second] = out.split('\n')
    expect(first).toMatch(
      /^oncall \(wecom [\d.:]+\): refused: errcode 93000: the bot was removed, or its key is wrong; paste its address again$/,
    )
    expect(second).toMatch(
      /^hook \(webhook 127\.0\.0\.1:1\): not delivered: ECONNREFUSED\. Nothing listens at its host and port; .+$/,
    )
    expect(out).not.toMatch(/p1anted|whsec|key=|693a91f6/)
  })

  it('sends to one receiver alone, also to one of CLB_DOCTOR_SINKS', async () => {
    const before = [group.messages.length, hook.events.length]
    const { status, out } = await run(['test', 'webhook-1'], { CLB_DOCTOR_SINKS: `${hook.address}?other` })
    expect([status, out.split('\n').length]).toEqual([0, 2])
    expect([group.messages.length, hook.events.length]).toEqual([before[0], (before[1] ?? 0) + 1])
  })

  it.each<[string[], Record<string, string>, string]>([
    [
      ['test', 'oncal'],
      {},
      'clb-doctor: there is no receiver "oncal"; did you mean "oncall"? There are oncall, hook\n',
    ],
    [['test', 'weekly'], {}, 'clb-doctor: there is no receiver "weekly"; there are oncall, hook\n'],
    [['test', 'oncall', 'hook'], {}, 'clb-doctor: there is an argument too many: "hook"; see --help\n'],
    [[], {}, 'clb-doctor: write clb-doctor sinks test [NAME]; see --help\n'],
    [['send'], {}, 'clb-doctor: write clb-doctor sinks test [NAME]; see --help\n'],
    [
      ['test'],
      { ONCALL: '' },
      'receivers.oncall.url: the variable ONCALL is not set; set it to the address of the receiver\n',
    ],
  ])('%j with %j is a wrong call: exit 2', async (args, env, line) => {
    const { status, out, err } = await run(args, env)
    expect([status, out]).toEqual([2, ''])
    expect(err.endsWith(line), err).toBe(true)
  })

  it('without any receiver says how to name one: exit 2', async () => {
    const { status, err } = await clbDoctor(['sinks', 'test'], {
      CLB_DOCTOR_LANG: 'en',
      CLB_DOCTOR_SINKS: '',
    })
    expect([status, err]).toEqual([
      2,
      expect.stringContaining('no receiver is configured: set CLB_DOCTOR_SINKS'),
    ])
  })
})
