import { mkdirSync, writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { openBrowser } from '../support/browser.ts'
import { galleryMessages, type Named, SHOWN } from '../support/gallery.ts'
import { renderMail } from '../support/renderings.ts'

// Mails as chromium shows them. With GALLERY_PICTURES=1, the pictures of docs/gallery/ are made, too.

const PHONE = { width: 375, height: 667 } as const
const DESKTOP = { width: 1280, height: 900 } as const
const MOST_PIXELS_BEFORE = { impact: 200, action: PHONE.height } as const
const LEAST_CONTRAST = 4.5
const LABELS = {
  'zh-CN': { impact: '业务影响', action: '处理建议' },
  en: { impact: 'Impact', action: 'What to do' },
} as const
const INCIDENTS = [
  'incident: forty CLBs, one cause',
  'incident: one more backend is down, and somebody has it',
] as const
const SCHEMES = ['light', 'dark'] as const
type Scheme = (typeof SCHEMES)[number]

let browser: Browser
const diagnoses = new Map<string, Named[1]>()
beforeAll(async () => {
  browser = await openBrowser()
  for (const [name, both] of await galleryMessages()) diagnoses.set(name, both)
}, 60_000)
afterAll(() => browser?.close())

async function onScreen<T>(
  html: string,
  colorScheme: Scheme,
  viewport: { readonly width: number; readonly height: number },
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1 })
  try {
    await page.setContent(html)
    return await use(page)
  } finally {
    await page.close()
  }
}

function mailOf(name: string, language: Language): string {
  const both = diagnoses.get(name)
  if (!both) throw new Error(`no diagnosis of ${name}`)
  return renderMail(both[language]).html
}

interface Measures {
  readonly impact: number | null
  readonly action: number | null
  readonly width: number
  readonly scrolling: number
  readonly cutCells: readonly string[]
  readonly pale: readonly string[]
}

// Runs in the page, so it is a text: it measures positions, widths and the contrast of every visible text.
const MEASURE = `(({ impact, action, least }) => {
  const top = (label) => {
    const found = [...document.querySelectorAll('strong')].find((one) => one.textContent.trim().startsWith(label))
    return found ? found.getBoundingClientRect().top + scrollY : null
  }
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { rgb: [r, g, b], a } }
  const over = (above, below) => above.rgb.map((part, i) => part * above.a + below[i] * (1 - above.a))
  const groundOf = (node) => {
    if (!node) return matchMedia('(prefers-color-scheme:dark)').matches ? [18, 18, 18] : [255, 255, 255]
    const own = parse(getComputedStyle(node).backgroundColor)
    return own.a === 1 ? own.rgb : over(own, groundOf(node.parentElement))
  }
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => { const x = part / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4 })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const pale = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement
    if (node.data.trim() === '' || own.getClientRects().length === 0) continue
    const ground = groundOf(own)
    const [dark, bright] = [light(over(parse(getComputedStyle(own).color), ground)), light(ground)].sort((a, b) => a - b)
    const contrast = (bright + 0.05) / (dark + 0.05)
    if (contrast < least) pale.push(contrast.toFixed(2) + ' ' + node.data.trim().slice(0, 40))
  }
  const cells = [...document.querySelectorAll('td, th')]
  return {
    impact: top(impact), action: top(action), width: document.documentElement.scrollWidth,
    scrolling: [...document.querySelectorAll('div')].filter((one) => getComputedStyle(one).overflowX === 'auto' && one.scrollWidth > one.clientWidth).length,
    cutCells: cells.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.textContent),
    pale,
  }
})`

describe.each(LANGUAGES)('a mail in %s on a phone', (language) => {
  it.each([...SHOWN, ...INCIDENTS])(
    'about %s shows impact, action and the breaking hop without scrolling sideways',
    async (name) => {
      for (const scheme of SCHEMES) {
        const asked = JSON.stringify({ ...LABELS[language], least: LEAST_CONTRAST })
        const found = await onScreen(mailOf(name, language), scheme, PHONE, (page) =>
          page.evaluate<Measures>(`${MEASURE}(${asked})`),
        )
        expect(found.impact ?? Number.POSITIVE_INFINITY, 'top of the impact').toBeLessThan(
          MOST_PIXELS_BEFORE.impact,
        )
        expect(found.action ?? Number.POSITIVE_INFINITY, 'top of the action').toBeLessThan(
          MOST_PIXELS_BEFORE.action,
        )
        expect(found.width, 'width of the page').toBeLessThanOrEqual(PHONE.width)
        const { scrolling, cutCells, pale } = found
        expect({ scrolling, cutCells, pale }).toEqual({ scrolling: 0, cutCells: [], pale: [] })
      }
    },
  )
})

const SHEET = ['sg-blocks-vip', 'all-backends-down'] as const
const MOST_PICTURE_BYTES = 150_000

it.runIf(process.env.GALLERY_PICTURES === '1').each(LANGUAGES)(
  'pictures in %s are made',
  async (language) => {
    const folder = new URL('../../docs/gallery/', import.meta.url)
    mkdirSync(new URL('all/', folder), { recursive: true })
    const shots: string[] = []
    for (const name of SHEET)
      for (const scheme of SCHEMES)
        for (const [screen, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
          const picture = await onScreen(mailOf(name, language), scheme, viewport, (page) =>
            page.screenshot(),
          )
          writeFileSync(new URL(`all/${name}.${screen}.${scheme}.${language}.png`, folder), picture)
          if (name === SHEET[0]) shots.push(picture.toString('base64'))
        }
    const images = shots.map(
      (data) => `<img height="600" style="margin:6px" src="data:image/png;base64,${data}">`,
    )
    const sheet = await onScreen(
      `<body style="background:#888">${images.join('')}`,
      'light',
      { width: 1260, height: 1260 },
      (page) => page.screenshot({ type: 'jpeg', quality: 36, fullPage: true }),
    )
    expect(sheet.length).toBeLessThanOrEqual(MOST_PICTURE_BYTES)
    writeFileSync(new URL(`${language}.jpg`, folder), sheet)
  },
  60_000,
)
