import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/index.ts'
import { PLANTED } from '../support/planted.ts'

// People paste an address where a name or a file belongs. No line repeats its secret.

async function linesOf(args: readonly string[]): Promise<string> {
  let all = ''
  const add = (text: string | null): void => {
    all += `${text ?? ''}\n`
  }
  const env = {
    TENCENTCLOUD_SECRETID: 'id',
    TENCENTCLOUD_SECRETKEY: 'key',
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1:1',
    CLB_DOCTOR_SINKS: 'webhook+http://127.0.0.1:1/x',
    CLB_DOCTOR_DATA: `${tmpdir()}/clb-doctor-that-does-not-exist`,
    CLB_DOCTOR_LANG: 'en',
  }
  const status = await run(args, {
    out: add,
    err: add,
    progress: add,
    status: add,
    env,
    isTerminal: false,
    color: false,
    width: 100,
    statusWidth: () => 80,
    untilStopped: async () => {},
  })
  return `${all}${status}`
}

const ADDRESSES = [
  `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${PLANTED}`,
  `wecom+https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${PLANTED}&x=1`,
  `https://oapi.dingtalk.com/robot/send?access_token=${PLANTED}&secret=SEC${PLANTED}`,
  `https://open.feishu.cn/open-apis/bot/v2/hook/${PLANTED}`,
  `https://hooks.slack.com/services/T0/B0/${PLANTED}`,
  `https://hooks.slack.com/services/T0/B0/${PLANTED}=x`,
  `jira+https://ops:${PLANTED}@example.com/?project=OPS`,
  `github+https://${PLANTED}`,
  `smtp://ops:${PLANTED}@mail.example.com/?from=a@b.c&to=d@e.f`,
  `redis://:${PLANTED}@127.0.0.1/1`,
  `ops:${PLANTED}@example.com`,
  `https://user:${PLANTED}@example.com/`,
  `${PLANTED}://x`,
]

const CALLS: Readonly<Record<string, (address: string) => readonly string[]>> = {
  'sinks test': (address) => ['sinks', 'test', address],
  'sinks test, one too many': (address) => ['sinks', 'test', 'webhook-1', address],
  serve: (address) => ['serve', address],
  diagnose: (address) => ['diagnose', address],
  route: (address) => ['route', address],
  'no command': (address) => [address],
  'an option': (address) => [`diagnose`, `--${address}`],
  'a region': (address) => ['diagnose', 'lb-7dpmqwcu', '--region', address],
  'a region in one word': (address) => ['diagnose', 'lb-7dpmqwcu', `--region=${address}`],
  'a listener': (address) => ['diagnose', 'lb-7dpmqwcu', '--listener', address],
  'a snapshot': (address) => ['diagnose', '--snapshot', address],
  'a file to write': (address) => ['diagnose', 'lb-7dpmqwcu', '--output', `/none/${address}`],
  'an incident': (address) => ['incidents', address],
  'a scenario': (address) => ['demo', address],
}

describe.each(Object.entries(CALLS))('an address in the place of %s', (_, argsOf) => {
  it.each(ADDRESSES)('is not repeated with its secret: %s', async (address) => {
    const lines = await linesOf(argsOf(address))
    expect(lines).not.toContain(PLANTED)
    expect(lines).toMatch(/clb-doctor: .*\n+[23]$/s)
  })
})

it('keeps what helps to find the mistake', async () => {
  const [wecom = ''] = ADDRESSES
  expect(await linesOf(['diagnose', wecom])).toContain('"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?…"')
  expect(await linesOf(['incidents', '--url', 'http://127.0.0.1:1'])).toContain('http://127.0.0.1:1 does not')
  expect(await linesOf(['route', 'lb-x/ops'])).toContain('"lb-x/ops"')
})
