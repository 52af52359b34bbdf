import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { type Server, serve } from '../../src/http/serve.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { silentLog } from '../../src/model/log.ts'
import { isNotice } from '../../src/model/message.ts'
import { renderIncidentPage } from '../../src/render/index.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { type Stage, setStage } from '../e2e/support.ts'
import { openBrowser } from '../support/browser.ts'
import { galleryMessages } from '../support/gallery.ts'
import { freePort } from '../support/redis.ts'
import { TOKENS } from './support.ts'

// A person opens the pages on a phone: a real chromium against a real server. With PAGE_PICTURES=<folder> it keeps
// screenshots.

const PHONE = { width: 375, height: 667 } as const
const LEAST_THUMB = 40
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
}, 60_000)
afterAll(() => browser?.close())

const WORDS = {
  'zh-CN': { impact: '业务影响', noted: '已记下：张三接手', silenced: '已静默（张三）', has: '张三已接手' },
  en: { impact: 'Impact', noted: 'Noted: 张三 has it', silenced: 'Silenced by 张三', has: '张三 has it' },
} as const

describe.each(LANGUAGES)('the pages in %s on a phone', (language: Language) => {
  let stage: Stage
  let server: Server
  let context: ReturnType<typeof createContext>
  let url: string
  const failures: string[] = []
  let page: Page

  beforeAll(async () => {
    const scenario = findScenario('sg-blocks-vip')
    if (!scenario) throw new Error('no scenario')
    stage = await setStage(scenario, language)
    const port = await freePort()
    const env = { ...stage.env, ...TOKENS, CLB_DOCTOR_PUBLIC_URL: `http://127.0.0.1:${port}` }
    context = createContext(loadConfig(env), silentLog, { canWait: true })
    const { alarms } = parseAlarm(scenario.alarm())
    const done = await handleInPlace(alarms, context, { read: 10_000, total: 20_000 })
    url = context.pagesOf(done.handled[0]?.incidents[0]?.id ?? '', language)?.incident ?? ''
    server = await serve(context, { host: '127.0.0.1', port })
    page = await browser.newPage({ viewport: PHONE, deviceScaleFactor: 1, javaScriptEnabled: false })
    page.on('console', (message) => failures.push(message.text()))
    page.on('requestfailed', (request) => failures.push(request.url()))
  }, 60_000)
  afterAll(async () => {
    await page?.close()
    await server.stop()
    context.close()
    await stage.close()
  })

  async function shot(name: string): Promise<void> {
    const folder = process.env.PAGE_PICTURES
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: `${folder}/${name}.${language}.png`, fullPage: true })
  }

  async function expectUsable(): Promise<void> {
    const box = await page.locator('html').boundingBox()
    expect(box?.width).toBeLessThanOrEqual(PHONE.width)
    for (const one of await page.locator('a.action, button, input, select').all())
      expect((await one.boundingBox())?.height).toBeGreaterThanOrEqual(LEAST_THUMB)
  }

  it('show the impact without scrolling, and take "I have it" and a silence from a thumb', async () => {
    await page.goto(url)
    expect(
      (await page.locator('strong', { hasText: WORDS[language].impact }).first().boundingBox())?.y,
    ).toBeLessThan(PHONE.height)
    await expectUsable()
    await shot('incident')
    await page.locator('a.action').first().click()
    await expectUsable()
    await shot('acknowledge')
    await page.locator('input[name=by]').fill('张三')
    await page.locator('button').click()
    expect(await page.locator('body').innerText()).toContain(WORDS[language].noted)
    await shot('acknowledged')
    await page.locator('a.action').click()
    expect(await page.locator('body').innerText()).toContain(WORDS[language].has)
    await page.locator('a.action').nth(1).click()
    await shot('silence')
    await page.locator('select[name=hours]').selectOption('4')
    await page.locator('input[name=by]').fill('张三')
    await page.locator('button').click()
    expect(await page.locator('body').innerText()).toContain(WORDS[language].silenced)
    await page.locator('a.action').click()
    await expectUsable()
    await shot('handled')
    const { width } = await page.evaluate<{ width: number }>(
      '({ width: document.documentElement.scrollWidth })',
    )
    expect(width).toBeLessThanOrEqual(PHONE.width)
    expect(failures).toEqual([])
  })

  it('of a link that was cut say what to do', async () => {
    const reply = await page.goto(url.slice(0, -5))
    expect(reply?.status()).toBe(403)
    await expectUsable()
    await shot('refused')
  })
})

describe.each(LANGUAGES)('the page of an incident of many CLBs in %s on a phone', (language: Language) => {
  it('fits, and shows hostile names as text', async () => {
    const both = new Map(await galleryMessages()).get('incident: forty CLBs, one cause')
    const notice = both?.[language]
    if (!notice || !isNotice(notice)) throw new Error('no notice')
    const hostile = `<img src=x onerror=alert(1)>"'&${'x'.repeat(60)}`
    const members = notice.members.map((one, i) => (i === 0 ? { ...one, name: hostile } : one))
    const at = notice.createdAt
    const html = await renderIncidentPage({
      language,
      timeZone: null,
      createdAt: at,
      incident: {
        ...notice.incident,
        reopened: 2,
        timeline: [
          { at, event: 'opened', loadBalancer: hostile },
          { at, event: 'silenced', by: hostile, detail: at },
        ],
        deliveries: [{ receiver: hostile, reason: 'first', outcome: 'dropped', at, why: hostile }],
      },
      notice: { ...notice, members },
      acknowledged: { by: hostile, until: at },
      silenced: { by: hostile, until: at },
      actions: { acknowledge: 'in-1/acknowledge?a=1&b=2', silence: 'in-1/silence?a=1&b=2' },
      mergedInto: null,
    })
    const page = await browser.newPage({ viewport: PHONE, deviceScaleFactor: 1 })
    try {
      await page.setContent(html)
      const found = await page.evaluate<{ width: number; images: number }>(
        '({ width: document.documentElement.scrollWidth, images: document.querySelectorAll("img, script").length })',
      )
      expect(found).toEqual({ width: PHONE.width, images: 0 })
      expect(await page.locator('body').innerText()).toContain('onerror=alert(1)')
      const folder = process.env.PAGE_PICTURES
      if (folder) await page.screenshot({ path: `${folder}/many.${language}.png`, fullPage: true })
    } finally {
      await page.close()
    }
  })
})
