import { createHmac } from 'node:crypto'
import { field, type Now, objectIn, type Reply, type StandIn, standIn, windowOf } from './stand-in.ts'

export const FEISHU = { hook: 'p1anted-hook-5f2a', secret: 'p1antedsecret77aa' } as const

const LIMIT = 20 * 1024
const HOUR_S = 3_600
const TEMPLATES = [
  'blue',
  'wathet',
  'turquoise',
  'green',
  'yellow',
  'orange',
  'red',
  'carmine',
  'violet',
  'purple',
  'indigo',
  'grey',
  'default',
]

const coded = (code: number, msg: string, status = 200): Reply => ({
  status,
  body: JSON.stringify({ code, msg, data: {} }),
})

/** A Feishu group bot that asks for signatures: 100 a minute and 5 a second, 20 KB, cards of version 1. */
export function startFeishu(now: Now = Date.now): Promise<StandIn> {
  const minute = windowOf(100, 60_000, now)
  const second = windowOf(5, 1_000, now)
  return standIn(`/open-apis/bot/v2/hook/${FEISHU.hook}`, ({ url, body }, show) => {
    if (url.pathname !== `/open-apis/bot/v2/hook/${FEISHU.hook}`)
      return coded(19001, 'param invalid: incoming webhook access token invalid')
    if (!second()) return coded(9499, 'too many request', 400)
    if (!minute()) return coded(11232, 'frequency limited psm')
    if (Buffer.byteLength(body) > LIMIT) return coded(19036, 'message content exceeds the limit')
    const message = objectIn(body)
    if (!message) return coded(9499, 'Bad Request', 400)
    const timestamp = message.timestamp
    const sign = createHmac('sha256', `${timestamp}\n${FEISHU.secret}`).digest('base64')
    const isNow = typeof timestamp === 'string' && Math.abs(now() / 1000 - Number(timestamp)) <= HOUR_S
    if (!isNow || message.sign !== sign)
      return coded(19021, 'sign match fail or timestamp is not within one hour from current time')
    const header = field(message.card, 'header')
    const title = field(header, 'title')
    const elements = field(message.card, 'elements')
    const isCard =
      message.msg_type === 'interactive' &&
      field(title, 'tag') === 'plain_text' &&
      TEMPLATES.includes(String(field(header, 'template'))) &&
      Array.isArray(elements)
    if (!isCard) return coded(9499, 'Bad Request', 400)
    const content = elements.map((element) => String(field(element, 'content'))).join('\n')
    show({
      text: `${String(field(title, 'content'))}\n${content.replace(/<\/?font[^>]*>/g, '')}`,
      mentions: [...content.matchAll(/<at (?:id|email)=([^>]+)>/g)].map((match) => match[1] ?? ''),
    })
    return coded(0, 'success')
  })
}
