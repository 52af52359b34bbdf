import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'

let group: WecomGroup
let now: number
beforeEach(async () => {
  now = 1_700_000_000_000
  group = await startWecomStandIn({ now: () => now })
})
afterEach(() => group.close())

interface Reply {
  readonly status: number
  readonly errcode: number
  readonly errmsg: string
}

async function post(body: string, url = group.url, method = 'POST'): Promise<Reply> {
  const reply = await fetch(url, { method, ...(method === 'POST' ? { body } : {}) })
  return { status: reply.status, ...((await reply.json()) as { errcode: number; errmsg: string }) }
}

const message = (msgtype: string, content: unknown): string =>
  JSON.stringify({ msgtype, [msgtype]: { content } })
const OK = { status: 200, errcode: 0, errmsg: 'ok' }

describe('the WeCom group', () => {
  it('shows messages of the types text, markdown and markdown_v2', async () => {
    for (const msgtype of ['text', 'markdown', 'markdown_v2'])
      expect(await post(message(msgtype, '健康检查异常'))).toEqual(OK)
    expect(group.messages).toEqual(
      ['text', 'markdown', 'markdown_v2'].map((msgtype) => ({ msgtype, content: '健康检查异常', at: now })),
    )
  })

  it.each([
    ['text', 2048],
    ['markdown', 4096],
    ['markdown_v2', 4096],
  ])('accepts %s of %i bytes of UTF-8 and refuses one byte more', async (msgtype, bytes) => {
    const full = '健'.repeat(Math.floor(bytes / 3)).padEnd(Math.floor(bytes / 3) + (bytes % 3), 'x')
    expect(await post(message(msgtype, full))).toEqual(OK)
    const { errcode, errmsg, status } = await post(message(msgtype, `${full}x`))
    expect([status, errcode, errmsg]).toEqual([200, 40058, `${msgtype}.content exceed max length ${bytes}`])
    expect(group.messages).toHaveLength(1)
  })

  it.each([
    ['an empty content', message('markdown', ''), 44004],
    ['a message without content', '{"msgtype":"markdown"}', 44004],
    ['a content that is a number', message('text', 7), 44004],
    ['an unknown type', message('poem', 'x'), 40008],
    ['a message without a type', '{}', 40008],
    ['a body that is not JSON', 'msgtype=text', 47001],
    ['the body null', 'null', 47001],
    ['an empty body', '', 47001],
  ])('refuses %s with HTTP 200 and an error code', async (_, body, code) => {
    const { status, errcode } = await post(body)
    expect([status, errcode]).toEqual([200, code])
    expect(group.messages).toEqual([])
  })

  it('refuses a wrong key, a wrong path and a wrong method', async () => {
    const good = message('text', 'x')
    const elsewhere = [group.url.replace(/key=.*/, 'key=wrong'), group.url.replace('send', 'sent')]
    for (const url of elsewhere) expect((await post(good, url)).errcode).toBe(93000)
    expect((await post('', group.url, 'GET')).errcode).toBe(43002)
  })

  it('accepts 20 messages in any minute', async () => {
    const codes: number[] = []
    for (let i = 0; i < 21; i++) codes.push((await post(message('text', String(i)))).errcode)
    expect(codes).toEqual([...Array(20).fill(0), 45009])
    now += 59_999
    expect((await post(message('text', 'early'))).errcode).toBe(45009)
    now += 1
    expect((await post(message('text', 'on time'))).errcode).toBe(0)
    expect(group.messages).toHaveLength(21)
  })

  it('gives a configured answer the configured number of times, and does not show those messages', async () => {
    group.reply({ errcode: 45009, errmsg: 'api freq out of limit' }, 2)
    const codes = [1, 2, 3].map(() => post(message('text', 'x')))
    expect((await Promise.all(codes)).map(({ errcode }) => errcode).sort()).toEqual([0, 45009, 45009])
    expect(group.messages).toHaveLength(1)
    group.reply({ status: 502 })
    const reply = await fetch(group.url, { method: 'POST', body: message('text', 'x') })
    expect([reply.status, await reply.text()]).toEqual([502, ''])
    expect(await post(message('text', 'x'))).toEqual(OK)
  })
})
