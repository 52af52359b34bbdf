import { describe, expect, it } from 'vitest'
import { startWecom } from '../support/receivers/wecom.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'

const KEY = 'p1anted-wecom-key-5f2a'

const errcode = (code: number) => ({
  accepts: (res: import('node:http').ServerResponse) =>
    res.end(JSON.stringify({ errcode: code, errmsg: 'x' })),
})

const reply = (code: number) => ({ body: JSON.stringify({ errcode: code, errmsg: 'x' }) })

everyHttpReceiver({
  name: 'the WeCom group bot',
  secrets: [KEY],
  address: (scheme, host) => `wecom+${scheme}://${host}/cgi-bin/webhook/send?key=${KEY}`,
  standIn: startWecom,
  standInAddress: (url) => `wecom+${url}`,
  accepts: reply(0),
  refuses: reply(93000),
  later: reply(45009),
  inside200: reply(40058),
  limit: { most: 20, afterMs: 60_000 },
  chat: {
    mentions: [
      ['zhangsan', 'zhangsan'],
      ['@all', null],
      ['a> <b', null],
    ],
    isMarkdown: false,
    longest: 4096,
    lengthOf: (body) => Buffer.byteLength(JSON.parse(body).markdown.content),
    grow: (body, text) => {
      const message = JSON.parse(body)
      message.markdown.content += text
      return JSON.stringify(message)
    },
  },
})

describe('the WeCom group bot', () => {
  const outcomeAfter = async (answer: Parameters<typeof httpReceiver>[0]) => {
    const { port, close } = await httpReceiver(answer, { accepts() {}, refuses() {}, later() {} })
    const receiver = receiverOf(`wecom+http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`)
    const outcome = await receiver.send(delivery(), AbortSignal.timeout(3_000))
    await close()
    return outcome
  }

  it.each([
    [-1, { kind: 'retry', afterMs: 0, retries: 3 }],
    [45033, { kind: 'retry', afterMs: 0 }],
    [45009, { kind: 'retry', afterMs: 60_000 }],
    [93000, { kind: 'permanent' }],
    [93004, { kind: 'permanent' }],
    [40058, { kind: 'permanent' }],
  ])('reads the outcome from errcode %i, not from HTTP 200', async (code, outcome) => {
    expect(await outcomeAfter(errcode(code).accepts)).toMatchObject(outcome)
  })

  it.each(['', 'ok', '{"errmsg":"ok"}', '{"errcode":"0"}', '[]', 'null'])(
    'gives an unknown outcome if HTTP 200 has the body %j',
    async (body) => {
      expect(await outcomeAfter((res) => res.end(body))).toMatchObject({ kind: 'unknown' })
    },
  )

  it('follows no redirect, reads no endless answer, and retries a server error', async () => {
    expect(
      await outcomeAfter((res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
    ).toMatchObject({
      kind: 'permanent',
    })
    expect(await outcomeAfter((res) => res.writeHead(503).end())).toMatchObject({ kind: 'retry' })
    const endless = outcomeAfter((res) => {
      const more = (): void => {
        if (!res.destroyed && res.write('x'.repeat(65_536))) setImmediate(more)
        else if (!res.destroyed) res.once('drain', more)
      }
      more()
    })
    expect(await endless).toMatchObject({ kind: 'unknown' })
  })
})
