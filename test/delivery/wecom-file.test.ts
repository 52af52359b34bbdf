import type http from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/delivery/receiver.ts'
import { startWecomStandIn } from '../../src/simulator/wecom.ts'
import { manyFindings } from '../support/many-findings.ts'
import { noticeOf } from '../support/notices.ts'
import { delivery } from './contract.ts'
import { receiverOf } from './http-contract.ts'
import { httpReceiver, type Taken } from './http-rig.ts'

const MANY = manyFindings(40, 'zh-CN')
/** Every text is so long that the message does not fit into 4,096 bytes. */
const LONG = {
  ...MANY,
  findings: MANY.findings.map((one) => ({
    ...one,
    title: `${one.title}：${'安全组规则'.repeat(60)}`,
    quote: '拒绝 TCP 8080'.repeat(60),
  })),
}
const long = delivery(1, { message: LONG })

describe('a WeCom message that had to be cut', () => {
  async function told(deliveries: readonly ReturnType<typeof delivery>[], stepMs = 0) {
    let now = 1_800_000_000_000
    const group = await startWecomStandIn({ now: () => now })
    const receiver = receiverOf(`wecom+${group.url}`, () => now)
    const outcomes: Outcome[] = []
    for (const one of deliveries) {
      outcomes.push(await receiver.send(one, AbortSignal.timeout(10_000)))
      now += stepMs
    }
    await group.close()
    return { group, outcomes }
  }

  it('is followed by the whole report as a file, which is named after the diagnosis or the incident', async () => {
    const { group, outcomes } = await told([
      long,
      delivery(1, { message: noticeOf(LONG, { incident: { id: 'in-00000000000000ab' } }) }),
    ])
    // The file counts as a message of the bot.
    const withFile = { kind: 'delivered', extra: 1 }
    expect(outcomes).toEqual([withFile, withFile])
    expect(group.files.map(({ name }) => name)).toEqual([
      `clb-doctor-${LONG.id}.html`,
      'clb-doctor-in-00000000000000ab.html',
    ])
    const [message] = group.messages
    const [file] = group.files
    expect(message?.content).toMatch(/另有 \d+ 项未显示/)
    expect(file?.content).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i)
    expect(file?.content.length).toBeGreaterThan(5 * (message?.content.length ?? 0))
  })

  it('is one message if nothing was cut', async () => {
    const { group, outcomes } = await told([delivery()])
    expect(outcomes).toEqual([{ kind: 'delivered' }])
    expect([group.messages.length, group.files.length]).toEqual([1, 0])
  })

  it('leaves the limit of the bot alone: 18 messages and two files a minute', async () => {
    const { group, outcomes } = await told(Array.from({ length: 18 }, () => long))
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 18 }, () => 'delivered'))
    expect([group.messages.length, group.files.length]).toEqual([18, 2])
    expect(outcomes[2]).toEqual({
      kind: 'delivered',
      reason: 'without the file: more than 2 files in a minute',
    })
    expect((await told([long, long, long], 30_001)).group.files).toHaveLength(3)
  })

  it('has no file if the limit of the bot has no room for one', async () => {
    const { group, outcomes } = await told([delivery(1, { message: LONG, room: 0 })])
    expect(outcomes).toEqual([
      { kind: 'delivered', reason: 'without the file: the limit of messages a minute is used up' },
    ])
    expect([group.messages.length, group.files.length]).toEqual([1, 0])
  })

  const OK = '{"errcode":0,"errmsg":"ok"}'
  /** A bot that answers the message, the upload and the file with these. */
  async function outcomeOf(message: string, upload: string | null, file = OK) {
    const answer = (response: http.ServerResponse, { path, body }: Taken): unknown => {
      if (!path.includes('upload_media')) return response.end(body.includes('"file"') ? file : message)
      return upload === null ? response.socket?.resetAndDestroy() : response.end(upload)
    }
    const { port, taken, close } = await httpReceiver(answer, { accepts() {}, refuses() {}, later() {} })
    const address = `wecom+http://127.0.0.1:${port}/cgi-bin/webhook/send?key=p1anted`
    const outcome = await receiverOf(address).send(long, AbortSignal.timeout(10_000))
    await close()
    return { outcome, requests: taken.length }
  }

  it.each([
    ['{"errcode":45002}', OK, 'upload: errcode 45002'],
    ['{"errcode":0}', OK, 'upload: the answer has no media_id'],
    ['<html>', OK, 'upload: the answer has no errcode'],
    [null, OK, 'upload: ECONNRESET'],
    ['{"errcode":0,"media_id":"m"}', '{"errcode":40007}', 'errcode 40007'],
    ['{"errcode":0,"media_id":"m"}', '{"errcode":45009}', 'errcode 45009'],
  ])('is delivered without the file if the upload gets %s and the file %s', async (upload, file, problem) => {
    expect((await outcomeOf(OK, upload, file)).outcome).toEqual({
      kind: 'delivered',
      ...(upload?.includes('media_id') ? { extra: 1 } : {}),
      reason: `without the file: ${problem}`,
    })
  })

  it.each(['{"errcode":45009}', '{"errcode":93000}', '<html>'])(
    'is followed by no file if the message gets %s',
    async (message) => {
      const { outcome, requests } = await outcomeOf(message, OK)
      expect(outcome.kind).not.toBe('delivered')
      expect(requests).toBe(1)
    },
  )
})

describe('the stand-in of the WeCom group', () => {
  const form = (content: string, name = 'media'): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a.html"; filelength=${content.length}\r\nContent-Type: text/html\r\n\r\n${content}\r\n--x--\r\n`,
  })

  it('takes files of 5 bytes to 20 MB, by a media_id that it gave', async () => {
    const group = await startWecomStandIn()
    const uploadTo = `${group.url.replace('/send', '/upload_media')}&type=file`
    const codeOf = async (url: string, init: RequestInit): Promise<unknown> => {
      const answer = (await (await fetch(url, init)).json()) as { errcode: unknown }
      return answer.errcode
    }
    expect(await codeOf(uploadTo, form('1234'))).toBe(40006)
    expect(await codeOf(uploadTo, form('x'.repeat(20 * 1024 * 1024 + 1)))).toBe(40006)
    expect(await codeOf(uploadTo, form('12345', 'file'))).toBe(44001)
    expect(await codeOf(uploadTo.replace('type=file', 'type=image'), form('12345'))).toBe(40004)
    expect(await codeOf(uploadTo.replace('key=', 'key=0'), form('12345'))).toBe(93000)
    expect(await codeOf(uploadTo, form('12345'))).toBe(0)
    const show = (media_id: string) => ({
      method: 'POST',
      body: JSON.stringify({ msgtype: 'file', file: { media_id } }),
    })
    expect(await codeOf(group.url, show('media-9'))).toBe(40007)
    expect(await codeOf(group.url, show('media-1'))).toBe(0)
    expect(group.files.map(({ name, content }) => [name, content])).toEqual([['a.html', '12345']])
    await group.close()
  })
})
