import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import { createPost } from '../../src/delivery/post.ts'
import { createWecomReceiver } from '../../src/delivery/wecom/index.ts'
import { NO_PROXIES } from '../../src/net/index.ts'
import { startWecomStandIn } from '../../src/simulator/wecom.ts'
import { type Behaviour, delivery, everyReceiver, mutePort } from './contract.ts'
import { httpReceiver } from './http-rig.ts'

const KEY = 'p1anted-wecom-key-5f2a'

function receiverAt(address: string) {
  const [receiver] = parseReceiverAddresses(address)
  if (receiver?.kind !== 'wecom') throw new Error('not a WeCom receiver')
  return createWecomReceiver(receiver, createPost(NO_PROXIES))
}

const errcode = (code: number) => ({
  accepts: (res: import('node:http').ServerResponse) =>
    res.end(JSON.stringify({ errcode: code, errmsg: 'x' })),
})

async function rig(behaviour: Behaviour) {
  if (behaviour === 'never greets') {
    const { port, close } = await mutePort()
    return {
      receiver: receiverAt(`wecom+https://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`),
      received: [],
      close,
    }
  }
  const { port, taken, close } = await httpReceiver(behaviour, {
    accepts: (res) => res.end('{"errcode":0,"errmsg":"ok"}'),
    refuses: (res) => res.end('{"errcode":93000,"errmsg":"invalid webhook url"}'),
    later: (res) => res.end('{"errcode":45009,"errmsg":"api freq out of limit"}'),
  })
  const receiver = receiverAt(`wecom+http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`)
  return {
    receiver,
    get received() {
      return taken.map(({ body }) => JSON.parse(body).markdown.content as string)
    },
    close,
  }
}

everyReceiver({ name: 'the WeCom group bot', secrets: [KEY], rig })

describe('the WeCom group bot', () => {
  const outcomeAfter = async (answer: Parameters<typeof httpReceiver>[0]) => {
    const { port, close } = await httpReceiver(answer, { accepts() {}, refuses() {}, later() {} })
    const receiver = receiverAt(`wecom+http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`)
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

  it('sends a message that a group with the documented limits accepts', async () => {
    const group = await startWecomStandIn()
    const outcome = await receiverAt(`wecom+${group.url}`).send(delivery(), AbortSignal.timeout(3_000))
    expect([outcome.kind, group.messages[0]?.msgtype]).toEqual(['delivered', 'markdown'])
    await group.close()
  })
})
