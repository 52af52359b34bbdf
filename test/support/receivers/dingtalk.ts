import { createHmac } from 'node:crypto'
import { field, type Now, objectIn, type Reply, type StandIn, standIn } from './stand-in.ts'

export const DINGTALK = { token: 'p1antedtoken5f2a', secret: 'SECp1antedsecret77aa' } as const

const PER_MINUTE = 20
const BLOCKED_MS = 10 * 60_000
const HOUR_MS = 3_600_000
const LIMIT = 20_000

const errcode = (code: number, errmsg: string): Reply => ({ body: JSON.stringify({ errcode: code, errmsg }) })

/** A DingTalk group bot that asks for signatures: 20 a minute, then blocked for 10 minutes; 20,000 bytes. */
export function startDingtalk(now: Now = Date.now): Promise<StandIn> {
  const arrivals: number[] = []
  let blockedUntil = 0

  function isLimited(): boolean {
    if (now() < blockedUntil) return true
    if (arrivals.filter((at) => now() - at < 60_000).length >= PER_MINUTE) {
      blockedUntil = now() + BLOCKED_MS
      return true
    }
    arrivals.push(now())
    return false
  }

  return standIn(`/robot/send?access_token=${DINGTALK.token}`, ({ url, body, headers }, show) => {
    const { searchParams: query } = url
    if (url.pathname !== '/robot/send' || query.get('access_token') !== DINGTALK.token)
      return errcode(300001, 'token is not exist')
    if (isLimited())
      return { body: JSON.stringify({ status: 1111, wait: 5, punish: 'deny', errcode: 130101 }) }
    const timestamp = query.get('timestamp') ?? ''
    const sign = createHmac('sha256', DINGTALK.secret)
      .update(`${timestamp}\n${DINGTALK.secret}`)
      .digest('base64')
    if (query.get('sign') !== sign || Math.abs(now() - Number(timestamp)) > HOUR_MS)
      return errcode(310000, 'sign not match')
    if (Buffer.byteLength(body) > LIMIT) return errcode(460101, 'message too long')
    if (!String(headers['content-type']).startsWith('application/json')) return errcode(43004, 'content-type')
    const message = objectIn(body)
    const markdown = message?.markdown
    const [title, text] = [field(markdown, 'title'), field(markdown, 'text')]
    if (message?.msgtype !== 'markdown' || typeof title !== 'string' || typeof text !== 'string')
      return errcode(400402, 'message is wrong')
    if (title === '' || text === '') return errcode(400602, 'title and text are required')
    const at = message.at
    const named = [field(at, 'atMobiles'), field(at, 'atUserIds')].flatMap((list) =>
      Array.isArray(list) ? list.map(String) : [],
    )
    const mentions = named.filter((person) => text.includes(`@${person}`))
    show({
      text: `${title}\n${text}`,
      mentions: [...mentions, ...(field(at, 'isAtAll') === true ? ['all'] : [])],
    })
    return errcode(0, 'ok')
  })
}
