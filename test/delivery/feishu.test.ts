import { describe, expect, it } from 'vitest'
import { FEISHU, startFeishu } from '../support/receivers/feishu.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'

const { hook, secret } = FEISHU
const reply = (code: number, msg = 'x', status = 200) => ({ status, body: JSON.stringify({ code, msg }) })
const address = (scheme: string, host: string): string =>
  `feishu+${scheme}://${host}/open-apis/bot/v2/hook/${hook}?secret=${secret}`

everyHttpReceiver({
  name: 'the Feishu group bot',
  secrets: [hook, secret],
  address,
  standIn: startFeishu,
  standInAddress: (url) => `feishu+${url}?secret=${secret}`,
  accepts: reply(0),
  refuses: reply(19024),
  later: reply(9499, 'too many request', 400),
  inside200: reply(19021),
  limit: { most: 5, afterMs: 10_000 },
  chat: {
    mentions: [
      ['ou_0a1b2c', 'ou_0a1b2c'],
      ['all', 'all'],
      ['x></at><at id=all', null],
    ],
    longest: 20 * 1024,
    lengthOf: (body) => Buffer.byteLength(body),
    grow: (body, text) => {
      const message = JSON.parse(body)
      message.card.elements[0].content += text
      return JSON.stringify(message)
    },
  },
})

describe('the Feishu group bot', () => {
  it.each([
    [reply(11232), { kind: 'retry', afterMs: 10_000 }],
    [reply(9499, 'too many request', 400), { kind: 'retry' }],
    [reply(9499, 'Bad Request', 400), { kind: 'permanent' }],
    [
      reply(19021),
      {
        kind: 'permanent',
        reason: 'code 19021: signature or clock; check secret= in the address, and the clock of this machine',
      },
    ],
    [reply(19022), { kind: 'permanent' }],
    [reply(19024), { kind: 'permanent' }],
    [reply(19036), { kind: 'permanent' }],
  ])('reads the outcome from %j', async ({ status, body }, outcome) => {
    const nothing = { accepts() {}, refuses() {}, later() {} }
    const { port, close } = await httpReceiver((res) => res.writeHead(status).end(body), nothing)
    const receiver = receiverOf(address('http', `127.0.0.1:${port}`))
    expect(await receiver.send(delivery(), AbortSignal.timeout(3_000))).toMatchObject(outcome)
    await close()
  })

  it.each([
    `https://open.feishu.cn/open-apis/bot/v2/hook/${hook}`,
    `https://open.larksuite.com/open-apis/bot/v2/hook/${hook}?secret=${secret}`,
    `lark+https://proxy.example.com/open-apis/bot/v2/hook/${hook}`,
  ])('takes %s', (pasted) => {
    expect(receiverOf(pasted).kind).toBe('feishu')
  })

  it.each([
    'https://open.feishu.cn/open-apis/bot/hook/p1anted',
    'https://open.feishu.cn/open-apis/bot/v2/hook/abc?secret=p1anted%20x',
    'feishu+http://example.com/open-apis/bot/v2/hook/p1anted',
  ])('refuses %s with words that hold no secret', (wrong) => {
    expect(() => receiverOf(wrong)).toThrow(/hook|secret|https/)
    expect(() => receiverOf(wrong)).not.toThrow(/p1anted/)
  })
})
