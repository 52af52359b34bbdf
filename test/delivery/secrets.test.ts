import net from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig, variableNames } from '../../src/app/config.ts'
import { loadConfigFile } from '../../src/app/config-file.ts'
import { listen } from '../net/connect-proxy.ts'
import { PLANTED, PLANTED_KINDS } from '../support/planted.ts'
import { leaksIn, seenOf } from './hostile-answers.ts'
import { receiverOf } from './http-contract.ts'

const WHSEC = Buffer.from(`${PLANTED} and twenty-four bytes`).toString('base64')
const PLAIN = Buffer.from(`\0ops\0${PLANTED}`).toString('base64')

const MAIL = (host: string): string =>
  `smtp://ops:${PLANTED}@${host}/?from=clb@example.com&to=oncall@example.com`

/** Each with a secret in each place that can hold one. */
const ADDRESSES = [
  `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${PLANTED}`,
  `wecomapp+https://ww0123456789abcdef:${PLANTED}@qyapi.weixin.qq.com/?agent=1000002&to=zhangsan`,
  `https://oapi.dingtalk.com/robot/send?access_token=${PLANTED}&secret=SEC${PLANTED}`,
  `https://open.feishu.cn/open-apis/bot/v2/hook/${PLANTED}?secret=${PLANTED}`,
  `https://hooks.slack.com/services/T0/B0/${PLANTED}`,
  `alertmanager+https://ops:${PLANTED}@example.com/${PLANTED}`,
  `jira+https://ops:${PLANTED}@example.com/?project=OPS`,
  `github+https://${PLANTED}@example.com/repos/shop/ops`,
  `tapd+https://ops:${PLANTED}@example.com/?workspace=1`,
  `webhook+https://example.com/${PLANTED}?sig=${PLANTED}&secret=whsec_${encodeURIComponent(WHSEC)}`,
  MAIL('example.com'),
]

/** Refuses at one command, with all that it got so far in its words. */
async function mailServer(refusedAt: string, code: number) {
  const server = net.createServer((socket) => {
    let got = ''
    socket.on('error', () => {}).write(`220 ${PLANTED}\r\n`)
    socket.on('data', (chunk: Buffer) => {
      got += chunk.toString()
      const line = got.trim().split('\n').at(-1) ?? ''
      const words = got.replace(/\s+/g, ' ')
      if (new RegExp(refusedAt).test(line)) return void socket.write(`${code} ${PLANTED} ${words}\r\n`)
      if (/^EHLO/.test(line)) return void socket.write(`250-${PLANTED}\r\n250 AUTH PLAIN LOGIN\r\n`)
      if (/^AUTH/.test(line)) return void socket.write(`235 ${words}\r\n`)
      if (/^DATA/.test(line)) return void socket.write(`354 ${words}\r\n`)
      if (/^(MAIL|RCPT)/.test(line) || line === '.') socket.write(`250 ${words}\r\n`)
    })
  })
  const port = await listen(server)
  return { host: `127.0.0.1:${port}`, close: () => void server.close() }
}

describe('smtp shows no secret', () => {
  it.each([
    ['EHLO|HELO', 554],
    ['AUTH', 535],
    ['AUTH', 454],
    ['MAIL', 530],
    ['RCPT', 550],
    ['RCPT', 451],
    ['DATA', 554],
    ['^\\.', 554],
    ['^\\.', 250],
  ])('after an echo at %s with %i', async (command, code) => {
    const { host, close } = await mailServer(command, code)
    expect(leaksIn(await seenOf(receiverOf(MAIL(host))), [PLAIN])).toEqual([])
    close()
  })
})

/** What people paste into the wrong variable. */
const MISPLACED = [
  PLANTED,
  `AKID${PLANTED}`,
  `https://user:${PLANTED}@example.com/`,
  `redis://:${PLANTED}@127.0.0.1/x`,
  `user:${PLANTED}@example.com`,
  `${PLANTED}:user@example.com`,
  `${PLANTED}://x`,
  ...ADDRESSES,
  ...PLANTED_KINDS.map(([, value]) => (typeof value === 'string' ? value : JSON.stringify(value))),
]

/** With the file of the configuration, as every start reads it. */
function load(variable: string, text: string): void {
  const own = /SECRET_/.test(variable) ? {} : { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' }
  const env = { TENCENTCLOUD_SECRET_ID: 'id', TENCENTCLOUD_SECRET_KEY: 'key', ...own, [variable]: text }
  // The path of the file is named if there is no such file.
  const file = variable === 'CLB_DOCTOR_CONFIG' && !text.includes('://') ? undefined : loadConfigFile(env, [])
  loadConfig(env, file)
}

describe('a variable that holds a secret of another one', () => {
  it('is tested for every variable', () => {
    expect(variableNames()).toEqual(
      expect.arrayContaining(['CLB_DOCTOR_DATA', 'CLB_DOCTOR_CONFIG', 'NO_PROXY', 'TENCENTCLOUD_SECRET_KEY']),
    )
  })

  it.each(variableNames())('is refused without it: %s', (variable) => {
    let refused = 0
    for (const value of MISPLACED)
      for (const text of [value, value.replace(/\s+/g, ' ')])
        try {
          load(variable, text)
        } catch (error) {
          refused += 1
          expect([text, leaksIn(inspect(error, { depth: 9 }), [WHSEC])]).toEqual([text, []])
        }
    // A list of hosts is never shown, and other programs write addresses into it. They set KUBECONFIG, too, so a wrong one
    // is a gap.
    if (!/^(?:no_proxy|kubeconfig)$/i.test(variable)) expect(refused).toBeGreaterThan(0)
  })
})
