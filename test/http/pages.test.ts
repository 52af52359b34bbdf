import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { noticeOf } from '../../src/app/incidents/notice.ts'
import { createLinks } from '../../src/app/links.ts'
import { renderAs } from '../../src/app/rendering.ts'
import { createApp } from '../../src/http/app.ts'
import type { Incident } from '../../src/incidents/index.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { type Stage, setStage } from '../e2e/support.ts'
import { API_TOKEN, logged, TOKENS } from './support.ts'

// The pages of an incident over the routes, with a real diagnosis of the simulated cloud.

const PUBLIC_URL = 'https://clb.example.com/ops'
const DAY_MS = 86_400_000

let stage: Stage
let context: ReturnType<typeof createContext>
let id: string
let shift = 0
const clock: Clock = { ...systemClock, now: () => Date.now() + shift }
const { log, lines } = logged()

beforeAll(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
  const env = { ...stage.env, ...TOKENS, CLB_DOCTOR_PUBLIC_URL: PUBLIC_URL }
  context = createContext(loadConfig(env), log, { canWait: true, clock })
  const { alarms } = parseAlarm(scenario.alarm())
  const done = await handleInPlace(alarms, context, { read: 10_000, total: 20_000 })
  id = done.handled[0]?.incidents[0]?.id ?? ''
  expect(id).toMatch(/^in-/)
}, 30_000)

afterAll(async () => {
  context.close()
  await stage.close()
})

const appOf = (slowsWrongTokens = false) =>
  createApp({
    context,
    enqueue: async () => 'enqueued',
    trustLoopback: false,
    slowsWrongTokens,
    addressOf: () => '198.51.100.7',
    readBudget: 1_000,
  })

const pages = (language: 'en' | 'zh-CN' = 'en', incident = id) => {
  const made = context.pagesOf(incident, language)
  if (!made) throw new Error('no pages')
  return made
}
/** As the proxy at the public address passes it on. */
const local = (url: string): string => url.slice(PUBLIC_URL.length)
const get = (url: string) => appOf().request(local(url))
const post = (url: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  appOf().request(local(url), {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
async function incident(): Promise<Incident> {
  const [stored] = await context.store.read([{ collection: 'incidents', id }])
  return JSON.parse(stored?.value ?? 'null') as Incident
}

describe('the links of a message', () => {
  it('are in what the group receives, and lead to the pages', async () => {
    const [message] = stage.group.messages
    expect(message?.content).toContain(`${PUBLIC_URL}/incidents/${id}?until=`)
    const urls = [...(message?.content ?? '').matchAll(/https:\/\/clb\.example\.com[^)\s]*/g)].map(
      ([url]) => url,
    )
    expect(urls).toHaveLength(3)
    for (const url of urls) expect((await get(url)).status).toBe(200)
  })

  it('open a page with the state, the cause, the messages and what happened', async () => {
    const html = await (await get(pages().incident)).text()
    expect(html).toContain('<html lang="en">')
    for (const word of [
      'shop-front',
      'security group',
      'first message',
      'delivered',
      'the incident began',
      'I have it',
    ])
      expect(html).toContain(word)
  })

  it('open pages in one language: that of the link, or the one in which the diagnosis is kept', async () => {
    const button = await (await get(pages('zh-CN').silence)).text()
    expect(button).toContain('<html lang="zh-CN">')
    expect(button).toContain('静默多久')
    const html = await (await get(pages('zh-CN').incident)).text()
    expect(html).toContain('<html lang="en">')
    expect(html).not.toMatch(/\p{Script=Han}/u)
  })

  it('open pages without scripts, which load nothing and stand in no frame', async () => {
    for (const url of Object.values(pages())) {
      const reply = await get(url)
      const html = await reply.text()
      expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(/i)
      expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(reply.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(reply.headers.get('cache-control')).toBe('no-store')
      expect(reply.headers.get('referrer-policy')).toBe('same-origin')
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})

/** Another first character. */
const flipped = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`

describe('a link', () => {
  const parts = (url: string) => {
    const parsed = new URL(url)
    return { path: parsed.pathname.replace('/ops', ''), query: parsed.searchParams }
  }
  const ask = (path: string, query: URLSearchParams) => appOf().request(`${path}?${query}`)

  it.each([
    ['its end', (query: URLSearchParams) => query.set('until', String(Number(query.get('until')) + 1))],
    ['its end twice', (query: URLSearchParams) => query.append('until', '9999999999')],
    ['its language', (query: URLSearchParams) => query.set('lang', 'zh-CN')],
    ['its signature', (query: URLSearchParams) => query.set('sig', flipped(query.get('sig') ?? ''))],
    ['an empty signature', (query: URLSearchParams) => query.set('sig', '')],
    [
      'a signature cut short',
      (query: URLSearchParams) => query.set('sig', query.get('sig')?.slice(0, 20) ?? ''),
    ],
  ])('with %s changed is refused, and nothing about the incident is told', async (_, change) => {
    for (const url of Object.values(pages())) {
      const { path, query } = parts(url)
      change(query)
      const reply = await ask(path, query)
      const html = await reply.text()
      expect(reply.status).toBe(403)
      expect(html).not.toContain('shop-front')
      expect(html).not.toContain(id)
    }
  })

  it('with any one character changed opens nothing and tells nothing', async () => {
    const url = local(pages().incident)
    const found: string[] = []
    for (let i = 1; i < url.length; i++) {
      const changed = `${url.slice(0, i)}${url[i] === 'x' ? 'y' : 'x'}${url.slice(i + 1)}`
      const reply = await appOf().request(changed)
      if (![401, 403, 404].includes(reply.status) || (await reply.text()).includes('shop-front'))
        found.push(`${reply.status} ${changed}`)
    }
    expect(found).toEqual([])
  })

  it('opens its page also if a chat program added a parameter', async () => {
    expect((await get(`${pages().incident}&from=singlemessage`)).status).toBe(200)
  })

  it('does not open another incident or press another button', async () => {
    const { incident: view, acknowledge, silence } = pages()
    const [a, b, c] = [parts(view), parts(acknowledge), parts(silence)]
    for (const [path, query] of [
      ['/incidents/in-0000000000000000', a.query],
      [b.path, a.query],
      [c.path, b.query],
      [a.path, c.query],
      [`${a.path}/`.replace(/\/$/, '%2f'), a.query],
    ] as const) {
      const reply = await ask(path, query)
      expect([path, reply.status]).toEqual([path, 403])
    }
  })

  it('without its end is refused as incomplete, in the language of the configuration', async () => {
    const reply = await appOf().request(`/incidents/${id}`)
    expect(reply.status).toBe(401)
    expect(await reply.text()).toContain('The link is not complete')
  })

  it('ends after seven days', async () => {
    const { incident: view, silence } = pages()
    shift = 7 * DAY_MS - 60_000
    expect((await get(view)).status).toBe(200)
    shift = 7 * DAY_MS + 60_000
    const late = await get(view)
    const pressed = await post(silence, { hours: '2' })
    shift = 0
    expect([late.status, pressed.status]).toEqual([410, 410])
    const html = await late.text()
    expect(html).toContain('expired')
    expect(html).not.toContain('shop-front')
    expect((await incident()).silenced).toBeNull()
  })

  it('of another key is refused', async () => {
    const links = createLinks({ publicUrl: PUBLIC_URL, linkKeys: [], apiTokens: [] })
    expect(links.pagesOf(id, 'en', Date.now())).toBeNull()
    const config = loadConfig({
      ...stage.env,
      CLB_DOCTOR_PUBLIC_URL: PUBLIC_URL,
      CLB_DOCTOR_LINK_KEY: 'another-key-of-16',
    })
    const foreign = createLinks(config).pagesOf(id, 'en', Date.now())
    expect((await get(foreign?.incident ?? '')).status).toBe(403)
  })

  it('is not needed by who shows the API token', async () => {
    const headers = { authorization: `Bearer ${API_TOKEN}` }
    const reply = await appOf().request(`/incidents/${id}`, { headers })
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('shop-front')])
    const wrong = await appOf().request(`/incidents/${id}`, { headers: { authorization: 'Bearer wrong' } })
    expect(wrong.status).toBe(401)
  })

  it('that is wrong is counted and slowed as wrong tokens are', async () => {
    const slept: number[] = []
    const sleep = vi.spyOn(clock, 'sleep').mockImplementation(async (ms) => void slept.push(ms))
    const app = appOf(true)
    for (let i = 0; i < 6; i++) await app.request(`/incidents/${id}?until=1&lang=en&sig=AAAA`)
    sleep.mockRestore()
    expect(slept).toEqual([250, 500, 1_000])
    expect(lines.some((line) => line.includes('wrong tokens were shown'))).toBe(true)
  })
})

describe('a button', () => {
  it('changes nothing when its page is opened, however often', async () => {
    const before = await context.store.read([{ collection: 'incidents', id }])
    for (const url of Object.values(pages()))
      for (const method of ['GET', 'HEAD', 'GET']) await appOf().request(local(url), { method })
    expect(await context.store.read([{ collection: 'incidents', id }])).toEqual(before)
  })

  it('has one form with one button', async () => {
    const html = await (await get(pages().silence)).text()
    expect(html.match(/<form/g)).toHaveLength(1)
    expect(html.match(/<button/g)).toHaveLength(1)
    expect(html).toContain('<option value="2" selected>2 hours</option>')
  })

  it('says who has it, once if it is pressed twice, and the page shows it', async () => {
    const { acknowledge, incident: view } = pages()
    const html = await (await get(acknowledge)).text()
    const action = /action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const target = new URL(action, acknowledge).href
    for (const _ of [1, 2]) {
      const reply = await post(target, { by: ' Li Wei\u202e\n ' })
      expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('Li Wei has it')])
    }
    const after = await incident()
    expect(after.acknowledged).toMatchObject({ by: 'Li Wei' })
    expect(after.timeline.filter(({ event }) => event === 'acknowledged')).toHaveLength(1)
    expect((after.acknowledged?.until ?? 0) - (after.acknowledged?.at ?? 0)).toBe(8 * 3_600_000)
    expect(await (await get(view)).text()).toContain('Li Wei has it; ends by itself at')
    const notice = await noticeOf(after, { id: 'no-1', news: ['worse'], language: 'en' }, context)
    if (!notice) throw new Error('no notice')
    expect(await renderAs('text', notice)).toContain('Li Wei has it')
  })

  it.each(['1', '4', '24'])('silences for the %s hours that were chosen', async (hours) => {
    const reply = await post(pages().silence, { hours, by: 'Li Wei' })
    expect(await reply.text()).toContain('Silenced by Li Wei')
    const after = await incident()
    const { silenced } = after
    const notice = await noticeOf(after, { id: 'no-1', news: ['worse'], language: 'en' }, context)
    if (!notice) throw new Error('no notice')
    expect(await renderAs('text', notice)).toContain('silenced until')
    expect((silenced?.until ?? 0) - (silenced?.at ?? 0)).toBe(Number(hours) * 3_600_000)
  })

  it.each(['', '0', '3', '25', '1e9', '-1', 'NaN'])('takes no other hours: %j', async (hours) => {
    const before = await incident()
    expect((await post(pages().silence, { hours })).status).toBe(400)
    expect(await incident()).toEqual(before)
  })

  it('shows on both pages who has it and until when it is silenced', async () => {
    await post(pages().acknowledge, { by: 'Li Wei' })
    await post(pages().silence, { hours: '24', by: 'Bob' })
    for (const url of [pages().acknowledge, pages().silence]) {
      const html = await (await get(url)).text()
      expect(html).toContain('Li Wei has it')
      expect(html).toMatch(/Silenced by Bob|Bob.{0,20}silenced|silenced.{0,20}Bob/i)
    }
  })

  it('a shorter silence needs a second press with a name', async () => {
    const { silence } = pages()
    await post(silence, { hours: '24', by: 'Bob' })
    const before = await incident()
    const first = await (await post(silence, { hours: '1', by: 'Li Wei' })).text()
    expect(first).toContain('1 hour from now would end it earlier, so nothing was changed')
    expect(first.match(/<form/g)).toHaveLength(1)
    expect(first).toContain('<input name="by" required')
    expect(await incident()).toEqual(before)
    const hidden = Object.fromEntries(
      [...first.matchAll(/type="hidden" name="(\w+)" value="(\w+)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    )
    expect(hidden).toEqual({ hours: '1', shorter: 'yes' })
    await post(silence, { ...hidden, by: ' ' })
    expect(await incident()).toEqual(before)
    expect(await (await post(silence, { ...hidden, by: 'Li Wei' })).text()).toContain('Silenced by Li Wei')
    const { silenced } = await incident()
    expect((silenced?.until ?? 0) - (silenced?.at ?? 0)).toBe(3_600_000)
  })

  it('who gives no name does not replace who gave one, until that has ended', async () => {
    await post(pages().acknowledge, { by: 'Li Wei' })
    const before = await incident()
    expect(await (await post(pages().acknowledge, { by: '' })).text()).toContain('Li Wei has it')
    expect(await incident()).toEqual(before)
    await post(pages().silence, { hours: '4', by: 'Bob' })
    await post(pages().silence, { hours: '24', by: '' })
    expect((await incident()).silenced?.by).toBe('Bob')
    shift += 25 * 3_600_000
    await post(pages().acknowledge, { by: '' })
    expect((await incident()).acknowledged?.by).toBe('somebody')
    await post(pages().silence, { hours: '1', by: '' })
    expect((await incident()).silenced?.by).toBe('somebody')
    shift = 0
  })

  it('names somebody if no name was given, and cuts a long one', async () => {
    await post(pages().acknowledge, { by: '王'.repeat(100) })
    expect((await incident()).acknowledged?.by).toBe('王'.repeat(40))
  })

  it('shows a name that is markup as text, everywhere', async () => {
    const hostile = `<script>alert(1)</script>"'><b>`
    const { acknowledge, incident: view } = pages()
    for (const html of [
      await (await post(acknowledge, { by: hostile })).text(),
      await (await get(view)).text(),
    ]) {
      expect(html).not.toMatch(/<script|<b>/)
      expect(html).toContain('&lt;script&gt;')
    }
  })

  it.each([
    [{ origin: 'https://evil.example.com' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'https://clb.example.com.evil.example' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'https://clb.example.com', 'sec-fetch-site': 'same-origin' }, 200],
    [{ origin: 'http://localhost', host: 'localhost' }, 200],
    [{}, 200],
  ])('pressed on a page of %j is answered with %i', async (headers, status) => {
    const before = await incident()
    const reply = await post(
      pages().acknowledge,
      { by: `p${Math.abs(status)}` },
      headers as Record<string, string>,
    )
    expect(reply.status).toBe(status)
    if (status === 403) expect(await incident()).toEqual(before)
  })

  it('without a signature does nothing', async () => {
    const before = await incident()
    for (const path of [`/incidents/${id}/acknowledge`, `/incidents/${id}/silence`])
      expect((await appOf().request(path, { method: 'POST', body: 'hours=2' })).status).toBe(401)
    expect(await incident()).toEqual(before)
  })

  it('goes through the incident that took another one over, and does nothing once it is over', async () => {
    const one = await incident()
    const put = (given: Incident) => ({
      collection: 'incidents',
      id: given.id,
      value: JSON.stringify(given),
      at: given.openedAt,
    })
    const merged: Incident = { ...one, id: 'in-merged', state: 'closed', closedAt: 1, mergedInto: id }
    const over: Incident = { ...one, id: 'in-over', state: 'recovered', acknowledged: null }
    await context.store.write({ put: [put(merged), put(over)] })
    await post(pages('en', 'in-merged').acknowledge, { by: 'through' })
    expect((await incident()).acknowledged?.by).toBe('through')
    const page = await (await get(pages('en', 'in-merged').incident)).text()
    expect(page).toContain(`href="${id}?until=`)
    const late = await post(pages('en', 'in-over').acknowledge, { by: 'late' })
    expect(await late.text()).toContain('has recovered')
    const [stored] = await context.store.read([{ collection: 'incidents', id: 'in-over' }])
    expect(JSON.parse(stored?.value ?? '')).toEqual(over)
    for (const url of Object.values(pages('en', 'in-gone'))) {
      const reply = await get(url)
      expect([reply.status, await reply.text()]).toEqual([404, expect.stringContaining('no longer kept')])
    }
  })
})
