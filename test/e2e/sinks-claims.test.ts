import { mkdtempSync } from 'node:fs'
import type http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { httpReceiver } from '../delivery/http-rig.ts'
import { startAlertmanager } from '../support/receivers/alertmanager.ts'
import { GITHUB, startGithub } from '../support/receivers/github.ts'
import { JIRA, startJira } from '../support/receivers/jira.ts'
import { startMailServer } from '../support/receivers/smtp.ts'
import { startTapd, TAPD } from '../support/receivers/tapd.ts'
import { freePort } from '../support/redis.ts'
import { clbDoctor } from './cli.ts'

// What `clb-doctor sinks test` claims is true: it says "delivered" of no message that nobody has.

const folder = mkdtempSync(join(tmpdir(), 'claims-'))
const LOGIN = { jira: `ops%40example.com:${JIRA.token}`, tapd: `${TAPD.user}:${TAPD.password}` }

/** The address of each kind at a host. */
const ADDRESSES: Readonly<Record<string, (host: string) => string>> = {
  wecom: (host) => `wecom+http://${host}/cgi-bin/webhook/send?key=693a91f6-7e6f-4bc4-97a0-0ec2f5ae7b11`,
  wecomapp: (host) => `wecomapp+http://ww1:s3cret@${host}/?agent=1000002&to=zhangsan`,
  dingtalk: (host) => `dingtalk+http://${host}/robot/send?access_token=abcd1234`,
  feishu: (host) => `feishu+http://${host}/open-apis/bot/v2/hook/abcd-1234`,
  slack: (host) => `slack+http://${host}/services/T1/B1/abc`,
  alertmanager: (host) => `alertmanager+http://${host}`,
  jira: (host) => `jira+http://${LOGIN.jira}@${host}/?project=${JIRA.project}`,
  github: (host) => `github+http://${GITHUB.token}@${host}${GITHUB.path}`,
  tapd: (host) => `tapd+http://${LOGIN.tapd}@${host}/?workspace=${TAPD.workspace}`,
  webhook: (host) => `webhook+http://${host}/hook`,
}
const KINDS = Object.keys(ADDRESSES)
const at = (kind: string, host: string): string => ADDRESSES[kind]?.(host) ?? ''

/** The answer of each receiver, and the exit status. */
async function tested(sinks: readonly string[], language = 'en') {
  const { status, out, err } = await clbDoctor(
    ['sinks', 'test'],
    { CLB_DOCTOR_SINKS: sinks.join(' '), CLB_DOCTOR_LANG: language },
    folder,
  )
  expect(err).toBe('')
  const answers = out
    .trim()
    .split('\n')
    .map((line) => line.replace(/^[\w-]+( \([^)]*\): |（[^）]*）：)/, ''))
  return { status, answers, out }
}

async function testedAgainst(
  answer: (res: http.ServerResponse) => void,
  kinds: readonly string[] = KINDS,
  language = 'en',
) {
  const { port, close } = await httpReceiver(answer, { accepts() {}, refuses() {}, later() {} })
  const result = await tested(
    kinds.map((kind) => at(kind, `127.0.0.1:${port}`)),
    language,
  )
  await close()
  return result
}

const LOGIN_PAGE = '<!DOCTYPE html><html><body>Log in'
const page = (res: http.ServerResponse): void =>
  void res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(LOGIN_PAGE)

describe('clb-doctor sinks test', () => {
  it.each(['en', 'zh-CN'])(
    'takes a login page with HTTP 200 for no receiver of any kind: exit 1, in %s',
    async (language) => {
      const { status, answers } = await testedAgainst(page, KINDS, language)
      expect([status, answers.length]).toEqual([1, KINDS.length])
      for (const [i, answer] of answers.entries()) {
        const isTicket = ['jira', 'github', 'tapd'].includes(KINDS[i] ?? '')
        expect([KINDS[i], answer]).toEqual([
          KINDS[i],
          expect.stringMatching(
            language === 'en'
              ? isTicket
                ? /^refused: HTTP 200: the answer is not one of \w+; check host and path .*login page/
                : /^(no usable answer|not delivered): .*(login page|try again)/
              : isTicket
                ? /^被拒绝：HTTP 200/
                : /^(没有得到可用的回答|没有送达)：/,
          ),
        ])
      }
    },
  )

  it('says of tickets that nothing was made, and makes nothing', async () => {
    const services = await Promise.all([startJira(), startGithub(), startTapd()])
    const hosts = services.map(({ url }) => new URL(url).host)
    const sinks = ['jira', 'github', 'tapd'].map((kind, i) => at(kind, hosts[i] ?? ''))
    const { status, answers } = await tested(sinks)
    const chinese = await tested(sinks.slice(0, 1), 'zh-CN')
    await Promise.all(services.map((one) => one.close()))
    expect(status).toBe(0)
    expect(answers).toEqual([
      'right; nothing was made',
      'right; nothing was made',
      expect.stringMatching(/^right, as far as a look can show, and nothing was made\. TAPD does not show /),
    ])
    expect(chinese.answers).toEqual(['配置正确；没有创建任何内容'])
    expect(services.flatMap((one) => one.tickets)).toEqual([])
  })

  it('claims no more than a mail server, an Alertmanager and a webhook say', async () => {
    const [mail, alertmanager] = await Promise.all([startMailServer(), startAlertmanager()])
    const hook = await httpReceiver((res) => res.writeHead(204).end(), {
      accepts() {},
      refuses() {},
      later() {},
    })
    const { status, answers } = await tested([
      `smtp://127.0.0.1:${mail.port}/?from=clb@example.com&to=oncall@example.com`,
      at('alertmanager', alertmanager.host),
      at('webhook', `127.0.0.1:${hook.port}`),
    ])
    const [alert] = await alertmanager.alerts()
    await Promise.all([mail.close(), alertmanager.close(), hook.close()])
    expect(status).toBe(0)
    expect(answers).toEqual([
      expect.stringMatching(/mail server took it; look whether it is in the mailbox/),
      expect.stringMatching(/took the alert ClbDoctorTest.*its routes decide/),
      expect.stringMatching(/its server took it; only that server knows/),
    ])
    expect(alert?.labels.alertname).toBe('ClbDoctorTest')
  })

  it.each<[number, Readonly<Record<string, string>>, RegExp]>([
    [
      301,
      { location: 'http://127.0.0.1:1/' },
      /^refused: HTTP 301, a redirect, .*\. The address leads elsewhere; write/,
    ],
    [400, {}, /^refused: HTTP 400\. It does not take such a message; check that the address is of this kind/],
    [401, {}, /^refused: HTTP 401\. It does not accept the login or the key in the address; copy/],
    [403, {}, /^refused: HTTP 403\. It does not allow that; check what/],
    [404, {}, /^refused: HTTP 404\. There is nothing at the path of the address/],
    [410, {}, /^refused: HTTP 410\. There is nothing at the path of the address, or it was removed/],
    [
      429,
      { 'retry-after': '7' },
      /^not delivered: HTTP 429\. It is reached and takes no more at the moment; wait/,
    ],
    [503, {}, /^not delivered: HTTP 503\. It is reached and has trouble of its own; try/],
  ])('has its own advice for HTTP %i', async (code, headers, words) => {
    const chats = ['wecom', 'dingtalk', 'feishu', 'slack', 'alertmanager', 'webhook']
    const { status, answers } = await testedAgainst(
      (res) => void res.writeHead(code, headers).end('{}'),
      chats,
    )
    expect([status, answers]).toEqual([1, chats.map(() => expect.stringMatching(words))])
  })

  it('says where nothing listens, and that a name is not known', async () => {
    const dead = `127.0.0.1:${await freePort()}`
    const { answers } = await tested([
      at('webhook', dead),
      at('jira', dead),
      'webhook+https://no-such-host.invalid/',
      `smtp://${dead}/?from=a@example.com&to=b@example.com`,
    ])
    expect(answers).toEqual([
      expect.stringMatching(/^not delivered: ECONNREFUSED\. Nothing listens at its host and port/),
      expect.stringMatching(/^not checked: ECONNREFUSED\. Nothing listens at its host and port/),
      expect.stringMatching(/^not delivered: (ENOTFOUND|EAI_AGAIN)\. The name of its host is not known here/),
      expect.stringMatching(/^not delivered: ECONNREFUSED\. Nothing listens at its host and port/),
    ])
  })

  it.each<[string, string, RegExp]>([
    [
      'wecom',
      '{"errcode":93000,"errmsg":"x"}',
      /93000: the bot was removed, or its key is wrong; paste its address again$/,
    ],
    ['wecom', '{"errcode":40058,"errmsg":"x"}', /40058\. docs\/receivers\.md explains/],
    [
      'dingtalk',
      '{"errcode":310000,"errmsg":"x"}',
      /310000: keyword, .*; compare the security setting of the bot$/,
    ],
    [
      'dingtalk',
      '{"errcode":130101,"errmsg":"x"}',
      /^not delivered: errcode 130101, too many messages\. .* wait some minutes/,
    ],
    ['feishu', '{"code":19024,"msg":"x"}', /19024: the keyword of the bot is missing; set one/],
    ['slack', 'no_service', /^refused: no_service: the webhook was removed or switched off; make a new one$/],
    ['slack', 'channel_is_archived', /the channel was archived or removed; make a webhook of another one$/],
  ])('says of %s that answers %s with HTTP 200 what to do', async (kind, body, words) => {
    const { answers } = await testedAgainst((res) => void res.writeHead(200).end(body), [kind])
    expect(answers).toEqual([expect.stringMatching(words)])
  })
})
