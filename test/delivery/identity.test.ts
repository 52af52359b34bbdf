import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'

// What makes a receiver the same one when its address is written in another form, or when a secret in it was made anew.

const identityOf = (address: string): string => {
  const [parsed] = parseReceiverAddresses(address)
  return parsed?.identity.reveal() ?? 'no address'
}

const WECOM = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send'
const APP = 'qyapi.weixin.qq.com/?agent=1000002'
const DINGTALK = 'https://oapi.dingtalk.com/robot/send'
const FEISHU = 'https://open.feishu.cn/open-apis/bot/v2/hook'
const SLACK = 'https://hooks.slack.com/services'
const MAIL = 'smtp://mail.example.com'
const WHSEC = (letter: string): string => `whsec_${Buffer.from(letter.repeat(24)).toString('base64')}`

describe('an address is the same receiver', () => {
  it.each([
    ['WeCom, pasted or with its kind', `${WECOM}?key=k-1`, `wecom+${WECOM}?key=k-1&debug=1`],
    [
      'a WeCom application with another secret, its people in another order',
      `wecomapp+https://corp:one@${APP}&to=li|wang&party=2`,
      `wecomapp+https://corp:two@${APP}&party=2&to=wang|li`,
    ],
    [
      'DingTalk with another signing secret',
      `${DINGTALK}?access_token=t1&secret=SEC1`,
      `dingtalk+${DINGTALK}?access_token=t1&secret=SEC2`,
    ],
    ['Feishu with another signing secret', `${FEISHU}/h1?secret=one`, `feishu+${FEISHU}/h1`],
    ['Slack with another token', `${SLACK}/T0AAA/B0BBB/one`, `slack+${SLACK}/T0AAA/B0BBB/two`],
    [
      'Alertmanager with another password, and with its whole path',
      'alertmanager+https://ops:one@am.example.com:9093',
      'alertmanager+https://ops:two@am.example.com:9093/api/v2/alerts',
    ],
    [
      'Jira with another user and token, another type of issue, and a small project key',
      'jira+https://a%40x.com:one@shop.atlassian.net/?project=OPS',
      'jira+https://b%40x.com:two@shop.atlassian.net?project=ops&type=Bug&done=Closed',
    ],
    [
      'GitHub with another token, in other letters',
      'github+https://ghp_one@api.github.com/repos/Shop/Ops',
      'github+https://ghp_two@api.github.com/repos/shop/ops',
    ],
    [
      'TAPD with another login',
      'tapd+https://a:one@api.tapd.cn/?workspace=1',
      'tapd+https://b:two@api.tapd.cn/?workspace=1&done=closed',
    ],
    [
      'a webhook with another signing key, another password and another body',
      `webhook+https://a:one@hook.example.com/clb?x=1&secret=${WHSEC('a')}`,
      `webhook+https://b:two@hook.example.com/clb?secret=${WHSEC('b')}&x=1&body=alertmanager-v4`,
    ],
    [
      'mail by another login, sender and port, its people in another order',
      `${MAIL.replace('mail', 'MAIL')}:587/?from=a@x.com&to=Ops@x.com,li@x.com`,
      `smtps://u:p@mail.example.com/?from=b@x.com&to=li@x.com&to=ops@x.com`,
    ],
  ])('%s', (_, one, other) => {
    expect(identityOf(other)).toBe(identityOf(one))
  })
})

describe('an address is another receiver', () => {
  it.each([
    ['WeCom with another key', `${WECOM}?key=k-1`, `${WECOM}?key=k-2`],
    [
      'a WeCom application for other people',
      `wecomapp+https://corp:s@${APP}&to=li`,
      `wecomapp+https://corp:s@${APP}&to=wang`,
    ],
    [
      'a WeCom application for a tag, not for a department',
      `wecomapp+https://corp:s@${APP}&tag=2`,
      `wecomapp+https://corp:s@${APP}&party=2`,
    ],
    [
      'another WeCom application',
      `wecomapp+https://corp:s@${APP}&to=li`,
      `wecomapp+https://corp:s@${APP.replace('1000002', '1000003')}&to=li`,
    ],
    ['DingTalk with another token', `${DINGTALK}?access_token=t1`, `${DINGTALK}?access_token=t2`],
    ['another bot of Feishu', `${FEISHU}/h1`, `${FEISHU}/h2`],
    ['another webhook of one Slack team', `${SLACK}/T0AAA/B0BBB/one`, `${SLACK}/T0AAA/B0CCC/one`],
    ['a Slack path of another form', `${SLACK}/one/two`, `${SLACK}/one/three`],
    [
      'another Alertmanager',
      'alertmanager+https://am.example.com:9093',
      'alertmanager+https://am.example.com:9094',
    ],
    [
      'another project of one Jira',
      'jira+https://u:t@shop.atlassian.net/?project=OPS',
      'jira+https://u:t@shop.atlassian.net/?project=DEV',
    ],
    [
      'another repository',
      'github+https://t@api.github.com/repos/shop/ops',
      'github+https://t@api.github.com/repos/shop/dev',
    ],
    [
      'another workspace of TAPD',
      'tapd+https://u:p@api.tapd.cn/?workspace=1',
      'tapd+https://u:p@api.tapd.cn/?workspace=2',
    ],
    [
      'a webhook with another parameter',
      'webhook+https://hook.example.com/clb?room=1',
      'webhook+https://hook.example.com/clb?room=2',
    ],
    ['mail to other people', `${MAIL}/?from=a@x.com&to=ops@x.com`, `${MAIL}/?from=a@x.com&to=dev@x.com`],
    [
      'mail through another server',
      `${MAIL}/?from=a@x.com&to=ops@x.com`,
      'smtp://relay.example.com/?from=a@x.com&to=ops@x.com',
    ],
    [
      'the same host for another kind',
      'webhook+https://am.example.com/api/v2/alerts',
      'alertmanager+https://am.example.com/api/v2/alerts',
    ],
  ])('%s', (_, one, other) => {
    expect(identityOf(other)).not.toBe(identityOf(one))
  })
})

const refusalOf = (sinks: string): string => {
  try {
    parseReceiverAddresses(sinks)
    return 'taken'
  } catch (error) {
    return String(error)
  }
}

describe('one receiver in two spellings is refused', () => {
  it.each([
    ['WeCom with another parameter', `${WECOM}?key=k1anted`, `wecom+${WECOM}?key=k1anted&x=1`],
    [
      'DingTalk with and without its signing secret',
      `${DINGTALK}?access_token=k1anted`,
      `${DINGTALK}?access_token=k1anted&secret=SECk1anted`,
    ],
    ['Feishu with its kind', `${FEISHU}/k1anted`, `feishu+${FEISHU}/k1anted`],
    ['Slack with another token', `${SLACK}/T0AAA/B0BBB/k1anted`, `${SLACK}/T0AAA/B0BBB/k1anted2`],
    [
      'a WeCom application, its people in another order',
      `wecomapp+https://corp:k1anted@${APP}&to=li|wang`,
      `wecomapp+https://corp:k1anted@${APP}&to=wang|li`,
    ],
    [
      'a TAPD workspace by two logins',
      'tapd+https://a:k1anted@api.tapd.cn/?workspace=1',
      'tapd+https://b:k1anted@api.tapd.cn/?workspace=1',
    ],
    [
      'a repository by two tokens',
      'github+https://k1anted@api.github.com/repos/shop/ops',
      'github+https://k1anted2@api.github.com/repos/Shop/ops',
    ],
  ])('%s: the line names both, and no secret', (_, one, other) => {
    const refusal = refusalOf(`${one} webhook+https://hook.example.com/clb ${other}`)
    expect(refusal).toMatch(/receiver 3 \(\w+ [\w.]+\) is receiver 1 .*remove one of the two/)
    expect(refusal).not.toContain('k1anted')
    expect(refusalOf(one)).toBe('taken')
  })

  it('but not the same text twice, which is one receiver', () => {
    expect(parseReceiverAddresses(`${WECOM}?key=k-1 ${WECOM}?key=k-1`)).toHaveLength(1)
  })
})

describe('two receivers at one place stay two', () => {
  it.each([
    [
      'two types of issue in one Jira project',
      'jira+https://u:t@shop.atlassian.net/?project=OPS',
      'jira+https://u:t@shop.atlassian.net/?project=OPS&type=Bug',
    ],
    [
      'two forms of one webhook',
      'webhook+https://hook.example.com/clb',
      'webhook+https://hook.example.com/clb?body=alertmanager-v4',
    ],
    [
      'two users of one Alertmanager',
      'alertmanager+https://a:p@am.example.com',
      'alertmanager+https://b:p@am.example.com',
    ],
    [
      'mail by two servers of one host',
      `${MAIL}:2525/?from=a@x.com&to=b@x.com`,
      `${MAIL}:2526/?from=a@x.com&to=b@x.com`,
    ],
    ['mail from two senders', `${MAIL}/?from=a@x.com&to=b@x.com`, `${MAIL}/?from=c@x.com&to=b@x.com`],
  ])('%s', (_, one, other) => {
    expect(parseReceiverAddresses(`${one} ${other}`)).toHaveLength(2)
  })
})

it('is not shown by accident', () => {
  const [address] = parseReceiverAddresses(`${WECOM}?key=a-key-that-nobody-may-see`)
  expect(JSON.stringify(address) + String(address?.identity)).not.toContain('nobody-may-see')
})
