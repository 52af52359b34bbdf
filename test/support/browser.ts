import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const INSTALL = 'run: apt-get install -y chromium fonts-noto-cjk'

/** Debian's chromium. Throws if it or a Chinese font is missing: pictures of empty boxes would prove nothing. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing; ${INSTALL}`)
  if (execFileSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).trim() === '')
    throw new Error(`no font has Chinese characters; ${INSTALL}`)
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}
