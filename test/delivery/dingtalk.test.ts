import { describe, expect, it } from 'vitest'
import { DINGTALK, startDingtalk } from '../support/receivers/dingtalk.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'

const { token, secret } = DINGTALK
const reply = (code: number) => ({ body: JSON.stringify({ errcode: code, errmsg: 'x' }) })
const address = (scheme: string, host: string): string =>
  `dingtalk+${scheme}://${host}/robot/send?access_token=${token}&secret=${secret}`

everyHttpReceiver({
  name: 'the DingTalk group bot',
  secrets: [token, secret],
  address,
  standIn: startDingtalk,
  standInAddress: (url) => `dingtalk+${url}&secret=${secret}`,
  accepts: reply(0),
  refuses: reply(310000),
  later: reply(130101),
  inside200: reply(460101),
  limit: { most: 20, afterMs: 600_000 },
  chat: {
    mentions: [
      ['13800000000', '13800000000'],
      ['manager4220', 'manager4220'],
      ['@all', 'all'],
      ['a b](https://x)', null],
    ],
    longest: 20_000,
    lengthOf: (body) => Buffer.byteLength(body),
    grow: (body, text) => {
      const message = JSON.parse(body)
      message.markdown.text += text
      return JSON.stringify(message)
    },
  },
})

describe('the DingTalk group bot', () => {
  it.each([
    [-1, { kind: 'retry', afterMs: 0, retries: 3 }],
    [130101, { kind: 'retry', afterMs: 600_000 }],
    [90030, { kind: 'permanent' }],
    [101002, { kind: 'permanent' }],
    [460101, { kind: 'permanent' }],
    [310000, { kind: 'permanent', reason: expect.stringContaining('keyword') }],
  ])('reads the outcome from errcode %i', async (code, outcome) => {
    const nothing = { accepts() {}, refuses() {}, later() {} }
    const { port, close } = await httpReceiver((res) => res.end(reply(code).body), nothing)
    const receiver = receiverOf(address('http', `127.0.0.1:${port}`))
    expect(await receiver.send(delivery(), AbortSignal.timeout(3_000))).toMatchObject(outcome)
    await close()
  })

  it('takes the address as the service shows it, and drops a time and a signature of the past', () => {
    const pasted = `https://oapi.dingtalk.com/robot/send?access_token=${token}&timestamp=1&sign=x`
    expect(receiverOf(pasted).label).toBe('dingtalk oapi.dingtalk.com')
  })

  it.each([
    'https://oapi.dingtalk.com/robot/send',
    'https://oapi.dingtalk.com/robot/send?access_token=a&access_token=b',
    'https://oapi.dingtalk.com/robot/send?access_token=p1anted&secret=nosec-p1anted',
    'dingtalk+http://example.com/robot/send?access_token=p1anted',
  ])('refuses %s with words that hold no secret', (wrong) => {
    expect(() => receiverOf(wrong)).toThrow(/access_token|SEC|https/)
    expect(() => receiverOf(wrong)).not.toThrow(/p1anted/)
  })
})
