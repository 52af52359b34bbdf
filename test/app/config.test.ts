import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { ConfigError } from '../../src/app/config-error.ts'

const KEYS = { TENCENTCLOUD_SECRETID: 'AKIDabc', TENCENTCLOUD_SECRETKEY: 'top-s3cret' }
const WECOM = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=p1anted'

function errorOf(env: Record<string, string>): ConfigError {
  try {
    loadConfig({ ...KEYS, ...env })
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('no error')
}

describe('the configuration', () => {
  it('has the documented defaults', () => {
    expect(loadConfig(KEYS)).toMatchObject({
      region: null,
      apiDomain: 'tencentcloudapi.com',
      apiOrigin: null,
      apiRate: null,
      receivers: [],
      alarmTokens: [],
      language: 'zh-CN',
      timeZone: null,
      console: 'cn',
    })
  })

  it('takes the time zone of texts under any name of it, and the console that links lead to', () => {
    expect(
      loadConfig({ ...KEYS, CLB_DOCTOR_TZ: 'asia/singapore', CLB_DOCTOR_CONSOLE: 'intl' }),
    ).toMatchObject({
      timeZone: 'Asia/Singapore',
      console: 'intl',
    })
  })

  it.each([WECOM, 'redis://:p1anted@127.0.0.1/1', 'ops:p1anted@example.com'])(
    'refuses an address where a path belongs, and does not show it: %s',
    (address) => {
      for (const variable of ['CLB_DOCTOR_DATA', 'CLB_DOCTOR_CONFIG']) {
        const error = errorOf({ [variable]: address })
        expect(error.message).toMatch(new RegExp(`^${variable}: must be the path of a f(ile|older)`))
        expect(inspect(error, { depth: 9 })).not.toMatch(/p1anted|qyapi/)
      }
    },
  )

  it('takes any path of a folder', () => {
    for (const path of ['./clb-doctor-data', '/srv/a@b/数据', 'C:\\clb doctor', 'a:b'])
      expect(loadConfig({ ...KEYS, CLB_DOCTOR_DATA: path }).dataFolder).toBe(path)
  })

  it('reads credentials under the names of SCF and of the SDK', () => {
    const sdk = loadConfig({
      TENCENTCLOUD_SECRET_ID: 'a',
      TENCENTCLOUD_SECRET_KEY: 'b',
      TENCENTCLOUD_TOKEN: 'c',
    })
    expect([sdk.credentials.secretId.reveal(), sdk.credentials.token?.reveal()]).toEqual(['a', 'c'])
    expect(() => loadConfig({ TENCENTCLOUD_SECRETID: 'a' })).toThrow(/^TENCENTCLOUD_SECRETKEY is not set/)
  })

  it('reads proxies from upper-case and lower-case names, and the lower-case name has priority', () => {
    const either = [
      { HTTPS_PROXY: 'http://a.example:1', HTTP_PROXY: 'b.example:2', NO_PROXY: 'x,y' },
      { https_proxy: 'http://a.example:1', http_proxy: 'b.example:2', no_proxy: 'x,y' },
      { https_proxy: 'http://a.example:1', HTTPS_PROXY: 'c', http_proxy: 'b.example:2', NO_PROXY: 'x,y' },
    ]
    for (const env of either) {
      const { https, http, exempt } = loadConfig({ ...KEYS, ...env }).proxies
      expect([https?.reveal(), http?.reveal(), exempt]).toEqual([
        'http://a.example:1',
        'http://b.example:2',
        'x,y',
      ])
    }
    expect(loadConfig(KEYS).proxies).toEqual({ https: null, http: null, exempt: '' })
  })

  it.each(['socks5://h:1', 'http://', 'http://us%er:p1anted@h:1', 'p1anted with spaces'])(
    'refuses an invalid proxy and does not repeat it: %s',
    (text) => {
      const { variable, message } = errorOf({ HTTPS_PROXY: text })
      expect([variable, message]).toEqual([
        'HTTPS_PROXY',
        expect.stringMatching(/^HTTPS_PROXY: must be a proxy such as http:\/\/proxy/),
      ])
      expect(message).not.toContain('p1anted')
    },
  )

  it('shows no secret in inspect, JSON or a string', () => {
    const config = loadConfig({
      ...KEYS,
      CLB_DOCTOR_SINKS: WECOM,
      CLB_DOCTOR_ALARM_TOKEN: 't0ken-x',
      HTTPS_PROXY: 'http://user:pr0xy-pass@proxy.example:3128',
    })
    for (const text of [
      inspect(config, { depth: 9 }),
      JSON.stringify(config),
      String(config.credentials.secretKey),
    ])
      expect(text).not.toMatch(/top-s3cret|p1anted|t0ken-x|pr0xy-pass/)
  })

  it.each([
    ['TENCENTCLOUD_REGION', 'Guangzhou', 'ap-guangzhou'],
    ['TENCENTCLOUD_SESSIONTOKEN', 'två', 'ASCII'],
    ['TENCENTCLOUD_TOKEN', 'two\nlines', 'ASCII'],
    ['CLB_DOCTOR_API_DOMAIN', 'not a domain', 'tencentcloudapi.com'],
    ['CLB_DOCTOR_API_ORIGIN', 'ftp://x', 'http://127.0.0.1:9100'],
    ['CLB_DOCTOR_API_ORIGIN', 'http://127.0.0.1:9100/path', 'without a path'],
    ['CLB_DOCTOR_API_ORIGIN', 'nonsense', 'http://127.0.0.1:9100'],
    ['CLB_DOCTOR_API_RATE', '0', 'positive'],
    ['CLB_DOCTOR_API_RATE', 'fast', 'positive'],
    ['CLB_DOCTOR_LANG', 'fr', 'zh-CN or en'],
    ['CLB_DOCTOR_TZ', 'Beijing', 'Asia/Singapore or UTC'],
    ['CLB_DOCTOR_CONSOLE', 'international', 'cn or intl'],
    ['CLB_DOCTOR_IN_GUEST', 'maybe', 'off or on'],
    ['CLB_DOCTOR_IN_GUEST', 'on', 'clb-doctor guest-script --register'],
    ['CLB_DOCTOR_TAT_COMMAND', 'ins-a1b2c3d4', 'cmd-a1b2c3d4'],
    ['CLB_DOCTOR_REDIS_URL', 'http://:s3cret@127.0.0.1', 'must be redis://'],
    ['CLB_DOCTOR_REDIS_URL', '127.0.0.1:6379', 'must be redis://'],
    ['CLB_DOCTOR_PUBLIC_URL', 'http://clb.example.com', 'https://clb.example.com'],
    ['CLB_DOCTOR_PUBLIC_URL', 'clb.example.com', 'https://clb.example.com'],
    ['CLB_DOCTOR_PUBLIC_URL', 'https://clb.example.com/?a=1', 'https://clb.example.com'],
    ['CLB_DOCTOR_PUBLIC_URL', 'https://user:pass@clb.example.com', 'https://clb.example.com'],
    ['CLB_DOCTOR_LINK_KEY', 'one two three', 'one secret, or two'],
  ])('is refused in one line that names %s if its value is %j', (variable, value, words) => {
    const error = errorOf({ [variable]: value })
    expect([error.variable, error.message]).toEqual([variable, expect.stringContaining(words)])
    expect(error.message).toMatch(new RegExp(`^${variable}: `))
    expect(error.message).not.toContain('\n')
  })

  it('accepts a fractional rate', () => {
    expect(loadConfig({ ...KEYS, CLB_DOCTOR_API_RATE: '0.5' }).apiRate).toBe(0.5)
  })
})

describe('the receivers', () => {
  const named = (text: string) => loadConfig({ ...KEYS, CLB_DOCTOR_SINKS: text }).receivers
  const parsed = (text: string) => named(text).map(({ address }) => address)

  it('are named by kind and position', () => {
    expect(named(`${WECOM} smtps://h.example.com/?from=a@x.io&to=b@x.io`).map(({ name }) => name)).toEqual([
      'wecom-1',
      'smtp-2',
    ])
  })

  it('are separated by any white space, recognized by their addresses, and listed once', () => {
    const secret = Buffer.alloc(32, 7).toString('base64')
    const list = parsed(`${WECOM}
      webhook+https://hooks.example.com/clb?secret=whsec_${encodeURIComponent(secret)}
      smtps://user%40example.com:pass@smtp.example.com/?from=a@example.com&to=b@example.com,c@example.com ${WECOM}`)
    expect(list.map(({ kind, label }) => [kind, label])).toEqual([
      ['wecom', 'wecom qyapi.weixin.qq.com'],
      ['webhook', 'webhook hooks.example.com'],
      ['smtp', 'smtp smtp.example.com'],
    ])
    expect(list[2]).toMatchObject({
      port: 465,
      tls: 'implicit',
      user: 'user@example.com',
      to: ['b@example.com', 'c@example.com'],
    })
  })

  it('are separated by full-width spaces, too', () => {
    expect(parsed(`${WECOM}\u3000${WECOM}2`).map(({ kind }) => kind)).toEqual(['wecom', 'wecom'])
  })

  it('keep a plus sign, and a webhook keeps its own query unchanged', () => {
    const key = Buffer.alloc(32, 0xfb).toString('base64')
    const [hook, mail] = parsed(
      `webhook+https://h.example.com/x?sig=a%20b&flag&secret=whsec_${key}&s=%7E%2B smtps://h.example.com/?from=a@x.io&to=ops+clb@x.io`,
    )
    if (hook?.kind !== 'webhook' || mail?.kind !== 'smtp') throw new Error('other kinds')
    expect(hook.url.reveal()).toBe('https://h.example.com/x?sig=a%20b&flag&s=%7E%2B')
    expect(hook.keys.map((one) => one.reveal())).toEqual([key])
    expect(mail.to).toEqual(['ops+clb@x.io'])
  })

  it('use STARTTLS on plain smtp, on loopback if the server offers it', () => {
    const [far, near] = parsed(
      'smtp://h.example.com/?from=a@x.io&to=b@x.io smtp://127.0.0.1:2525/?from=a@x.io&to=b@x.io',
    )
    expect([far, near]).toMatchObject([
      { tls: 'starttls', port: 587 },
      { tls: 'offered', port: 2525 },
    ])
  })

  it.each([
    ['https://open.feishu.cn/open-apis/p1anted', 'the whole webhook URL'],
    ['https://oapi.dingtalk.com/robot/send?token=p1anted', 'access_token='],
    ['https://hooks.slack.com/p1anted', '/services/'],
    ['alertmanager+https://p1anted@h.example.com/', 'both user and password'],
    ['pagerduty+https://p1anted@events.pagerduty.com/', 'alertmanager+https'],
    ['servicenow+https://u:p1anted@x.service-now.com/', 'webhook+https'],
    ['https://api.telegram.org/bot1:p1anted/sendMessage', 'Telegram'],
    ['https://x.webhook.office.com/p1anted', 'Teams'],
    ['gitlab+https://p1anted@gitlab.example.com/', 'GitLab'],
    ['ses+https://p1anted@ses.tencentcloudapi.com/', 'SES'],
    ['jira+https://me:p1anted@x.atlassian.net/', 'write jira+https://user:token@'],
    ['wecom+https://qyapi.weixin.qq.com/cgi-bin/webhook/send', 'needs one key='],
    ['wecom+http://far.example.com/?key=p1anted', 'loopback only'],
    ['webhook+http://far.example.com/p1anted', 'loopback only'],
    ['webhook+https://x.example.com/?secret=p1anted', 'whsec_'],
    ['webhook+https://x.example.com/?secret=whsec_AAAA', '24 to 64 bytes'],
    ['smtps://u:p1anted@h.example.com/?to=b@x.io', 'from='],
    ['smtps://u:p1anted@h.example.com/?from=a@x.io', 'to='],
    ['smtps://u:p1anted@h.example.com/?from=a@x.io&to=nobody', 'to='],
    ['webhook+https://256.256.256.256/?token=p1anted', 'no valid host'],
    ['webhook+https:///p1anted', 'no valid host'],
    ['smtps://p1anted@h.example.com/?from=a@x.io&to=b@x.io', 'both user and password'],
    ['mailto:p1anted@x.io', 'is not known'],
    ['p1anted', 'is not a URL'],
    [`${WECOM},${WECOM}`, 'separate addresses by spaces'],
    [`${WECOM};webhook+https://h.example.com/p1anted`, 'separate addresses by spaces'],
    [`${WECOM}，${WECOM}`, 'separate addresses by spaces'],
    [`webhook+https://h.example.com/p1anted;${WECOM}`, 'separate addresses by spaces'],
    [`smtps://u:p1anted@h.example.com/?from=a@x.io&to=b@x.io,${WECOM}`, 'separate addresses by spaces'],
    [`${WECOM}、`, 'ends in a punctuation mark'],
    [`${WECOM},`, 'ends in a punctuation mark'],
    [`"${WECOM}"`, 'in quotes'],
    [`“${WECOM}”`, 'in quotes'],
    [`<${WECOM}>`, 'in quotes or brackets'],
    [`${WECOM}\u200b`, 'invisible character'],
    [`${WECOM}.p1anted!`, 'must be one word'],
    [`${WECOM}%2Cabc`, 'must be one word'],
    [`${WECOM}&key=p1anted2`, 'must be one word'],
  ])('refuse %s in one line that names its position and no secret', (address, words) => {
    const { message } = errorOf({ CLB_DOCTOR_SINKS: `${WECOM} ${address}` })
    expect(message).toMatch(/^CLB_DOCTOR_SINKS: receiver 2 /)
    expect(message).toContain(words)
    expect(message).not.toMatch(/p1anted|\n/)
  })
})
