import type http from 'node:http'
import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import { createPost } from '../../src/delivery/post.ts'
import type { Delivery, Outcome, Receiver } from '../../src/delivery/receiver.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { OperatorNote } from '../../src/model/incident.ts'
import { NO_PROXIES } from '../../src/net/index.ts'
import { manyFindings } from '../support/many-findings.ts'
import { memberOf, noticeOf } from '../support/notices.ts'
import { linksIn, type Now, type Reply, type StandIn } from '../support/receivers/stand-in.ts'
import { type Behaviour, delivery, everyReceiver, mutePort, type Subject } from './contract.ts'
import { blocked } from './diagnoses.ts'
import { itNamesWhatItTells, type SendDigest } from './digest-contract.ts'
import { failedConnections } from './failed-connections.ts'
import { itShowsNoSecret } from './hostile-answers.ts'
import { type Before, httpReceiver } from './http-rig.ts'

/** A receiver over HTTP, with a strict stand-in of its service. */
export interface HttpSubject extends Omit<Subject, 'rig'> {
  /** Its address at `127.0.0.1:9000` with http or https. */
  address(scheme: 'http' | 'https', host: string): string
  standIn(now: Now): Promise<StandIn>
  /** The address of a stand-in, from its URL. */
  standInAddress(url: string): string
  /** Left out: its first request is the message. */
  readonly before?: Before
  readonly accepts: Reply
  readonly refuses: Reply
  readonly later: Reply
  /** An error that comes with HTTP 200. Null: the service has none. */
  readonly inside200: Reply | null
  /** Messages that the service takes at once, and the wait that the outcome asks for after one more. */
  readonly limit: { readonly most: number; readonly afterMs: number } | null
  /** What a chat shows for people. Null: a format for machines. */
  readonly chat: {
    /** Whom the configuration names, and what the stand-in shows of each. */
    readonly mentions: readonly (readonly [string, string | null])[]
    /** False: it knows neither lists nor italics. */
    readonly isMarkdown?: false
    /** The length of a body in the unit of the service's limit, and the most that it takes. */
    readonly longest: number
    lengthOf(body: string): number
    /** The body with more text in it. */
    grow(body: string, text: string): string
  } | null
}

export interface Sent {
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** `sent` gets every request. Addresses on loopback are allowed by name, unless `permission` says otherwise. */
export function receiverOf(
  address: string,
  now: Now = Date.now,
  sent: Sent[] = [],
  { proxies = NO_PROXIES, permission = { allowPrivate: true } } = {},
): Receiver {
  const [parsed] = parseReceiverAddresses(address, permission)
  if (!parsed) throw new Error('no address')
  const post = createPost(proxies)
  return parsed.connect({
    now,
    post: (to, content, signal) => {
      sent.push({ address: to, headers: content.headers, body: String(content.body) })
      return post(to, content, signal)
    },
  })
}

const send = (receiver: Receiver, fields: Partial<Delivery> = {}, withinMs = 3_000) =>
  receiver.send(delivery(1, fields), AbortSignal.timeout(withinMs))

export const EVIL = [
  '[gift](https://evil.example/a)',
  'https://evil.example.com/b www.evil.cn evil.com a@evil.org',
  'evil.icu shop.zone a.b.news evil.world/x?y a@evil.museum evil.com-x i❤.ws cafe\u0301.zone www.1evil.x',
  'evil．com evil。com evil｡com 恶意．公司 ｅｖｉｌ．ｃｏｍ www．evil．c',
  '<@all> <!channel> <at id=all></at> <@U012AB3CD> @all @13800000000',
  '**bold** `code` ~~gone~~ _italic_ # head > quote <font color="red">x</font> &lt;b&gt;',
  '![i](https://evil.example/i.png) <https://evil.example|shop>',
  'a\u0000b\u0007c\u202edcba\u2066x\u200by\r\n# second line\n- item',
  'x'.repeat(10_240),
  '负载'.repeat(1_700),
]

export const noteOf = (lines: readonly string[]): OperatorNote => ({
  kind: 'note',
  id: 'on-0000000000000001',
  createdAt: '2026-11-20T00:00:00.000Z',
  language: 'zh-CN',
  title: 'x',
  lines,
})

export function hostile(name: string): Diagnosis {
  const base = blocked()
  return base.loadBalancer ? { ...base, loadBalancer: { ...base.loadBalancer, name } } : base
}

/** What has no place in a text that people see. U+2060 is ours: it keeps names from becoming links. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
export const INVISIBLE = /[\u0000-\u0009\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/
const MARKS = /\*\*bold|`code`|^- item|^# second|<font|<b>/m
/** What WeCom does not know. */
const MORE_MARKS = /~gone~|(?<!\p{L})_italic_/u

/** The suite of every receiver, and what receivers over HTTP have in common. */
export function everyHttpReceiver(subject: HttpSubject): void {
  const answer =
    ({ status = 200, headers = {}, body }: Reply) =>
    (res: http.ServerResponse) =>
      res.writeHead(status, headers).end(body)
  const answers = {
    accepts: answer(subject.accepts),
    refuses: answer(subject.refuses),
    later: answer(subject.later),
  }
  async function rig(behaviour: Behaviour) {
    if (behaviour === 'never greets') {
      const { port, close } = await mutePort()
      return { receiver: receiverOf(subject.address('https', `127.0.0.1:${port}`)), received: [], close }
    }
    const { port, taken, close } = await httpReceiver(behaviour, answers, subject.before)
    return {
      receiver: receiverOf(subject.address('http', `127.0.0.1:${port}`)),
      get received() {
        return taken.map(({ body }) => body)
      },
      close,
    }
  }
  everyReceiver({ name: subject.name, secrets: subject.secrets, rig })

  describe(`${subject.name}, over HTTP`, () => {
    itReadsAnswers(subject, async (reply) => {
      const { port, taken, close } = await httpReceiver(answer(reply), answers, subject.before)
      const outcome = await send(receiverOf(subject.address('http', `127.0.0.1:${port}`)))
      await close()
      return { outcome, requests: taken.length }
    })
    itTriesAgainWhatCannotHaveLeft(subject)
    itShowsNoSecret(
      subject,
      subject.address('https', 'example.com'),
      (host) => receiverOf(subject.address('http', host)),
      subject.before,
    )
    itKeepsLimits(subject)
    itNamesWhatItTells(async (message, fields) => {
      let done: Awaited<ReturnType<SendDigest>> | null = null
      await withStandIn(subject, async ({ service, receiver, sent }) => {
        const outcome = await send(receiver, { message, ...fields })
        const seen = subject.chat ? (service.shown[0]?.text ?? '') : sent.map(({ body }) => body).join('\n')
        done = { receiver, outcome, seen }
      })
      if (done === null) throw new Error('nothing was sent')
      return done
    })
    if (subject.chat) itShowsTextAsText(subject, subject.chat.mentions)
  })
}

function itReadsAnswers(
  { inside200 }: HttpSubject,
  after: (reply: Reply) => Promise<{ readonly outcome: Outcome; readonly requests: number }>,
): void {
  it('waits at HTTP 429 and 503 as long as Retry-After says, and retries without it', async () => {
    const limited = async (status: number, headers: Record<string, string>) =>
      (await after({ status, headers, body: 'no' })).outcome
    expect(await limited(429, { 'retry-after': '7' })).toMatchObject({ kind: 'retry', afterMs: 7_000 })
    expect(await limited(429, {})).toMatchObject({ kind: 'retry', afterMs: 0 })
    expect(await limited(503, { 'retry-after': '9' })).toMatchObject({ kind: 'retry', afterMs: 9_000 })
    expect(await limited(500, {})).toMatchObject({ kind: 'retry', afterMs: 0 })
  })

  it.each([301, 302, 303, 307, 308])('follows no redirect at HTTP %i, and names it', async (status) => {
    const headers = { location: 'http://127.0.0.1:1/' }
    const { outcome, requests } = await after({ status, headers, body: '' })
    expect(outcome).toMatchObject({
      kind: 'permanent',
      reason: expect.stringContaining(`HTTP ${status}, a redirect`),
    })
    expect(requests).toBe(1)
  })

  if (inside200)
    it('takes HTTP 200 with an error code as a refusal, and without a code as unknown', async () => {
      expect((await after(inside200)).outcome).toMatchObject({ kind: 'permanent' })
      for (const body of ['', '<html>', '[]', 'null', '{}'])
        expect((await after({ body })).outcome).toMatchObject({ kind: 'unknown' })
    })
}

/** The request begins when the connection is open, its proxy and its TLS included. */
function itTriesAgainWhatCannotHaveLeft({ address }: HttpSubject): void {
  it('asks for a retry if a proxy or TLS fails, because nothing has left', async () => {
    const outcomes = await failedConnections((host, proxies) =>
      send(receiverOf(address('https', host), Date.now, [], { proxies }), {}, 700),
    )
    for (const [failure, outcome] of outcomes)
      expect([failure, outcome]).toEqual([failure, expect.objectContaining({ kind: 'retry' })])
    expect(outcomes.length).toBeGreaterThan(5)
  })
}

/** A stand-in, a receiver that sends to it, and a clock. */
async function withStandIn(
  subject: HttpSubject,
  use: (rig: {
    readonly service: StandIn
    readonly receiver: Receiver
    readonly sent: readonly Sent[]
    wait(ms: number): void
  }) => Promise<void>,
): Promise<void> {
  let now = 1_800_000_000_000
  const sent: Sent[] = []
  const service = await subject.standIn(() => now)
  const receiver = receiverOf(subject.standInAddress(service.url), () => now, sent)
  try {
    await use({
      service,
      receiver,
      sent,
      wait: (ms) => {
        now += ms
      },
    })
  } finally {
    await service.close()
  }
}

function itKeepsLimits(subject: HttpSubject): void {
  const { limit, chat } = subject
  if (limit)
    it('waits as the documents of the service say when it has had enough, and has a budget below that', () =>
      withStandIn(subject, async ({ service, receiver, wait }) => {
        for (let count = 0; count < limit.most; count++)
          expect(await send(receiver)).toMatchObject({ kind: 'delivered' })
        expect(await send(receiver)).toMatchObject({ kind: 'retry', afterMs: limit.afterMs })
        expect(service.shown).toHaveLength(limit.most)
        wait(limit.afterMs)
        expect(await send(receiver)).toMatchObject({ kind: 'delivered' })
        expect(receiver.windows?.some(({ most }) => most <= limit.most)).toBe(true)
      }))

  it('sends whatever is to be said in a form that the service takes, and counts what was left out', () =>
    withStandIn(subject, async ({ service, receiver, sent, wait }) => {
      const lead = { ...manyFindings(400, 'zh-CN'), attention: 'act-soon' } as const
      const members = Array.from({ length: 60 }, (_, n) =>
        memberOf(lead, { id: `lb-${n}`, name: `${n}-${'长名'.repeat(2_000)}`, headline: '异常'.repeat(900) }),
      )
      const lines = Array.from({ length: 300 }, (_, n) => `${n} ${'\u884c'.repeat(390)}`)
      for (const message of [
        noteOf(lines),
        lead,
        noticeOf(lead, { members }),
        { ...hostile('😀"\\&<'.repeat(2_000)), attention: 'act-soon' } as const,
      ]) {
        expect(await send(receiver, { message })).toMatchObject({ kind: 'delivered' })
        wait(60_000)
      }
      expect((chat ? service.shown : sent).length).toBe(4)
      if (chat) expect(service.shown[0]?.text).toMatch(/另有 \d+ 项未显示/)
    }))

  if (!chat) return
  it('goes to a stand-in that takes the longest message and refuses one unit more', () =>
    withStandIn(subject, async ({ service, receiver, sent, wait }) => {
      await send(receiver)
      const first = sent.at(-1)
      if (!first) throw new Error('nothing was sent')
      const missing = chat.longest - chat.lengthOf(first.body)
      const accepted: number[] = []
      for (const more of [missing, missing + 1]) {
        wait(60_000)
        const before = service.shown.length
        const body = chat.grow(first.body, 'x'.repeat(more))
        await createPost(NO_PROXIES)(
          first.address,
          { headers: first.headers, body },
          AbortSignal.timeout(3_000),
        )
        if (service.shown.length > before) accepted.push(chat.lengthOf(body))
      }
      expect(accepted).toEqual([chat.longest])
    }))
}

function itShowsTextAsText(
  subject: HttpSubject,
  mentions: readonly (readonly [string, string | null])[],
): void {
  it.each(EVIL)('shows a name as text, never as a link, a mention or markup: %j', (name) =>
    withStandIn(subject, async ({ service, receiver }) => {
      expect(await send(receiver, { message: hostile(name) })).toMatchObject({ kind: 'delivered' })
      const [shown] = service.shown
      const text = shown?.text ?? ''
      expect(shown?.mentions).toEqual([])
      expect(linksIn(text).filter((link) => !link.startsWith('https://console.'))).toEqual([])
      expect(text).not.toMatch(INVISIBLE)
      expect(text).not.toMatch(MARKS)
      if (subject.chat?.isMarkdown !== false) expect(text).not.toMatch(MORE_MARKS)
    }),
  )

  it('marks a message of which an earlier attempt may have arrived', () =>
    withStandIn(subject, async ({ service, receiver, wait }) => {
      await send(receiver)
      wait(60_000)
      await send(receiver, { mayRepeat: true })
      expect(service.shown.map(({ text }) => text.includes('可能是重复消息'))).toEqual([false, true])
    }))

  it('mentions whom the configuration names, if the service knows such a name', () =>
    withStandIn(subject, async ({ service, receiver }) => {
      await send(receiver, { mentions: mentions.map(([person]) => person) })
      expect(service.shown[0]?.mentions.toSorted()).toEqual(
        mentions.flatMap(([, shown]) => shown ?? []).toSorted(),
      )
    }))
}
