import { field, type Now, objectIn, type Reply, type StandIn, standIn, windowOf } from './stand-in.ts'

export const SLACK = { path: '/services/T00000000/B00000000/p1antedtoken5f2a' } as const

const LIMITS = { header: 150, section: 3_000, blocks: 50, all: 13_200 }

const word = (body: string, status = 400): Reply => ({
  status,
  body,
  headers: { 'content-type': 'text/html' },
})

/** A Slack incoming webhook: one message a second, limits of blocks, plain-text answers. */
export function startSlack(now: Now = Date.now): Promise<StandIn> {
  const second = windowOf(1, 1_000, now)
  return standIn(SLACK.path, ({ url, body }, show) => {
    if (url.pathname !== SLACK.path) return word('no_service', 404)
    if (!second()) return { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' }
    const message = objectIn(body)
    if (!message) return word('invalid_payload')
    const { text, blocks } = message
    if (typeof text !== 'string' || text === '') return word('no_text')
    if (!Array.isArray(blocks) || blocks.length > LIMITS.blocks) return word('invalid_blocks')
    if (JSON.stringify(blocks).length > LIMITS.all) return word('msg_blocks_too_long')
    const texts = blocks.map(textOf)
    if (texts.some((one) => one === null)) return word('invalid_blocks')
    const whole = texts.join('\n')
    show({
      text: `${unescaped(text)}\n${unescaped(whole)}`,
      mentions: [...whole.matchAll(/<[@!]([^>|]+)>/g)].map((match) => match[1] ?? ''),
    })
    return word('ok', 200)
  })
}

/** Null: Slack refuses the block. */
function textOf(block: unknown): string | null {
  const inner = field(block, 'text')
  const text = field(inner, 'text')
  if (typeof text !== 'string' || text === '') return null
  if (field(block, 'type') === 'header')
    return field(inner, 'type') === 'plain_text' && text.length <= LIMITS.header ? text : null
  if (field(block, 'type') !== 'section' || field(inner, 'type') !== 'mrkdwn') return null
  // Anything else in angle brackets, and an ampersand that is no entity, is a mistake of the sender.
  const isEscaped = !/&(?!amp;|lt;|gt;)/.test(text) && !/<(?![@!]|https?:)/.test(text)
  return text.length <= LIMITS.section && isEscaped ? text : null
}

/** Links as the stand-ins of other chats show them. */
const unescaped = (text: string): string =>
  text
    .replace(/<(https?:[^>|]+)\|([^>]*)>/g, '[$2]($1)')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
