import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderAs } from '../../src/app/rendering.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { shop } from '../../src/simulator/base.ts'
import { findScenario, startSimulator } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { auditRecord } from '../support/audit.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import { renderMail, renderWecom } from '../support/renderings.ts'
import { alarmSince, askSimulated } from '../support/simulated.ts'
import { postToServe, setStage } from './support.ts'

const ONSET = '2026-11-19T23:00:00.000Z'
const scenario = findScenario('changed-before')
if (!scenario) throw new Error('no scenario')

/** Secrets in the audit log, and actors of unrelated events. No output may contain them. */
const KEPT_OUT = [
  'AKIDplantedInTheAuditLog00000001',
  'planted-session-token-of-the-audit-log',
  'bystander',
  'reader',
  'refused',
  'latecomer',
]

const everyFormat = async (diagnosis: Diagnosis): Promise<readonly string[]> => {
  const { subject, text, html } = renderMail(diagnosis)
  const forms = await Promise.all(
    (['text', 'json', 'markdown', 'html'] as const).map((form) => renderAs(form, diagnosis)),
  )
  return [...forms, renderWecom(diagnosis), subject, text, html]
}

const ask = async (world: World, language: Language = 'en') => {
  const logged: string[] = []
  const keep =
    (level: string) =>
    (message: string, fields?: object): void => {
      logged.push(JSON.stringify([level, message, fields]))
    }
  const log = { info: keep('info'), warn: keep('warn'), error: keep('error') }
  const answer = await askSimulated(world, { alarm: alarmSince(ONSET), language, log })
  return { ...answer, logged }
}

/** The text without the links that the product itself puts in. */
const ownLinks = (text: string): string =>
  text.replaceAll(/\]\(https:\/\/console\.cloud\.tencent\.com\/[^)]*\)/g, '')

describe('a change before the onset', () => {
  it.each([
    ['en', 'li.wei added security-group rules at 11-19 22:52 (8 minutes before the alarm)'],
    ['zh-CN', 'li.wei 11-20 06:52 新增了安全组规则（告警前 8 分钟）'],
  ] as const)('is shown under its cause in every format, in %s', async (language, line) => {
    const { diagnosis } = await ask(scenario.build(), language)
    expect(findingOf(diagnosis, 'security-group/probe-blocked')).toMatchObject({
      code: 'security-group/probe-blocked',
      changes: [0],
    })
    const { subject, text } = renderMail(diagnosis)
    const plain = (form: string) => form.replace(/\\|\s|\u2060/g, '')
    for (const form of (await everyFormat(diagnosis)).filter(
      (one) => one !== subject && !one.startsWith('{'),
    ))
      expect(plain(form)).toContain(plain(line))
    expect(text.length).toBeGreaterThan(100)
  })

  it('puts no token, secret id or unrelated actor into the snapshot, the diagnosis, the log or a report', async () => {
    for (const language of LANGUAGES) {
      const { diagnosis, snapshot, logged } = await ask(scenario.build(), language)
      for (const output of [
        JSON.stringify(snapshot),
        JSON.stringify(diagnosis),
        ...logged,
        ...(await everyFormat(diagnosis)),
      ])
        for (const planted of KEPT_OUT) expect(output).not.toContain(planted)
      expect(JSON.stringify(snapshot)).toContain('li.wei')
    }
  })

  it('puts no token, secret id or unrelated actor into a delivered message', async () => {
    const stage = await setStage(scenario)
    try {
      await postToServe(stage, scenario.alarm())
      const messages = JSON.stringify([stage.group.messages, stage.hook.diagnoses])
      const delivered = messages.replaceAll('\u2060', '')
      for (const planted of KEPT_OUT) expect(delivered).not.toContain(planted)
      expect(delivered).toContain('li.wei')
    } finally {
      await stage.close()
    }
  })

  it('is shown with a hostile user name, which every format escapes', async () => {
    const world = scenario.build()
    for (const record of world.audit) record.actor = '<img src=x>[a](http://evil.example)*@all*\n# `x`'
    const { diagnosis } = await ask(world)
    const [text, , markdown, html, wecom] = await everyFormat(diagnosis)
    expect(html).not.toContain('<img')
    expect(ownLinks(markdown ?? '')).not.toMatch(/<img|\]\(http|^# `x/m)
    expect(ownLinks(wecom ?? '')).not.toMatch(/<img|\]\(http|^# ‹|`x`/m)
    expect(text).not.toMatch(/^# /m)
  })

  it('comes from the ModifyTime of the rule if the audit log is denied, and the causes stay the same', async () => {
    const denied = { kind: 'error', code: 'UnauthorizedOperation' } as const
    const [withLog, withoutLog] = await Promise.all(
      [{}, { 'cloudaudit:DescribeEvents': denied }].map((faults) =>
        askSimulated(scenario.build(), { alarm: alarmSince(ONSET), faults }),
      ),
    )
    const causesOf = (answer: typeof withLog) =>
      answer?.diagnosis.findings
        .filter(({ role }) => role === 'cause')
        .map(({ code, certainty, explains }) => [code, certainty, explains])
    expect(causesOf(withoutLog)).toEqual(causesOf(withLog))
    expect(withoutLog?.diagnosis.changes).toMatchObject([
      { event: 'ModifyTime', resource: { id: 'sg-shopweb1', ruleIndex: 0 }, secondsBeforeOnset: 480 },
    ])
    expect(gapOf(withoutLog?.diagnosis, 'who changed what')).toMatchObject({
      grant: 'cloudaudit:DescribeEvents',
    })
  })
})

it('the onset is taken from the health-check log, if the CLB keeps one', async () => {
  const { world, machine, front } = shop()
  machine(18).state = 'STOPPED'
  front.healthLogTopic = 'topic-health'
  const begun = Date.now() - 600_000
  world.healthLogs['topic-health'] = [
    { at: begun, ip: '10.0.1.18', port: 8080, vip: front.vip, vport: 443, healthy: false },
  ]
  world.audit.push(
    auditRecord({
      at: Math.floor(begun / 1000) - 90,
      event: 'StopInstances',
      resourceType: 'cvm',
      resourceId: 'ins-web00018',
    }),
  )
  const { diagnosis } = await askSimulated(world)
  expect(diagnosis.changes).toMatchObject([{ resource: { type: 'cvm', id: 'ins-web00018' } }])
  expect(diagnosis.changes[0]?.secondsBeforeOnset).toBeGreaterThanOrEqual(90)
  expect(diagnosis.changes[0]?.secondsBeforeOnset).toBeLessThanOrEqual(91)
  expect(diagnosis.findings.map(({ code }) => code)).toEqual([
    'instance-state/not-running',
    'recent-change/before-onset',
  ])
})

it('the built command line reads every page of the audit log, whose paging tokens have 17 digits', async () => {
  const { world, machine } = shop()
  machine(18).state = 'STOPPED'
  const now = Math.floor(Date.now() / 1000)
  world.audit = Array.from({ length: 173 }, (_, i) =>
    auditRecord({
      at: now - 60 - i,
      event: 'ModifySecurityGroupPolicies',
    }),
  )
  const simulator = await startSimulator(world)
  const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))
  const env = {
    PATH: process.env.PATH ?? '',
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
  }
  try {
    // The CLB is degraded, so the command exits with 1 and execFile rejects.
    const args = [cli, 'diagnose', 'lb-7dpmqwcu', '--format', 'json']
    const { code, stdout } = (await promisify(execFile)(process.execPath, args, {
      env,
      maxBuffer: 1 << 24,
    }).catch((error: { code: number; stdout: string }) => error)) as { code?: number; stdout: string }
    const { changes } = JSON.parse(stdout) as Diagnosis
    expect([code, changes.length, simulator.calls.count('cloudaudit:DescribeEvents')]).toEqual([1, 173, 4])
  } finally {
    expect(simulator.calls.refused()).toBe(0)
    await simulator.close()
  }
})
