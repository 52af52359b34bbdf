import type { CallOptions, CloudSession } from '../cloud/index.ts'
import { ipFamily } from '../model/ip.ts'
import type { HealthFlip } from '../model/snapshot.ts'
import type { Span } from './audit.ts'
import { address, text } from './fields.ts'
import { after } from './known.ts'
import { integerIn, objectIn, textIn } from './log-record.ts'

const ACTION = 'cls:SearchLog'
const PAGE = 1000
const MOST_PAGES = 3

/**
 * Changes of health of the targets of these VIPs, the newest first, from at most 3000 lines of the topic. Other CLBs
 * may share the topic. Lines that cannot be parsed are left out.
 */
export async function readHealthLog(
  cloud: CloudSession,
  {
    topicId,
    vips,
    span,
  }: { readonly topicId: string; readonly vips: readonly string[]; readonly span: Span },
  where: CallOptions,
): Promise<readonly HealthFlip[]> {
  const request = {
    TopicId: topicId,
    From: span.from,
    To: span.to,
    QueryString: '*',
    Sort: 'desc',
    Limit: PAGE,
  }
  const flips: HealthFlip[] = []
  let context: string | null = null
  let at = where
  for (let page = 0; page < MOST_PAGES; page++) {
    const asked: typeof request = context === null ? request : Object.assign({ Context: context }, request)
    const answer = await cloud.call(ACTION, asked, at)
    for (const { LogJson, Time } of answer.Results ?? []) {
      const line = objectIn(LogJson)
      const flip = line && flipOf(line, Time)
      const vip = line && addressIn(line.vip)
      if (flip && (vip === null || vips.includes(vip))) flips.push(flip)
    }
    context = text(answer.Context)
    at = after(at.wave, at.region)
    if (answer.ListOver !== false || context === null) break
  }
  return flips
}

const addressIn = (value: unknown): string | null => address(textIn(value))

/** The fields are documented. That every value is a string is only known from practice (platform facts G). */
function flipOf(line: Readonly<Record<string, unknown>>, time: unknown): HealthFlip | null {
  const at = integerIn(time) ?? beijingTime(line.time)
  const ip = addressIn(line.rsip)
  const port = integerIn(line.rsport)
  const healthy = HEALTHY[String(line.status).toLowerCase()]
  if (
    at === null ||
    Math.abs(at) > LATEST ||
    ip === null ||
    ipFamily(ip) === null ||
    port === null ||
    healthy === undefined
  )
    return null
  return {
    at: new Date(at).toISOString(),
    ip,
    port,
    listenerPort: integerIn(line.vport),
    domain: textIn(line.domain),
    url: textIn(line.url),
    healthy,
  }
}

/** The latest time that a Date can hold (ECMA-262, 21.4.1.1). */
const LATEST = 8.64e15

const HEALTHY: Readonly<Record<string, boolean | undefined>> = { true: true, false: false }

/** For example `2026-11-20 06:59:40`, without an offset. */
function beijingTime(value: unknown): number | null {
  const ms = Date.parse(`${String(value).trim().replace(' ', 'T')}+08:00`)
  return Number.isNaN(ms) ? null : ms
}
