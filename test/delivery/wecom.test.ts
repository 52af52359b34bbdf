import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import { createPost } from '../../src/delivery/post.ts'
import { createWecomReceiver } from '../../src/delivery/wecom/index.ts'
import { NO_PROXIES } from '../../src/net/index.ts'
import { startWecomStandIn } from '../../src/simulator/wecom.ts'
import { type Behaviour, delivery, everySink, mutePort } from './contract.ts'
import { httpReceiver } from './http-rig.ts'

const KEY = 'p1anted-wecom-key-5f2a'

function sinkAt(address: string) {
  const [receiver] = parseReceiverAddresses(address)
  if (receiver?.kind !== 'wecom') throw new Error('not a WeCom receiver')
  return createWecomReceiver(receiver, createPost(NO_PROXIES))
}

const errcode = (code: number) => ({
  takes: (res: import('node:http').ServerResponse) => res.end(JSON.stringify({ errcode: code, errmsg: 'x' })),
})

async function rig(behaviour: Behaviour) {
  if (behaviour === 'never greets') {
    const { port, close } = await mutePort()
    return {
      sink: sinkAt(`wecom+https://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`),
      received: [],
      close,
    }
  }
  const { port, taken, close } = await httpReceiver(behaviour, {
    takes: (res) => res.end('{"errcode":0,"errmsg":"ok"}'),
    refuses: (res) => res.end('{"errcode":93000,"errmsg":"invalid webhook url"}'),
    later: (res) => res.end('{"errcode":45009,"errmsg":"api freq out of limit"}'),
  })
  const sink = sinkAt(`wecom+http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`)
  return {
    sink,
    get received() {
      return taken.map(({ body }) => JSON.parse(body).markdown.content as string)
    },
    close,
  }
}

everySink({ name: 'the WeCom group bot', secrets: [KEY], rig })

describe('the WeCom group bot', () => {
  const judged = async (answer: Parameters<typeof httpReceiver>[0]) => {
    const { port, close } = await httpReceiver(answer, { takes() {}, refuses() {}, later() {} })
    const sink = sinkAt(`wecom+http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`)
    const outcome = await sink.send(delivery(), AbortSignal.timeout(3_000))
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
  ])('is decided by errcode %i, not by HTTP 200', async (code, outcome) => {
    expect(await judged(errcode(code).takes)).toMatchObject(outcome)
  })

  it.each(['', 'ok', '{"errmsg":"ok"}', '{"errcode":"0"}', '[]', 'null'])(
    'is unknown when HTTP 200 says %j',
    async (body) => {
      expect(await judged((res) => res.end(body))).toMatchObject({ kind: 'unknown' })
    },
  )

  it('follows no redirect, reads no endless answer, and retries a server error', async () => {
    expect(
      await judged((res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
    ).toMatchObject({
      kind: 'permanent',
    })
    expect(await judged((res) => res.writeHead(503).end())).toMatchObject({ kind: 'retry' })
    const endless = judged((res) => {
      const more = (): void => {
        if (!res.destroyed && res.write('x'.repeat(65_536))) setImmediate(more)
        else if (!res.destroyed) res.once('drain', more)
      }
      more()
    })
    expect(await endless).toMatchObject({ kind: 'unknown' })
  })

  it('is taken by a group that enforces the documented limits', async () => {
    const group = await startWecomStandIn()
    const outcome = await sinkAt(`wecom+${group.url}`).send(delivery(), AbortSignal.timeout(3_000))
    expect([outcome.kind, group.messages[0]?.msgtype]).toEqual(['delivered', 'markdown'])
    await group.close()
  })
})
