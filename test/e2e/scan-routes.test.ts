import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { parseConfigFile } from '../../src/app/config-file.ts'
import { createContext } from '../../src/app/create.ts'
import { jsonLog } from '../../src/app/log.ts'
import { handleScan } from '../../src/app/scan.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { startWecomStandIn } from '../../src/simulator/wecom.ts'
import { setStage } from './support.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** What each group is sent by a timer's scan, and the log. */
async function scanned(
  routing: object,
  faults: Readonly<Record<string, Fault>> = {},
  removed: readonly string[] = [],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  const stage = await setStage(scenario)
  closers.push(() => stage.close())
  for (const [action, fault] of Object.entries(faults)) stage.cloud.faults.set(action, fault)
  const env: Record<string, string> = { ...stage.env, CLB_DOCTOR_SINKS: '' }
  const groups = await Promise.all(
    ['home', 'abroad', 'other'].map(async (name) => ({ name, group: await startWecomStandIn() })),
  )
  for (const { name, group } of groups) {
    closers.push(() => group.close())
    if (removed.includes(name)) group.reply({ errcode: 93000, errmsg: 'invalid webhook url' }, 9)
    env[name.toUpperCase()] = `wecom+${group.url}`
  }
  const receivers = {
    home: { url: 'env:HOME' },
    abroad: { url: 'env:ABROAD', language: 'en' },
    other: { url: 'env:OTHER', language: 'en' },
  }
  const file = parseConfigFile(JSON.stringify({ receivers, ...routing }), 'clb-doctor.json')
  const log: string[] = []
  const context = createContext(
    loadConfig(env, file),
    jsonLog((line) => log.push(line), Date.now),
  )
  await handleScan([scenario.region], context, { read: 20_000, deliver: () => 10_000 })
  context.close()
  const sent = groups.map(({ name, group }) => [name, group.messages.map(({ content }) => content)])
  return { ...Object.fromEntries(sent), log }
}

/** How many scans each group shows. A note about a receiver is no scan. */
const scansIn = (sent: Awaited<ReturnType<typeof scanned>>): readonly (number | undefined)[] =>
  [sent.home, sent.abroad, sent.other].map(
    (all) => all?.filter((text) => text.includes('sg-hardened')).length,
  )

describe('the scan of a timer', () => {
  it('goes to the receivers of its route, each in its own language', async () => {
    const { home, abroad, other } = await scanned({
      routes: [
        { match: { source: 'alarm' }, to: ['other'] },
        { match: { tag: { service: '*' } }, to: ['other'] },
        { match: { source: 'scan', region: 'ap-guangzhou', attention: 'act-soon' }, to: ['home', 'abroad'] },
      ],
      default: ['other'],
    })
    expect([home?.length, abroad?.length, other?.length]).toEqual([1, 1, 0])
    expect(home?.[0]).toMatch(/个负载均衡/)
    expect(abroad?.[0]).not.toMatch(/\p{Script=Han}/u)
    // Both were written from the same facts.
    for (const text of [home?.[0], abroad?.[0]]) expect(text).toContain('sg-hardened')
  })

  it('that no route takes goes to the default, and the log says if that is nobody', async () => {
    const byDefault = await scanned({
      routes: [{ match: { verdict: 'healthy' }, to: [] }],
      default: ['other'],
    })
    expect([byDefault.home, byDefault.abroad, byDefault.other?.length]).toEqual([[], [], 1])
    const quiet = await scanned({ default: [] })
    expect([quiet.home, quiet.abroad, quiet.other]).toEqual([[], [], []])
    expect(quiet.log?.join('')).toContain('"message":"nobody is told of the scan"')
  })

  it('that could not read a region reaches those who hear of trouble, and the log warns if that is nobody', async () => {
    const denied = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
    const faults = { 'clb:DescribeLoadBalancers': denied }
    const routes = [
      { match: { source: 'alarm' }, to: ['other'] },
      { match: { source: 'scan', attention: 'act-now' }, to: ['home'] },
      { match: { source: 'scan', verdict: 'down', region: 'ap-shanghai' }, to: ['abroad'] },
    ]
    const { home, abroad, other } = await scanned({ routes, default: [] }, faults)
    expect([home?.length, abroad, other]).toEqual([1, [], []])
    const quiet = await scanned({ routes: [{ match: { attention: 'none' }, to: [] }], default: [] }, faults)
    expect([quiet.home, quiet.abroad, quiet.other]).toEqual([[], [], []])
    expect(quiet.log?.join('')).toMatch(/"level":"info".*nobody is told of the scan/)
    const unsure = await scanned({ routes: [{ match: { code: 'a/b' }, to: [] }], default: [] }, faults)
    expect(unsure.log?.join('')).toMatch(/"level":"warn".*nobody is told of the scan.*"unread":\["code"\]/)
  })

  it('that its receivers refuse for good goes to the default, and else to the others', async () => {
    const routes = [{ match: { source: 'scan' }, to: ['home'] }]
    const byDefault = await scanned({ routes, default: ['abroad'] }, {}, ['home'])
    expect(scansIn(byDefault)).toEqual([0, 1, 0])
    expect(scansIn(await scanned({ routes, default: ['home'] }, {}, ['home']))).toEqual([0, 1, 1])
    expect(scansIn(await scanned({ routes, default: ['abroad'] }, {}, ['home', 'abroad']))).toEqual([0, 0, 1])
  })
})
