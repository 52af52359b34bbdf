import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import { createPost } from '../../src/delivery/post.ts'
import type { Delivery, Receiver } from '../../src/delivery/receiver.ts'
import type { TestMessage } from '../../src/model/incident.ts'
import { NO_PROXIES } from '../../src/net/index.ts'
import { startWecomapp, WECOMAPP, type WecomappStandIn } from '../support/receivers/wecomapp.ts'
import { delivery } from './contract.ts'
import { blocked } from './diagnoses.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'
import { type Before, httpReceiver } from './http-rig.ts'

const { corpid, secret, query } = WECOMAPP
const LOGIN = `${corpid}:${secret}@`
const TOKEN = 'p1anted-token-5f2a'

const reply = (errcode: number, more: object = {}) => ({
  body: JSON.stringify({ errcode, errmsg: 'x', ...more }),
})
const addressOf = (base: string, login = `${corpid}:${secret}`, asked: string = query): string =>
  `wecomapp+${base.replace('://', `://${login}@`)}/?${asked}`
const grants: Before = ({ path }) =>
  path.startsWith('/cgi-bin/gettoken?') ? reply(0, { access_token: TOKEN, expires_in: 7_200 }) : null

everyHttpReceiver({
  name: 'the WeCom application',
  secrets: [secret, TOKEN],
  address: (scheme, host) => addressOf(`${scheme}://${host}`),
  standIn: startWecomapp,
  standInAddress: (url) => addressOf(url),
  before: grants,
  accepts: reply(0),
  refuses: reply(81013),
  later: reply(45009),
  inside200: reply(40058),
  // What is over its limits is dropped without an answer that says so.
  limit: null,
  chat: {
    mentions: [
      ['zhangsan', null],
      ['@all', null],
    ],
    isMarkdown: false,
    longest: 2048,
    lengthOf: (body) => Buffer.byteLength(JSON.parse(body).markdown.content),
    grow: (body, text) => {
      const message = JSON.parse(body)
      message.markdown.content += text
      return JSON.stringify(message)
    },
  },
})

const sent = (receiver: Receiver, fields: Partial<Delivery> = {}) =>
  receiver.send(delivery(1, fields), AbortSignal.timeout(3_000))

/** Messages that differ, because WeCom drops what it has had. */
const numbered = (n: number): Partial<Delivery> => {
  const message = blocked()
  return {
    id: `dx-${n}`,
    message: message.loadBalancer
      ? { ...message, loadBalancer: { ...message.loadBalancer, name: `shop-${n}` } }
      : message,
  }
}

interface Scene {
  readonly service: WecomappStandIn
  readonly receiver: Receiver
  readonly another: (login?: string, asked?: string) => Receiver
  wait(ms: number): void
}

async function withService(use: (scene: Scene) => Promise<void>, login?: string, asked?: string) {
  let now = 1_800_000_000_000
  const service = await startWecomapp(() => now)
  const means = { post: createPost(NO_PROXIES), now: () => now }
  const another = (login?: string, asked?: string): Receiver => {
    const [parsed] = parseReceiverAddresses(addressOf(service.url, login, asked))
    if (!parsed) throw new Error('no address')
    return parsed.connect(means)
  }
  const wait = (ms: number): void => {
    now += ms
  }
  try {
    await use({ service, receiver: another(login, asked), another, wait })
  } finally {
    await service.close()
  }
}

const DELIVERED = { kind: 'delivered' }

describe('the access token of a WeCom application', () => {
  it('is asked for once by messages that are sent at the same time, also by other receivers of it', () =>
    withService(async ({ service, receiver, another }) => {
      const other = another(undefined, 'agent=1000002&to=wangwu')
      const outcomes = await Promise.all(
        [receiver, other, receiver, other].map((one, n) => sent(one, numbered(n))),
      )
      expect(outcomes).toEqual([DELIVERED, DELIVERED, DELIVERED, DELIVERED])
      expect([service.asked, service.shown.length]).toEqual([1, 4])
    }))

  it('is kept until shortly before its end, and then asked for again', () =>
    withService(async ({ service, receiver, wait }) => {
      const askedAfter = async (ms: number, n: number): Promise<number> => {
        wait(ms)
        expect(await sent(receiver, numbered(n))).toEqual(DELIVERED)
        return service.asked
      }
      expect(await askedAfter(0, 1)).toBe(1)
      expect(await askedAfter(6_899_000, 2)).toBe(1)
      // The service gives the same one again while that is valid: 300 seconds, of which half are kept.
      expect(await askedAfter(1_000, 3)).toBe(2)
      expect(await askedAfter(149_000, 4)).toBe(2)
      expect(await askedAfter(151_000, 5)).toBe(3)
    }))

  it('is replaced once if the service ended it early, and the message is delivered', () =>
    withService(async ({ service, receiver }) => {
      await sent(receiver, numbered(1))
      service.endTokens()
      expect(await sent(receiver, numbered(2))).toEqual(DELIVERED)
      expect([service.asked, service.shown.length]).toEqual([2, 2])
    }))

  it.each([40014, 42001])(
    'that is refused with %i again after it was replaced is tried later',
    async (code) => {
      let asked = 0
      const before: Before = (taken) => {
        const granted = grants(taken)
        if (granted) asked += 1
        return granted
      }
      const { port, taken, close } = await httpReceiver((res) => res.end(reply(code).body), NOTHING, before)
      expect(await sent(receiverOf(addressOf(`http://127.0.0.1:${port}`)))).toMatchObject({ kind: 'retry' })
      expect([asked, taken.length]).toEqual([2, 2])
      await close()
    },
  )

  it.each([
    ['secret', `${corpid}:p1anted-wrong`, 'errcode 40001: the secret is wrong'],
    ['corpid', `ww9:${secret}`, 'errcode 40013: the corpid is wrong'],
  ])('is not asked for again for an hour after a wrong %s, which bans the address', (_, login, words) =>
    withService(async ({ service, another, wait }) => {
      const refused = {
        kind: 'permanent',
        reason: expect.stringMatching(`${words}.*not tried again for an hour`),
      }
      for (let n = 0; n < 10; n++) {
        // Another receiver of the same application asks no more either.
        expect(await sent(another(login, n % 2 ? query : 'agent=1000002&to=wangwu'))).toEqual(refused)
        wait(60_000)
      }
      expect(service.asked).toBe(1)
      wait(3_600_000)
      expect(await sent(another(login))).toEqual(refused)
      expect(service.asked).toBe(2)
      expect(await sent(another())).toEqual(DELIVERED)
    }),
  )

  it.each([
    ['no JSON', { body: '<html>' }, { kind: 'retry' }],
    ['no token', reply(0), { kind: 'retry' }],
    ['a token that is no text', reply(0, { access_token: 7, expires_in: 7_200 }), { kind: 'retry' }],
    ['-1', reply(-1), { kind: 'retry', retries: 3 }],
    ['45009', reply(45009), { kind: 'retry', afterMs: 60_000 }],
    ['HTTP 503', { status: 503, body: '' }, { kind: 'retry' }],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
      { kind: 'permanent' },
    ],
  ])('decides alone if the answer is %s, because no message has left', async (_name, answer, outcome) => {
    const before: Before = ({ path }) => (path.startsWith('/cgi-bin/gettoken') ? answer : null)
    const { port, taken, close } = await httpReceiver('accepts', NOTHING, before)
    const result = await sent(receiverOf(addressOf(`http://127.0.0.1:${port}`)))
    expect(result).toMatchObject({ ...outcome, reason: expect.stringMatching(/^gettoken: /) })
    expect(taken).toEqual([])
    await close()
  })

  it('is waited for by the others if the one that asked first is given up', async () => {
    const answers: (() => void)[] = []
    const { port, close } = await httpReceiver((res, { path }) => {
      const answer = grants({ path })
      if (answer) answers.push(() => res.end(answer.body))
      else res.end(reply(0).body)
    }, NOTHING)
    const receiver = receiverOf(addressOf(`http://127.0.0.1:${port}`))
    const stop = new AbortController()
    const first = receiver.send(delivery(1, numbered(1)), stop.signal)
    const second = sent(receiver, numbered(2))
    await expect.poll(() => answers.length).toBe(1)
    stop.abort()
    expect(await first).toEqual({ kind: 'retry', afterMs: 0, reason: 'gettoken: no answer in time' })
    for (const answer of answers) answer()
    expect(await second).toEqual(DELIVERED)
    await close()
  })
})

const NOTHING = { accepts() {}, refuses() {}, later() {} }

/** The outcome of a message that gets this answer. */
async function outcomeOf(answer: { readonly body: string }, asked: string = query) {
  const { port, taken, close } = await httpReceiver((res) => res.end(answer.body), NOTHING, grants)
  const outcome = await sent(receiverOf(addressOf(`http://127.0.0.1:${port}`, undefined, asked)))
  await close()
  return { outcome, taken }
}

describe('the WeCom application', () => {
  it.each([
    [-1, { kind: 'retry', afterMs: 0, retries: 3 }],
    [45033, { kind: 'retry', afterMs: 0 }],
    [45009, { kind: 'retry', afterMs: 60_000 }],
    [40001, { kind: 'permanent', reason: expect.stringMatching(/secret(?!.*hour)/) }],
    [81013, { kind: 'permanent', reason: expect.stringContaining('to=') }],
    [82001, { kind: 'permanent', reason: expect.stringContaining('to=') }],
    [48002, { kind: 'permanent', reason: expect.stringContaining('agent=') }],
    [301002, { kind: 'permanent', reason: expect.stringContaining('agent=') }],
    [40056, { kind: 'permanent', reason: expect.stringContaining('agent=') }],
    [40058, { kind: 'permanent', reason: 'errcode 40058' }],
  ])('reads the outcome from errcode %i', async (code, outcome) => {
    expect((await outcomeOf(reply(code))).outcome).toMatchObject(outcome)
  })

  it('names the address that WeCom does not trust, and where to add it', () =>
    withService(async ({ service, receiver }) => {
      service.trust(false)
      const outcome = await sent(receiver)
      expect(outcome).toMatchObject({ kind: 'permanent' })
      for (const words of ['60020', '203.0.113.7', '企业可信IP', 'fixed outbound address'])
        expect(outcome.reason).toContain(words)
    }))

  it('shows no words of the answer where an address should be', async () => {
    const { outcome } = await outcomeOf({
      body: JSON.stringify({ errcode: 60020, errmsg: `from ip: ${TOKEN}, from ip: abc.def` }),
    })
    expect(outcome.reason).toContain('the address that clb-doctor sends from')
    expect(outcome.reason).not.toMatch(/abc|p1anted/)
  })

  it('counts as delivered in part if WeCom left somebody out, by name if the address has the name', () =>
    withService(
      async ({ receiver }) => {
        expect(await sent(receiver)).toEqual({
          kind: 'delivered',
          reason:
            'it did not reach to=Nobody, party=9, tag=8; they do not exist, or the application may not see them',
        })
      },
      undefined,
      'agent=1000002&to=zhangsan|Nobody&party=1|9&tag=8|7',
    ))

  it('shows no name that its address does not have', async () => {
    const { outcome } = await outcomeOf(reply(0, { invaliduser: `${TOKEN}|zhangsan`, unlicenseduser: 'x|y' }))
    expect(outcome).toEqual({
      kind: 'delivered',
      reason: expect.stringMatching(
        /^it did not reach to=zhangsan, 1 more \(invaliduser\), 2 more \(unlicenseduser\);/,
      ),
    })
  })

  it('is refused for good if nobody that it names exists', () =>
    withService(
      async ({ receiver, service }) => {
        expect(await sent(receiver)).toMatchObject({
          kind: 'permanent',
          reason: expect.stringContaining('81013'),
        })
        expect(service.shown).toEqual([])
      },
      undefined,
      'agent=1000002&to=nobody',
    ))

  it('sends everything that the service asks for, with the agent as a number', async () => {
    const { taken } = await outcomeOf(reply(0), 'agent=1000002&to=@all&party=1&party=2&tag=7')
    expect(taken[0]?.path).toBe(`/cgi-bin/message/send?access_token=${TOKEN}`)
    expect(JSON.parse(taken[0]?.body ?? '')).toEqual({
      touser: '@all',
      toparty: '1|2',
      totag: '7',
      msgtype: 'markdown',
      agentid: 1000002,
      markdown: { content: expect.stringContaining('lb-7dpmqwcu') },
      safe: 0,
      enable_duplicate_check: 1,
      duplicate_check_interval: 1800,
    })
  })

  it.each(['request', 'answer'] as const)('shows a message once, unmarked, if its %s was lost', (what) =>
    withService(async ({ service, receiver, wait }) => {
      await sent(receiver, numbered(1))
      service.lose(what)
      expect(await sent(receiver, { ...numbered(2), id: 'dx-2' })).toMatchObject({ kind: 'unknown' })
      wait(60_000)
      // It is made anew for each attempt, and says something else by now.
      expect(await sent(receiver, { ...numbered(3), id: 'dx-2', mayRepeat: true })).toEqual(DELIVERED)
      expect(service.shown.map(({ text }) => text.match(/shop-\d/)?.[0])).toEqual(['shop-1', 'shop-2'])
      expect(service.shown.map(({ text }) => text.includes('可能是重复消息'))).toEqual([false, false])
    }),
  )

  it('marks a repeat that WeCom would not know: after half an hour, of another message, or of another process', () =>
    withService(async ({ service, receiver, another, wait }) => {
      const isMarked = async (by: Receiver, id: string, ms: number): Promise<boolean | undefined> => {
        service.lose('answer')
        expect(await sent(receiver, { id: 'dx-1' })).toMatchObject({ kind: 'unknown' })
        wait(ms)
        expect(await sent(by, { id, mayRepeat: true })).toEqual(DELIVERED)
        return service.shown.at(-1)?.text.includes('可能是重复消息')
      }
      expect(await isMarked(receiver, 'dx-1', 60_000)).toBe(false)
      expect(await isMarked(receiver, 'dx-1', 1_740_000)).toBe(true)
      wait(3_600_000)
      expect(await isMarked(receiver, 'dx-2', 60_000)).toBe(true)
      wait(3_600_000)
      expect(await isMarked(another(), 'dx-1', 60_000)).toBe(true)
    }))

  it('takes a test message', () =>
    withService(async ({ service, receiver }) => {
      const message: TestMessage = {
        kind: 'test',
        id: 'te-0000000000000001',
        createdAt: '2026-11-20T00:00:00.000Z',
        language: 'zh-CN',
        receiver: 'oncall',
      }
      expect(await sent(receiver, { message })).toEqual(DELIVERED)
      expect(service.shown[0]?.text).toContain('oncall')
    }))

  it('may stand behind a proxy with a fixed address, at a path', async () => {
    const { port, taken, close } = await httpReceiver(
      (res) => res.end(reply(0).body),
      NOTHING,
      ({ path }) => (path.startsWith('/wecom/') ? grants({ path: path.slice('/wecom'.length) }) : null),
    )
    expect(await sent(receiverOf(addressOf(`http://127.0.0.1:${port}`).replace('/?', '/wecom/?')))).toEqual(
      DELIVERED,
    )
    expect(taken.map(({ path }) => path.split('?')[0])).toEqual(['/wecom/cgi-bin/message/send'])
    await close()
  })

  it.each([
    [`${corpid}@`, query, 'corpid:secret@'],
    ['', query, 'corpid:secret@'],
    [`${corpid}:p1anted%E0%A4@`, query, 'percent-encoded'],
    [LOGIN, 'to=zhangsan', 'agent='],
    [LOGIN, 'agent=shop&to=zhangsan', 'agent='],
    [LOGIN, 'agent=1&agent=2&to=zhangsan', 'agent='],
    [LOGIN, 'agent=1', 'to='],
    [LOGIN, 'agent=1&to=', 'to='],
    [LOGIN, 'agent=1&to=a||b', 'to='],
    [LOGIN, 'agent=1&to=a,b', 'to='],
    [LOGIN, 'agent=1&party=shop', 'party='],
    [LOGIN, 'agent=1&tag=1|x', 'tag='],
    [LOGIN, `agent=1&to=${Array.from({ length: 1_001 }, (_, n) => n).join('|')}`, 'to='],
  ])('refuses the login %j with %j, and says what is needed', (login, asked, words) => {
    const wrong = `wecomapp+https://${login}qyapi.weixin.qq.com/?${asked}`
    expect(() => receiverOf(wrong)).toThrow(words)
    expect(() => receiverOf(wrong)).not.toThrow(/p1anted/)
  })

  it.each([
    `https://${LOGIN}qyapi.weixin.qq.com/?agent=1000002&to=zhangsan`,
    `wecom+https://${LOGIN}qyapi.weixin.qq.com/?agent=1000002&to=zhangsan`,
    'https://qyapi.weixin.qq.com/?agent=1000002&to=zhangsan',
    `https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=${corpid}&corpsecret=${secret}`,
    `https://qyapi.weixin.qq.com/cgi-bin/message/send?access_token=${TOKEN}`,
  ])('is named by its form if its address has the form of another receiver: %s', (pasted) => {
    expect(() => receiverOf(pasted)).toThrow(
      'is of a WeCom application, not of a group bot; write wecomapp+https://corpid:secret@qyapi.weixin.qq.com/?agent=1000002&to=zhangsan',
    )
    expect(() => receiverOf(pasted)).not.toThrow(/p1anted/)
  })

  it.each([
    'to=zhangsan',
    'to=li.wei|zhang@shop|a-b_c',
    'to=@all',
    'party=2',
    'tag=7|8',
    'to=a&to=b&party=1',
  ])('takes an address with %s', (people) => {
    expect(receiverOf(`wecomapp+https://${LOGIN}qyapi.weixin.qq.com/?agent=1000002&${people}`)).toMatchObject(
      {
        kind: 'wecomapp',
        label: 'wecomapp qyapi.weixin.qq.com',
      },
    )
  })

  it('stays below the limits over which WeCom drops messages without a word', () =>
    withService(async ({ service, receiver }) => {
      const [minute, hour] = receiver.windows ?? []
      expect(minute).toEqual({ most: 20, perMs: 60_000 })
      expect(hour).toEqual({ most: 300, perMs: 3_600_000 })
      for (let n = 0; n < 31; n++) expect(await sent(receiver, numbered(n))).toEqual(DELIVERED)
      // The stand-in does as WeCom does: the last one is answered with 0, and nobody sees it.
      expect([service.sent, service.shown.length]).toEqual([31, 30])
    }))
})
