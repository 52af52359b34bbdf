import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { contextWith, createContext } from '../../src/app/create.ts'
import { written } from '../../src/app/incidents/records.ts'
import {
  type LaneReport,
  lanesOf,
  outboxOf,
  parseReceiverAddresses,
  waiting,
} from '../../src/delivery/index.ts'
import type { Posted, PostOnce } from '../../src/delivery/post.ts'
import type { Language } from '../../src/model/language.ts'
import { silentLog } from '../../src/model/log.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { incidentOf, partOf } from '../support/incident-records.ts'

// Of several incidents in one message only those count as told that the message names, through the real receivers and lanes.

const BEGIN = Date.parse('2026-11-20T00:00:00Z')

const CHATS = {
  wecom: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000000',
  wecomapp: 'wecomapp+https://corp:secret@qyapi.weixin.qq.com/?agent=1000002&to=zhangsan',
  dingtalk: `https://oapi.dingtalk.com/robot/send?access_token=${'0'.repeat(64)}`,
  feishu: 'https://open.feishu.cn/open-apis/bot/v2/hook/00000000-0000-0000-0000-000000000000',
  slack: 'https://hooks.slack.com/services/T0000/B0000/abcdefgh',
} as const
type Chat = keyof typeof CHATS

interface Case {
  readonly chat: Chat
  readonly language: Language
  readonly names: readonly string[]
  /** In characters. Null: there are no pages. */
  readonly link: number | null
  readonly mentions: readonly string[]
  /** The receiver takes one message in so much time, in ms. */
  readonly perMs: number
  /** Why several become one message. */
  readonly state: 'waiting' | 'missed'
  /** The answer to the first message is lost. */
  readonly isLost: boolean
}

/** What no other text of a message has. */
const markOf = (id: string): string => `q${id.slice('in-'.length)}q`

const caseOf = (chat: Chat): fc.Arbitrary<Case> =>
  fc.record({
    chat: fc.constant(chat),
    language: fc.constantFrom<Language>('zh-CN', 'en'),
    names: fc.array(
      fc.oneof(
        fc.constant(''),
        fc.string({ maxLength: 60 }),
        fc.string({ unit: fc.constantFrom('生', '产', '网', '关', '-', '<', '"', '&'), maxLength: 60 }),
        fc.constant('生产环境-支付网关-'.repeat(40)),
      ),
      { minLength: 2, maxLength: 30 },
    ),
    link: fc.option(fc.oneof(fc.nat(300), fc.nat(3_000))),
    mentions: fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '1'), minLength: 1, maxLength: 64 }), {
      maxLength: 40,
    }),
    perMs: fc.constantFrom(1_000, 60_000),
    state: fc.constantFrom('waiting', 'missed'),
    isLost: fc.boolean(),
  })

const LOST: Posted = { kind: 'failed', outcome: { kind: 'unknown', reason: 'ECONNRESET' } }

/** A service that takes everything, in the words of each chat. */
function serviceOf({ chat, isLost }: Case) {
  const texts: string[] = []
  const body =
    chat === 'slack'
      ? 'ok'
      : JSON.stringify({ errcode: 0, code: 0, access_token: 't', expires_in: 7_200, media_id: 'm' })
  const post: PostOnce = async (address, content) => {
    // The file after a message of WeCom must not count: it needs a free place in the limit.
    const isText = typeof content.body === 'string' && !address.includes('gettoken')
    if (isText && !content.body.includes('"msgtype":"file"')) texts.push(String(content.body))
    if (isText && isLost && texts.length === 1) return LOST
    return { kind: 'answer', status: 200, headers: {}, body }
  }
  return { post, texts }
}

/** Lets everything that waits go out. Returns each message with what counted as told by it. */
async function toldIn(one: Case) {
  const { chat, language, names, link, mentions, perMs, state } = one
  let now = BEGIN
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  const store = createMemoryStore({ clock })
  const service = serviceOf(one)
  const [address] = parseReceiverAddresses(CHATS[chat])
  if (!address) throw new Error('no address')
  const receiver = {
    ...address.connect({ post: service.post, now: clock.now }),
    windows: [{ most: 1, perMs }],
  }
  const env = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key', CLB_DOCTOR_LANG: language }
  const base = createContext(loadConfig(env), silentLog)
  const told: { readonly text: string; readonly about: readonly string[] }[] = []
  const context = contextWith(
    {
      ...base,
      store,
      clock,
      canWait: true,
      config: { ...base.config, receivers: [{ name: chat, address, mentions, language: null }] },
      pagesOf: (id) => {
        if (link === null) return null
        const incident = `https://clb.example.com/${'p'.repeat(link)}/${id}`
        return { incident, acknowledge: `${incident}/a`, silence: `${incident}/s` }
      },
    },
    (options) =>
      lanesOf([{ name: chat, receiver }], {
        ...options,
        random: () => 0,
        settle: async (change, reports: readonly LaneReport[], subject) => {
          const about = reports.filter(({ outcome }) => outcome === 'delivered').map((report) => report.about)
          if (about.length > 0) told.push({ text: service.texts.at(-1) ?? '', about })
          await options.settle(change, reports, subject)
        },
      }),
  )
  for (const [i, name] of names.entries()) {
    const id = `in-${i}`
    const diagnosis = blocked(language)
    const clb = diagnosis.loadBalancer
    if (!clb) throw new Error('no CLB')
    const lead = { ...diagnosis, loadBalancer: { ...clb, id: `lb-${i}`, name: `${markOf(id)}${name}` } }
    const part = { ...partOf(`lb-${i}`, `dx-${i}`, BEGIN), name: `${markOf(id)}${name}` }
    const about = { about: id, news: ['first'], rank: 1, takenAt: BEGIN + i, deadline: BEGIN + 180_000 }
    const entry = waiting(chat, `${id}:first`, about, BEGIN)
    await store.write({
      put: [
        written('incidents', id, incidentOf(id, BEGIN, { parts: [part], deliveries: [] }), BEGIN),
        written('diagnoses', `dx-${i}`, { byLanguage: { [language]: lead }, causes: {} }, BEGIN),
        { ...entry, value: JSON.stringify({ ...JSON.parse(entry.value), state }) },
      ],
    })
  }
  await context.lanes.runUntil(BEGIN + 3 * 3_600_000)
  return { told, left: await store.count(outboxOf(chat)) }
}

describe.each(Object.keys(CHATS) as Chat[])('several incidents in one message to %s', (chat) => {
  it('count as told only if the message names them, and all are told in the end', async () => {
    await fc.assert(
      fc.asyncProperty(caseOf(chat), async (one) => {
        const { told, left } = await toldIn(one)
        const all = told.flatMap(({ about }) => about)
        expect(left).toBe(0)
        expect(all.toSorted()).toEqual(one.names.map((_, i) => `in-${i}`).toSorted())
        const unnamed = told.map(({ text, about }) => about.filter((id) => !text.includes(markOf(id))))
        expect(unnamed.flat()).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})
